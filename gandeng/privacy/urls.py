"""Addresses under /data-pribadi/."""

from django.urls import path

from gandeng.privacy import views

app_name = "privacy"
urlpatterns = [
    path("keluarga/<uuid:family_id>/", views.ask, name="ask"),
    path("laporan/<uuid:report_id>/", views.report, name="report"),
    path("laporan/<uuid:report_id>/unduh/", views.fetch, name="fetch"),
]

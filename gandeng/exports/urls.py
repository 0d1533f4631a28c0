"""Addresses under /unduhan/."""

from django.urls import path

from gandeng.exports import views

app_name = "exports"
urlpatterns = [
    path("", views.exports, name="exports"),
    path("minta/<slug:kind>/", views.ask, name="ask"),
    path("asal/", views.trace, name="trace"),
    path("<uuid:export_id>/", views.export, name="export"),
    path("<uuid:export_id>/putuskan/", views.decide, name="decide"),
    path("<uuid:export_id>/tarik/", views.withdraw, name="withdraw"),
    path("<uuid:export_id>/kata-sandi/", views.password, name="password"),
    path("<uuid:export_id>/unduh/", views.download, name="download"),
]

"""Addresses under /pengaduan/."""

from django.urls import path

from gandeng.helpdesk.views import desk

app_name = "helpdesk"
urlpatterns = [
    path("", desk.cases, name="cases"),
    path("baru/", desk.new, name="new"),
    path("<uuid:complaint_id>/", desk.case, name="case"),
    path("<uuid:complaint_id>/<str:move>/", desk.act, name="act"),
]

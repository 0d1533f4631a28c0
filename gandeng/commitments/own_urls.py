"""Addresses under /sekolah/, for whoever holds a facility's own link."""

from django.urls import path

from gandeng.commitments.views import own_sheet

app_name = "own_sheet"
urlpatterns = [
    path("terima-kasih/", own_sheet.thanks, name="thanks"),
    path("<str:code>/", own_sheet.confirm, name="confirm"),
]

"""Addresses under /keluarga/rapikan/."""

from django.urls import path

from gandeng.cleansing.views import lists, one

app_name = "cleansing"
urlpatterns = [
    path("", lists.found, name="found"),
    path("benar/", lists.checked, name="checked"),
    path("periksa/", lists.look, name="look"),
    path("<uuid:found_id>/", one.record, name="record"),
    path("benar/<uuid:checked_id>/", one.take_back, name="take_back"),
]

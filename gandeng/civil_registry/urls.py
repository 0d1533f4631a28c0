"""Addresses under /keluarga/dukcapil/."""

from django.urls import path

from gandeng.civil_registry import views

app_name = "civil_registry"
urlpatterns = [
    path("", views.matchings, name="matchings"),
    path("kirim/", views.take, name="take"),
    path("<uuid:matching_id>/", views.matching, name="matching"),
    path("keluarga/<uuid:family_id>/", views.of_family, name="of_family"),
]

"""Addresses under /komitmen/."""

from django.urls import path

from gandeng.commitments import views

app_name = "commitments"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("fasilitas/tambah/", views.facility_add, name="facility_add"),
    path("lembar/<uuid:facility_id>/<str:quarter_key>/", views.sheet, name="sheet"),
    path("rekomendasi/", views.recommendations, name="recommendations"),
    path("keputusan/", views.decisions, name="decisions"),
    path("keputusan/<uuid:commitment_decision_id>/", views.decision, name="decision"),
    path("keluarga/<uuid:family_id>/", views.family, name="family"),
    path("anggota/<uuid:member_id>/tempat/", views.place, name="place"),
]

"""Addresses under /keluarga/mirip/."""

from django.urls import path

from gandeng.duplicates.views import lists, pair

app_name = "duplicates"
urlpatterns = [
    path("", lists.pairs, name="pairs"),
    path("dinilai/", lists.judged, name="judged"),
    path("cari/", lists.look, name="look"),
    path("dinilai/<uuid:judgement_id>/", pair.judgement, name="judgement"),
    path("dinilai/<uuid:judgement_id>/buka-lagi/", pair.reopen, name="reopen"),
    path("<uuid:pair_id>/", pair.pair, name="pair"),
    path("keluarga/<uuid:family_id>/", pair.of_family, name="of_family"),
]

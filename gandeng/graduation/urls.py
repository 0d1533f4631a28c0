"""Addresses under /graduasi/."""

from django.urls import path

from gandeng.graduation.views import cases, lists

app_name = "graduation"
urlpatterns = [
    path("", lists.overview, name="overview"),
    path("calon/", lists.candidates, name="candidates"),
    path("proses/", lists.cases, name="cases"),
    path("keputusan/", lists.decisions, name="decisions"),
    path("tindak-lanjut/", lists.follow_ups, name="follow_ups"),
    path("andaikan/", lists.what_if, name="what_if"),
    path("andaikan/unduh/", lists.export_what_if, name="export_what_if"),
    path("keluarga/<uuid:family_id>/", cases.family, name="family"),
    path("keluarga/<uuid:family_id>/buka/", cases.open_case, name="open"),
    path("<uuid:graduation_case_id>/", cases.case, name="case"),
    path("<uuid:graduation_case_id>/langkah/<str:graduation_step>/", cases.step, name="step"),
    path("<uuid:graduation_case_id>/pernyataan/<uuid:graduation_paper_id>/", cases.paper, name="paper"),
    path("<uuid:graduation_case_id>/surat/", cases.letter, name="letter"),
]

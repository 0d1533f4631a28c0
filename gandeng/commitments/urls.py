"""Addresses under /komitmen/."""

from django.urls import path

from gandeng.commitments.views import decisions, education, own, own_codes, papers, sheets, unplaced, verdicts

app_name = "commitments"
urlpatterns = [
    path("", sheets.overview, name="overview"),
    path("belum-terdaftar/", unplaced.unplaced, name="unplaced"),
    path("fasilitas/tambah/", sheets.facility_add, name="facility_add"),
    path("lembar/<uuid:facility_id>/<str:quarter_key>/", sheets.sheet, name="sheet"),
    path("lembar/<uuid:facility_id>/<str:quarter_key>/cetak/", papers.print_one, name="print_one"),
    path("cetak/", papers.print_many, name="print_many"),
    path("cari/", papers.find, name="find"),
    path("pendidikan/unduh/", education.take_away, name="education_out"),
    path("pendidikan/unggah/", education.take_in, name="education_in"),
    path("pendidikan/<uuid:education_list_id>/", education.look, name="education_list"),
    path("lembar/<uuid:facility_id>/<str:quarter_key>/tautan/", own.link, name="own_link"),
    path("tautan/<uuid:own_link_id>/akhiri/", own.end, name="own_link_end"),
    path("tautan/", own_codes.links, name="own_links"),
    path("tautan/<uuid:own_link_id>/kode/", own_codes.draw, name="own_code_draw"),
    path("tautan/<uuid:own_link_id>/kode/cabut/", own_codes.withdraw, name="own_code_withdraw"),
    path("beda/", own.differences, name="differences"),
    path("penilaian/", verdicts.verdicts, name="verdicts"),
    path("penilaian/<uuid:verdict_id>/", verdicts.verdict, name="verdict"),
    path("rekomendasi/", decisions.recommendations, name="recommendations"),
    path("keputusan/", decisions.decisions, name="decisions"),
    path("keputusan/<uuid:commitment_decision_id>/", decisions.decision, name="decision"),
    path("keluarga/<uuid:family_id>/", decisions.family, name="family"),
    path("anggota/<uuid:member_id>/tempat/", sheets.place, name="place"),
]

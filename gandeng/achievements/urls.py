"""Addresses under /prestasi/."""

from django.urls import path

from gandeng.achievements.views import consents, records, yearbook

app_name = "achievements"
urlpatterns = [
    path("", records.achievements, name="achievements"),
    path("keluarga/<uuid:family_id>/", records.of_family, name="of_family"),
    path("keluarga/<uuid:family_id>/<slug:of>/", records.enter, name="enter"),
    path("buku/", yearbook.book, name="book"),
    path("buku/buat/", yearbook.make, name="make"),
    path("buku/edisi/<uuid:edition_id>/", yearbook.edition, name="edition"),
    path("buku/edisi/<uuid:edition_id>/unduh/<slug:form>/", yearbook.fetch, name="fetch"),
    path("<uuid:achievement_id>/", records.achievement, name="achievement"),
    path("<uuid:achievement_id>/ubah/", records.change, name="change"),
    path("<uuid:achievement_id>/tambah/<slug:of>/", records.add_paper, name="add_paper"),
    path("<uuid:achievement_id>/berkas/<uuid:achievement_paper_id>/", records.paper, name="paper"),
    path("<uuid:achievement_id>/berkas/<uuid:achievement_paper_id>/hapus/", records.remove_paper, name="remove_paper"),
    path("<uuid:achievement_id>/ajukan/", records.submit, name="submit"),
    path("<uuid:achievement_id>/konfirmasi/", records.confirm, name="confirm"),
    path("<uuid:achievement_id>/kembalikan/", records.give_back, name="give_back"),
    path("<uuid:achievement_id>/tarik/", records.withdraw, name="withdraw"),
    path("<uuid:achievement_id>/persetujuan/", consents.give, name="give_consent"),
    path("<uuid:achievement_id>/persetujuan/cabut/", consents.withdraw, name="withdraw_consent"),
    path("<uuid:achievement_id>/persetujuan/<uuid:consent_id>/", consents.paper, name="consent_paper"),
]

"""Addresses under /keluarga/."""

from django.urls import path

from gandeng.registry.views import changes, cooling, families, lists, recodings, stopped

app_name = "registry"
urlpatterns = [
    path("", families.families, name="families"),
    path("cari/", families.search, name="search"),
    path("unduh/", families.export, name="export"),
    path("masa-tunggu/", cooling.waiting, name="cooling"),
    path("dihentikan/", stopped.stopped_families, name="stopped"),
    path("dihentikan/belum/", stopped.untell, name="untell"),
    path("perubahan/", changes.changes, name="changes"),
    path("perubahan/<uuid:change_id>/", changes.change, name="change"),
    path("perubahan/<uuid:change_id>/putuskan/", changes.decide, name="decide"),
    path("perubahan/<uuid:change_id>/tarik/", changes.withdraw, name="withdraw_change"),
    path("perubahan/<uuid:change_id>/bukti/", changes.evidence, name="evidence"),
    path("daftar/", lists.intakes, name="intakes"),
    path("daftar/baru/", lists.take, name="take"),
    path("daftar/<uuid:intake_id>/", lists.intake, name="intake"),
    path("daftar/<uuid:intake_id>/terapkan/", lists.apply, name="apply"),
    path("daftar/<uuid:intake_id>/tarik/", lists.withdraw, name="withdraw_list"),
    path("daftar/<uuid:intake_id>/batalkan/", lists.undo, name="undo"),
    path("daftar/kode/", recodings.recodings, name="recodings"),
    path("daftar/kode/baru/", recodings.propose, name="recode"),
    path("daftar/kode/<uuid:recoding_id>/", recodings.recoding, name="recoding"),
    path("daftar/kode/<uuid:recoding_id>/terapkan/", recodings.apply, name="apply_recoding"),
    path("daftar/kode/<uuid:recoding_id>/tarik/", recodings.withdraw, name="withdraw_recoding"),
    path("daftar/kode/<uuid:recoding_id>/batalkan/", recodings.undo, name="undo_recoding"),
    path("<uuid:family_id>/", families.family, name="family"),
    path("<uuid:family_id>/lihat/", families.reveal, name="reveal"),
    path("<uuid:family_id>/ubah/<str:kind>/", changes.ask, name="ask"),
]

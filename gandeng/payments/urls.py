"""Addresses under /pembayaran/."""

from django.urls import path, re_path

from gandeng.payments.views import approving, cycles, effect, instructions, lists, money, orders

app_name = "payments"
urlpatterns = [
    path("", cycles.cycles, name="cycles"),
    path("buka/", cycles.open_cycle, name="open"),
    path("<uuid:cycle_id>/", cycles.cycle, name="cycle"),
    path("<uuid:cycle_id>/langkah/", cycles.step, name="step"),
    path("<uuid:cycle_id>/ajukan/", approving.submit, name="submit"),
    path("<uuid:cycle_id>/setujui/", approving.approve, name="approve"),
    path("<uuid:cycle_id>/ditahan/", money.held, name="held"),
    path("<uuid:cycle_id>/jurnal/", money.journal, name="journal"),
    path("<uuid:cycle_id>/persetujuan.csv", money.approvals, name="approvals"),
    path("<uuid:cycle_id>/perintah/", instructions.instructions, name="instructions"),
    path("<uuid:cycle_id>/perintah/buat/", instructions.instruct, name="instruct"),
    path("<uuid:cycle_id>/tutup/", cycles.close, name="close"),
    path("perubahan/<uuid:change_id>/", effect.effect, name="effect"),
    path("daftar/<uuid:list_id>/", lists.payment_list, name="list"),
    path("daftar/<uuid:list_id>/setujui/", lists.approve, name="approve_list"),
    path("daftar/<uuid:list_id>/kembalikan/", lists.refuse, name="refuse_list"),
    re_path(r"^daftar/(?P<list_id>[0-9a-f-]{36})/daftar\.(?P<form>csv|xlsx)$", lists.export, name="export"),
    path("bayar/<str:payment_id>/", money.payment, name="payment"),
    path("perintah/", orders.orders, name="orders"),
    path("perintah/<uuid:instruction_id>/periksa/", orders.confirm, name="confirm"),
    path("perintah/<uuid:instruction_id>/unduh/", instructions.download, name="download"),
    path("perintah/<uuid:instruction_id>/tanda-tangan/", instructions.signature, name="signature"),
    path("perintah/<uuid:instruction_id>/sandi/", instructions.password, name="password"),
    path("perintah/<uuid:instruction_id>/kemas-ulang/", instructions.repack, name="repack"),
]

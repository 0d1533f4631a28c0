"""Addresses under /rekonsiliasi/."""

from django.urls import path

from gandeng.reconciliation.views import cycles, exceptions, files, late, outcomes, reissues, statements, treasury

app_name = "reconciliation"
urlpatterns = [
    path("", cycles.cycles, name="cycles"),
    path("<uuid:cycle_id>/", cycles.cycle, name="cycle"),
    path("<uuid:cycle_id>/kirim/", files.upload, name="upload"),
    path("<uuid:cycle_id>/hasil/", outcomes.outcomes, name="outcomes"),
    path("<uuid:cycle_id>/baris/", outcomes.rows, name="rows"),
    path("<uuid:cycle_id>/pengecualian/", exceptions.exceptions, name="exceptions"),
    path("<uuid:cycle_id>/pengecualian/unduh/", exceptions.export, name="exceptions_export"),
    path("<uuid:cycle_id>/bayar-ulang/", reissues.reissues, name="reissues"),
    path("<uuid:cycle_id>/bayar-ulang/daftar/", reissues.make, name="reissues_make"),
    path("<uuid:cycle_id>/bayar-ulang/bawa/", reissues.carry, name="reissues_carry"),
    path("<uuid:cycle_id>/bayar-ulang/<int:number>/perintah/", reissues.instruct, name="reissues_instruct"),
    path("<uuid:cycle_id>/sesudah-penutupan/", late.late, name="late"),
    path("<uuid:cycle_id>/kas-negara/", treasury.treasury, name="treasury"),
    path("<uuid:cycle_id>/kas-negara/catat/", treasury.tell, name="deposit_tell"),
    path("kas-negara/<uuid:deposit_id>/", treasury.deposit, name="deposit"),
    path("kas-negara/<uuid:deposit_id>/<slug:step>/", treasury.act, name="deposit_act"),
    path("<uuid:cycle_id>/pernyataan/", statements.statements, name="statements"),
    path("<uuid:cycle_id>/pernyataan/siapkan/", statements.make, name="statement_make"),
    path("berkas/<uuid:file_id>/", files.file, name="file"),
    path("berkas/<uuid:file_id>/tarik/", files.withdraw, name="withdraw"),
    path("pengecualian/<uuid:case_id>/", exceptions.exception, name="exception"),
    path("pengecualian/<uuid:case_id>/<slug:act>/", exceptions.act, name="exception_act"),
    path("bayar-ulang/<uuid:request_id>/", exceptions.reissue, name="reissue"),
    path("pernyataan/<uuid:statement_id>/", statements.statement, name="statement"),
    path("pernyataan/<uuid:statement_id>/tanda-tangan/", statements.sign, name="sign"),
    path("pernyataan/<uuid:statement_id>/berita-acara/", statements.minutes, name="minutes"),
]

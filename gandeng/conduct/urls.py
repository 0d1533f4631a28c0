"""Addresses under /kode-etik/."""

from django.urls import path

from gandeng.conduct.views import cases, clarifications, code

app_name = "conduct"
urlpatterns = [
    path("", code.code, name="code"),
    path("versi/baru/", code.enter, name="enter"),
    path("versi/<uuid:code_id>/", code.version, name="version"),
    path("versi/<uuid:code_id>/tarik/", code.withdraw, name="withdraw"),
    path("saya/", code.own, name="own"),
    path("tanda-tangan/<uuid:signature_id>/pdf/", code.statement, name="statement"),
    path("cakupan/", code.coverage, name="coverage"),
    path("cakupan/unduh/", code.export, name="export"),
    path("klarifikasi/", clarifications.clarifications, name="clarifications"),
    path("klarifikasi/baru/", clarifications.publish, name="publish"),
    path("klarifikasi/<uuid:clarification_id>/", clarifications.clarification, name="clarification"),
    path("klarifikasi/<uuid:clarification_id>/baca/", clarifications.acknowledge, name="acknowledge"),
    path("klarifikasi/<uuid:clarification_id>/akhiri/", clarifications.end, name="end"),
    path("perkara/", cases.cases, name="cases"),
    path("perkara/laporkan/", cases.choose, name="choose"),
    path("perkara/laporkan/<uuid:staff_id>/", cases.report, name="report"),
    path("perkara/<uuid:ethics_case_id>/", cases.case, name="case"),
    path("perkara/<uuid:ethics_case_id>/tangani/", cases.take, name="take"),
    path("perkara/<uuid:ethics_case_id>/pelapor/", cases.reveal, name="reveal"),
    path("perkara/<uuid:ethics_case_id>/berkas/<uuid:paper_id>/", cases.file, name="file"),
    path("perkara/<uuid:ethics_case_id>/<slug:deed>/", cases.deed, name="deed"),
    path("pemberhentian/", cases.dismissals, name="dismissals"),
]

"""Addresses under /pengaduan/."""

from django.urls import path

from gandeng.helpdesk.views import desk, figures, letters, origins, queue

app_name = "helpdesk"
urlpatterns = [
    path("", queue.cases, name="cases"),
    path("baru/", desk.new, name="new"),
    path("angka/", figures.overview, name="figures"),
    path("angka/unduh/", figures.export, name="figures_export"),
    path("unduh/", queue.export, name="queue_export"),
    path("dari-masalah/<uuid:problem_id>/", origins.of_problem, name="of_problem"),
    path("dari-pengecualian/<uuid:case_id>/", origins.of_exception, name="of_exception"),
    path("dari-kunjungan/<uuid:visit_id>/", origins.of_visit, name="of_visit"),
    path("keluarga/<uuid:family_id>/", letters.family, name="family"),
    path("keluarga/<uuid:family_id>/surat/", letters.print_letter, name="letter_print"),
    path("keluarga/<uuid:family_id>/batalkan/", letters.void_letter, name="letter_void"),
    path("keluarga/<uuid:family_id>/kode/", letters.make_code, name="code_make"),
    path("<uuid:complaint_id>/", desk.case, name="case"),
    path("<uuid:complaint_id>/<str:move>/", desk.act, name="act"),
]

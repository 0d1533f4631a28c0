"""Addresses under /pendamping/."""

from django.urls import path

from gandeng.facilitators.views import equipment, head_count, importing, list_out, own, staff, staff_acts

app_name = "facilitators"
urlpatterns = [
    path("", staff.staff_list, name="staff"),
    path("baru/", staff_acts.take_on, name="take_on"),
    path("jumlah/", head_count.head_count, name="head_count"),
    path("jumlah/unduh/", head_count.export, name="head_count_export"),
    path("saya/", own.own, name="own"),
    path("perlengkapan/", equipment.equipment, name="equipment"),
    path("perlengkapan/<uuid:thing_id>/", equipment.receipt, name="receipt"),
    path("perlengkapan/<uuid:thing_id>/terima/", equipment.acknowledge, name="acknowledge"),
    path("perlengkapan/<uuid:thing_id>/kembali/", equipment.take_in, name="take_in"),
    path("tugas/<uuid:post_id>/akhiri/", staff_acts.end_post, name="end_post"),
    path("tugas/<uuid:post_id>/batal/", staff_acts.take_back_post, name="take_back_post"),
    path("kerja/<uuid:employment_id>/batal/", staff_acts.take_back_terms, name="take_back_terms"),
    path("cuti/<uuid:leave_id>/kembali/", staff_acts.come_back, name="come_back"),
    path("cuti/<uuid:leave_id>/batal/", staff_acts.take_back_leave, name="take_back_leave"),
    path("impor/", importing.imports_list, name="imports"),
    path("impor/baru/", importing.take, name="take_import"),
    path("impor/contoh-pendamping/", importing.template, {"kind": "STAFF"}, name="staff_template"),
    path("impor/contoh-dampingan/", importing.template, {"kind": "CASELOAD"}, name="caseload_template"),
    path("impor/<uuid:import_id>/", importing.one, name="import"),
    path("impor/<uuid:import_id>/terapkan/", importing.apply, name="apply_import"),
    path("impor/<uuid:import_id>/tarik/", importing.withdraw, name="withdraw_import"),
    path("impor/<uuid:import_id>/batalkan/", importing.undo, name="undo_import"),
    path("unduh/", list_out.export, name="export"),
    path("<uuid:staff_id>/", staff.person, name="person"),
    path("<uuid:staff_id>/kerja/", staff_acts.employ, name="employ"),
    path("<uuid:staff_id>/tugas/", staff_acts.give_post, name="give_post"),
    path("<uuid:staff_id>/tempat-tinggal/", staff_acts.set_home, name="set_home"),
    path("<uuid:staff_id>/identitas/", staff_acts.set_identity, name="set_identity"),
    path("<uuid:staff_id>/cuti/", staff_acts.go_on_leave, name="leave"),
    path("<uuid:staff_id>/perlengkapan/", equipment.issue, name="issue"),
    path("<uuid:staff_id>/mutasi/", staff_acts.transfer, name="transfer"),
    path("<uuid:staff_id>/berhenti/", staff_acts.end_service, name="end_service"),
    path("<uuid:staff_id>/berhenti/batal/", staff_acts.undo_end, name="undo_end"),
]

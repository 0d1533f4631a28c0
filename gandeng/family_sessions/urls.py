"""Addresses under /p2k2/."""

from django.urls import path

from gandeng.family_sessions.views import groups, meetings, offices

app_name = "family_sessions"
urlpatterns = [
    path("", groups.mine, name="mine"),
    path("kelompok/baru/", groups.make, name="make"),
    path("kelompok/<uuid:group_id>/", groups.group, name="group"),
    path("kelompok/<uuid:group_id>/anggota/", groups.add, name="add"),
    path("kelompok/<uuid:group_id>/anggota/<uuid:family_id>/keluar/", groups.take_out, name="take_out"),
    path("kelompok/<uuid:group_id>/rencana/", groups.plan, name="plan"),
    path("kelompok/<uuid:group_id>/presensi/", groups.sheet, name="sheet"),
    path("kelompok/<uuid:group_id>/catat/", meetings.tell, name="tell"),
    path("pertemuan/", offices.meetings, name="meetings"),
    path("pertemuan/<uuid:meeting_id>/", meetings.meeting, name="meeting"),
    path("pertemuan/<uuid:meeting_id>/ralat/", meetings.amend, name="amend"),
    path("pertemuan/<uuid:meeting_id>/foto/<uuid:picture_id>/", meetings.picture, name="picture"),
    path("tidak-hadir/", meetings.absent, name="absent"),
    path("tidak-hadir/<uuid:absence_id>/", meetings.ask, name="ask"),
    path("cakupan/", offices.coverage, name="coverage"),
    path("cakupan/unduh/", offices.export, name="export"),
    path("keluarga/<uuid:family_id>/", offices.of_family, name="of_family"),
]

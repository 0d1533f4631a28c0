"""Addresses under /kinerja/."""

from django.urls import path

from gandeng.performance.views import acts, compare, people, reports, reviews, targets

app_name = "performance"
urlpatterns = [
    path("", people.people, name="people"),
    path("unduh/", people.export, name="export"),
    path("saya/", people.own, name="own"),
    path("saya/sebanding/", compare.own_compare, name="own_compare"),
    path("sdm/<uuid:staff_id>/", people.person, name="person"),
    path("catatan/", acts.listed, name="acts"),
    path("sebanding/", compare.compare, name="compare"),
    path("target/", targets.targets, name="targets"),
    path("target/tetapkan/", targets.set_target, name="set_target"),
    path("target/batas-laporan/", targets.set_day, name="set_day"),
    path("laporan/", reports.reports, name="reports"),
    path("laporan/<uuid:monthly_id>/", reports.report, name="report"),
    path("laporan/<uuid:monthly_id>/tulis/", reports.write, name="write"),
    path("laporan/<uuid:monthly_id>/foto/", reports.add_photo, name="add_photo"),
    path("laporan/<uuid:monthly_id>/foto/<uuid:photo_id>/", reports.photo, name="photo"),
    path("laporan/<uuid:monthly_id>/foto/<uuid:photo_id>/keluarkan/", reports.remove_photo, name="remove_photo"),
    path("laporan/<uuid:monthly_id>/serahkan/", reports.hand_in, name="hand_in"),
    path("laporan/<uuid:monthly_id>/unduh/<slug:paper_format>/", reports.download, name="download"),
    path("laporan/<uuid:monthly_id>/tinjau/", reviews.decide, name="decide"),
    path("tinjauan/", reviews.reviews, name="reviews"),
]

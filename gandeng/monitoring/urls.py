"""Addresses under /pemantauan/."""

from django.urls import path

from gandeng.monitoring.views import asking, drawing, seen

app_name = "monitoring"
urlpatterns = [
    path("", seen.overview, name="overview"),
    path("tahap/<uuid:cycle_id>/<str:drawn_district>/", seen.stage, name="stage"),
    path("tahap/<uuid:cycle_id>/<str:drawn_district>/unduh/", seen.export_stage, name="export_stage"),
    path("tahap/<uuid:cycle_id>/<str:drawn_district>/undi/", drawing.draw, name="draw"),
    path("keluarga/", seen.rows, name="rows"),
    path("keluarga/<uuid:family_id>/", seen.family, name="family"),
    path("undian/<uuid:draw_id>/", drawing.drawing, name="drawing"),
    path("bagian/<uuid:stratum_id>/unduh/", drawing.frame, name="frame"),
    path("bagian/<uuid:stratum_id>/serahkan/", drawing.hand, name="hand"),
    path("tanya/", asking.tasks, name="tasks"),
    path("tanya/<uuid:drawn_id>/", asking.ask, name="ask"),
    path("jawaban/<uuid:drawn_id>/", asking.answered, name="answered"),
    path("jawaban/<uuid:drawn_id>/kasus/", asking.open_complaint, name="open"),
]

"""Addresses under /hadir/: short, for they stand on a wall."""

from django.urls import path

from gandeng.training.views import attend

app_name = "attend"
urlpatterns = [
    path("", attend.typed, name="type"),
    path("saya/<uuid:event_id>/", attend.mine, name="mine"),
    path("<slug:code>/<slug:token>/", attend.scan, name="scan"),
]

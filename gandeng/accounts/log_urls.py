"""Addresses under /jejak/."""

from django.urls import path

from gandeng.accounts import log_views

app_name = "audit"
urlpatterns = [
    path("", log_views.entries, name="entries"),
    path("segel/", log_views.heads, name="heads"),
    path("segel/teks/", log_views.anchors, name="anchors"),
]

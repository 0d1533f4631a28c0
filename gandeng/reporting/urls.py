"""Addresses under /ringkasan/."""

from django.urls import path

from gandeng.reporting import views

app_name = "reporting"
urlpatterns = [
    path("", views.summary, name="summary"),
    path("unduh/", views.export, name="export"),
]

"""Addresses under /pekerjaan/."""

from django.urls import path

from gandeng.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.jobs, name="jobs"),
    path("<uuid:job_id>/", views.job, name="job"),
    path("<uuid:job_id>/henti/", views.stop, name="stop"),
]

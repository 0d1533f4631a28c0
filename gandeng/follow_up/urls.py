"""Addresses under /tindak-lanjut/."""

from django.urls import path

from gandeng.follow_up import views

app_name = "follow_up"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("belum-ditarik/", views.undrawn, name="undrawn"),
    path("kabar/", views.reports, name="reports"),
    path("pendamping/", views.people, name="people"),
    path("sebab/", views.causes, name="causes"),
    path("sebab/unduh/", views.export_causes, name="export_causes"),
    path("catat/<str:owed_payment_id>/", views.tell, name="tell"),
]

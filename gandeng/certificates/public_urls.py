"""Addresses under /periksa/sertifikat/, for whoever holds a certificate: `certificate:verify`."""

from django.urls import path

from gandeng.certificates.views import verify

app_name = "certificate"
urlpatterns = [
    path("", verify.form, name="form"),
    path("<str:code>/", verify.verify, name="verify"),
]

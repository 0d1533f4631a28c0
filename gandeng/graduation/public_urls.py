"""Addresses under /periksa/surat/, for whoever holds a farewell letter: `farewell:verify`."""

from django.urls import path

from gandeng.graduation.views import verify

app_name = "farewell"
urlpatterns = [
    path("", verify.form, name="form"),
    path("<str:code>/", verify.verify, name="verify"),
]

"""Addresses under /periksa/, for whoever holds a paper. A namespace of its own: `verification:verify`."""

from django.urls import path

from gandeng.reconciliation.views import verify

app_name = "verification"
urlpatterns = [
    path("", verify.form, name="form"),
    path("<str:code>/", verify.verify, name="verify"),
]

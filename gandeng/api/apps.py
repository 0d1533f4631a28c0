"""The app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Lists to fetch, files to send, receipts, differences, for programs."""

    name = "gandeng.api"
    label = "api"

"""The app."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Indicators with one definition each, and the page of whoever heads an office."""

    name = "gandeng.reporting"
    label = "reporting"

"""The Django app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Templates, static files and filters; no models."""

    name = "gandeng.web"
    label = "web"

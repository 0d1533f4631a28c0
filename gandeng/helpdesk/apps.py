"""The app."""

from django.apps import AppConfig


class HelpdeskConfig(AppConfig):
    """Complaints and questions."""

    name = "gandeng.helpdesk"
    label = "helpdesk"

"""The app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Log of acts, sealed identifiers."""

    name = "gandeng.audit"
    label = "audit"

"""The app."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Register of processing, reports to families, retention."""

    name = "gandeng.privacy"
    label = "privacy"

    def ready(self) -> None:
        """Name the part of the family's page, and what must not be set."""
        from gandeng.privacy import checks  # noqa: F401 (registers itself)
        from gandeng.privacy.sections import report  # models are ready only now
        from gandeng.registry.sections import register_section

        register_section(90, report)

"""The app."""

from django.apps import AppConfig


class HelpdeskConfig(AppConfig):
    """Complaints and questions."""

    name = "gandeng.helpdesk"
    label = "helpdesk"

    def ready(self) -> None:
        """Name the part of a family's page."""
        from gandeng.helpdesk import sections
        from gandeng.registry.sections import register_section

        register_section(75, sections.letter)

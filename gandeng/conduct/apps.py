"""The app."""

from django.apps import AppConfig


class ConductConfig(AppConfig):
    """Code of ethics, ethics cases, clarifications."""

    name = "gandeng.conduct"
    label = "conduct"

    def ready(self) -> None:
        """Name the part of the page about somebody."""
        from gandeng.conduct import sections
        from gandeng.facilitators.staff_sections import register_staff_section

        register_staff_section(10, sections.dismissed)

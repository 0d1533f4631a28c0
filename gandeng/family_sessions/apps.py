"""The app."""

from django.apps import AppConfig


class FamilySessionsConfig(AppConfig):
    """Family development sessions."""

    name = "gandeng.family_sessions"
    label = "family_sessions"

    def ready(self) -> None:
        """Name the part of a family's page."""
        from gandeng.family_sessions import sections
        from gandeng.registry.sections import register_section

        register_section(57, sections.of_family)

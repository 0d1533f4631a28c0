"""The app."""

from django.apps import AppConfig


class CivilRegistryConfig(AppConfig):
    """Answers of the civil registry."""

    name = "gandeng.civil_registry"
    label = "civil_registry"

    def ready(self) -> None:
        """Name the long work, and the panel on a family's page."""
        from gandeng.civil_registry import jobs, sections  # noqa: F401 (names the work)
        from gandeng.registry.sections import register_section

        register_section(12, sections.of_family)

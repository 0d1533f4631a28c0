"""The app."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Families and their members: intake of lists, changes with two people, the story of a family."""

    name = "gandeng.registry"
    label = "registry"

    def ready(self) -> None:
        """Name the parts of the family's page and the kinds of long work."""
        from gandeng.registry import jobs, own_sections  # noqa: F401 (models are ready only now)
        from gandeng.registry.sections import register_section
        from gandeng.registry.views import long_export  # noqa: F401 (names itself)

        register_section(10, own_sections.members)
        register_section(40, own_sections.accounts)
        register_section(60, own_sections.changes)

"""The app."""

from django.apps import AppConfig


class DuplicatesConfig(AppConfig):
    """People who may stand in the registry twice."""

    name = "gandeng.duplicates"
    label = "duplicates"

    def ready(self) -> None:
        """Name the long work, the list that can be taken away, and the panels on pages of the registry."""
        from gandeng.duplicates import jobs, sections  # noqa: F401 (names the work)
        from gandeng.duplicates.views import long_export  # noqa: F401 (names the list)
        from gandeng.registry.sections import register_change_section, register_section

        register_section(15, sections.of_family)
        register_change_section(10, sections.of_change)

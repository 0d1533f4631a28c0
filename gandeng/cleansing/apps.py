"""The app."""

from django.apps import AppConfig


class CleansingConfig(AppConfig):
    """What of the registry wants putting right."""

    name = "gandeng.cleansing"
    label = "cleansing"

    def ready(self) -> None:
        """Name the long work and the list that can be taken away; add a panel to a request's page."""
        from gandeng.cleansing import jobs, sections  # noqa: F401 (names the work)
        from gandeng.cleansing.views import long_export  # noqa: F401 (names the list)
        from gandeng.registry.sections import register_change_section

        register_change_section(20, sections.of_change)

"""The app."""

from django.apps import AppConfig


class FollowUpConfig(AppConfig):
    """Follow-up of payments in the field."""

    name = "gandeng.follow_up"
    label = "follow_up"

    def ready(self) -> None:
        """Name the part of the page of an exception, and the list that leaves the office."""
        from gandeng.follow_up import long_export, sections  # noqa: F401 (the first names itself)
        from gandeng.reconciliation.exception_sections import register_exception_section

        register_exception_section(10, sections.of_exception)

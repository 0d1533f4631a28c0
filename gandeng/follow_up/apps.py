"""The app."""

from django.apps import AppConfig


class FollowUpConfig(AppConfig):
    """Follow-up of payments in the field."""

    name = "gandeng.follow_up"
    label = "follow_up"

    def ready(self) -> None:
        """Name the parts of the pages of a family and of an exception."""
        from gandeng.follow_up import sections
        from gandeng.reconciliation.exception_sections import register_exception_section
        from gandeng.registry.sections import register_section

        register_section(35, sections.of_family)
        register_exception_section(10, sections.of_exception)

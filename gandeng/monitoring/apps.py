"""The app."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    """Families asked after the distribution."""

    name = "gandeng.monitoring"
    label = "monitoring"

    def ready(self) -> None:
        """Name the parts of pages below."""
        from gandeng.helpdesk.case_sections import register_case_section
        from gandeng.monitoring import sections
        from gandeng.registry.sections import register_section

        register_section(78, sections.of_family)
        register_case_section(10, sections.of_case)

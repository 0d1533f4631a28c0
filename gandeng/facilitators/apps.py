"""The app."""

from django.apps import AppConfig


class FacilitatorsConfig(AppConfig):
    """Staff in the field, who accompanies whom, and how families are shared."""

    name = "gandeng.facilitators"
    label = "facilitators"

    def ready(self) -> None:
        """Name the kinds of long work, the lists that can be taken away whole and the part of a family's page."""
        from gandeng.facilitators import import_jobs, plan_jobs, sections  # noqa: F401 (models are ready only now)
        from gandeng.facilitators.views import caseload_long_export, list_out  # noqa: F401 (they name themselves)
        from gandeng.registry.sections import register_section

        register_section(50, sections.accompanied)

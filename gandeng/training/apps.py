"""The app."""

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """Courses, events and what happens at them."""

    name = "gandeng.training"
    label = "training"

    def ready(self) -> None:
        """Name the long work, and the part of the page about somebody."""
        from gandeng.facilitators.staff_sections import register_staff_section
        from gandeng.training import jobs, sections  # noqa: F401 (models are ready only now)

        register_staff_section(45, sections.of_staff)

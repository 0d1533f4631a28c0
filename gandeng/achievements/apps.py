"""The app."""

from django.apps import AppConfig


class AchievementsConfig(AppConfig):
    """Children and families who achieve something, with consent."""

    name = "gandeng.achievements"
    label = "achievements"

    def ready(self) -> None:
        """Name the kinds of long work and the part of a family's page."""
        from gandeng.achievements import jobs, sections  # noqa: F401 (models are ready only now)
        from gandeng.registry.sections import register_section

        register_section(55, sections.achieved)

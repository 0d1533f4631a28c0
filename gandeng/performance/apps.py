"""The app."""

from django.apps import AppConfig


class PerformanceConfig(AppConfig):
    """Result areas, what was done, monthly reports and their review."""

    name = "gandeng.performance"
    label = "performance"

    def ready(self) -> None:
        """Name the sources of packages below, and the part of the page about somebody."""
        from gandeng.audit.facts import register_fact
        from gandeng.facilitators.models import Employment, Post
        from gandeng.facilitators.staff_sections import register_staff_section
        from gandeng.performance import sections
        from gandeng.performance.sources import (
            commitments,
            family_sessions,
            follow_up,
            helpdesk,
            reconciliation,
            register_source,
            registry,
            reports,
            training,
        )

        for source in (
            registry.CHANGES,
            registry.GRADUATIONS,
            reconciliation.EXCEPTIONS,
            reports.REPORTS,
            training.ATTENDANCES,
            follow_up.FOLLOW_UPS,
            commitments.COMMITMENTS,
            family_sessions.MEETINGS,
            helpdesk.ANSWERS,
        ):
            register_source(source)
        whose = {str(code): words for code, words in (*Employment.Title.choices, *Post.Role.choices)}
        register_fact("whose", lambda code: str(whose.get(code, code)))
        register_staff_section(60, sections.done_section)

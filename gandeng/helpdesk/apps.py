"""The app."""

from django.apps import AppConfig


class HelpdeskConfig(AppConfig):
    """Complaints and questions."""

    name = "gandeng.helpdesk"
    label = "helpdesk"

    def ready(self) -> None:
        """Name the parts of pages below."""
        from gandeng.helpdesk import linked_meetings, sections
        from gandeng.helpdesk.case_sections import register_case_section
        from gandeng.helpdesk.happenings import MEETING, register_offers
        from gandeng.reconciliation.exception_sections import register_exception_section
        from gandeng.registry.sections import register_section
        from gandeng.training.problem_sections import register_problem_section

        register_section(75, sections.letter)
        register_case_section(30, linked_meetings.of_case)
        register_offers(MEETING, linked_meetings.offered)
        register_problem_section(10, sections.of_problem)
        register_exception_section(20, sections.of_exception)

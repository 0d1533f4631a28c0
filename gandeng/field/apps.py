"""The app."""

from django.apps import AppConfig


class FieldConfig(AppConfig):
    """Phones in the field."""

    name = "gandeng.field"
    label = "field"

    def ready(self) -> None:
        """Name the kinds of entries, the part of the family's page, and where sheets came from."""
        from gandeng.audit.facts import register_fact
        from gandeng.commitments.origins import register_origin
        from gandeng.field import found_cases, sections
        from gandeng.field.kinds import (
            commitment_sheet,
            commitment_steps,
            follow_up_tell,
            graduation_steps,
            helpdesk_tell,
            kind_title,
            register_kind,
            registry_change,
            session_ask,
            session_meet,
            visit,
        )
        from gandeng.field.views import long_export  # noqa: F401 (names itself)
        from gandeng.helpdesk.case_sections import register_case_section
        from gandeng.helpdesk.happenings import VISIT, register_offers
        from gandeng.helpdesk.origin_queries import register_happening
        from gandeng.registry.sections import register_section

        files = (follow_up_tell, registry_change, visit, session_meet, session_ask, commitment_sheet, helpdesk_tell)
        several = (commitment_steps.TOLD, commitment_steps.APPEAL, *graduation_steps.KINDS)
        for kind in (*(each.KIND for each in files), *several):
            register_kind(kind)
        register_fact("kind", kind_title, about="Entry")
        register_section(55, sections.visits)
        register_origin(sections.sheets_from_phones)
        register_happening(VISIT, found_cases.of_visit)
        register_offers(VISIT, sections.visits_offered)
        register_case_section(20, sections.of_case)

"""The app."""

from django.apps import AppConfig


class FieldConfig(AppConfig):
    """Phones in the field."""

    name = "gandeng.field"
    label = "field"

    def ready(self) -> None:
        """Name the kinds of entries and the part of the family's page."""
        from gandeng.field import sections
        from gandeng.field.kinds import follow_up_tell, register_kind, registry_change, visit
        from gandeng.registry.sections import register_section

        for kind in (follow_up_tell.KIND, registry_change.KIND, visit.KIND):
            register_kind(kind)
        register_section(55, sections.visits)

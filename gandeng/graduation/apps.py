"""The app."""

from django.apps import AppConfig


class GraduationConfig(AppConfig):
    """Graduation of families and their way back."""

    name = "gandeng.graduation"
    label = "graduation"

    def ready(self) -> None:
        """Add the family page's part, and keep the changes of status that are decided here."""
        from gandeng.graduation.sections import graduation
        from gandeng.graduation.views import long_export  # noqa: F401 (names itself)
        from gandeng.registry.keeping import keep
        from gandeng.registry.models import ChangeRequest, Family
        from gandeng.registry.sections import register_section

        register_section(27, graduation)
        keep(ChangeRequest.Kind.GRADUATE, frozenset(Family.Status.values))
        keep(ChangeRequest.Kind.RESUME, frozenset({Family.Status.GRADUATED}))

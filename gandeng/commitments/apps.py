"""The app."""

from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    """Commitments of members, verdicts and decisions on them."""

    name = "gandeng.commitments"
    label = "commitments"

    def ready(self) -> None:
        """Name the kinds of long work and the long export; add the family page's part."""
        from gandeng.audit.facts import register_fact
        from gandeng.commitments import jobs  # noqa: F401 (models are ready only now)
        from gandeng.commitments.queries import quarter_words
        from gandeng.commitments.sections import commitments
        from gandeng.commitments.views import long_export  # noqa: F401 (names itself)
        from gandeng.registry.sections import register_section

        register_section(25, commitments)
        register_fact("quarter", quarter_words)

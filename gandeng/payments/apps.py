"""The app."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Payment cycles: lists, approvals by level, instruction files, the journal of money."""

    name = "gandeng.payments"
    label = "payments"

    def ready(self) -> None:
        """Name the kinds of long work; add what the pages of a family and of a request, and the log, tell."""
        from gandeng.audit.facts import register_fact
        from gandeng.commitments.stages import register_stages
        from gandeng.payments import jobs  # noqa: F401 (models are ready only now)
        from gandeng.payments.effect import of_change
        from gandeng.payments.family_section import payments
        from gandeng.payments.holding import on_lists
        from gandeng.payments.levels import level_words
        from gandeng.payments.stages import frozen_stages
        from gandeng.payments.views import long_export  # noqa: F401 (names itself)
        from gandeng.registry.sections import register_change_section, register_section

        register_section(25, payments)
        register_change_section(20, on_lists)
        register_change_section(30, of_change)
        register_stages(frozen_stages)
        register_fact("level", level_words)

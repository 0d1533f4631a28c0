"""The app."""

from django.apps import AppConfig


class ReconciliationConfig(AppConfig):
    """Results of banks and post: outcomes, exceptions, sign-off from district to ministry."""

    name = "gandeng.reconciliation"
    label = "reconciliation"

    def ready(self) -> None:
        """Name our work, our sections of other packages' pages and our words in the log."""
        from gandeng.audit.facts import register_fact
        from gandeng.payments.sections import register_closing_section, register_payment_section
        from gandeng.reconciliation import jobs, sections  # noqa: F401 (jobs name themselves)
        from gandeng.reconciliation.paper_signature import certificate_words
        from gandeng.reconciliation.views import long_export  # noqa: F401 (names itself)
        from gandeng.registry.sections import register_section

        register_payment_section(40, sections.of_payment)
        register_closing_section(10, sections.of_closing)
        register_section(30, sections.of_family)
        register_fact("certificate", certificate_words)

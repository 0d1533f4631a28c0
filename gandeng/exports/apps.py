"""The app."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    """Lists that leave the office: few rows by one person, many only by two."""

    name = "gandeng.exports"
    label = "exports"

    def ready(self) -> None:
        """Name the kinds of long work, and the one list that is told from here."""
        from gandeng.exports import jobs, log_export  # noqa: F401 (models are ready only now)

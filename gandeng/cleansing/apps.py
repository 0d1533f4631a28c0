"""The app."""

from django.apps import AppConfig


class CleansingConfig(AppConfig):
    """What of the registry wants putting right."""

    name = "gandeng.cleansing"
    label = "cleansing"

    def ready(self) -> None:
        """Name the long work and the list that can be taken away."""
        from gandeng.cleansing import jobs  # noqa: F401 (names the work)
        from gandeng.cleansing.views import long_export  # noqa: F401 (names the list)

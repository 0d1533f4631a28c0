"""The app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, roles, territory."""

    name = "gandeng.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Register the checks of settings."""
        from gandeng.accounts import checks  # noqa: F401

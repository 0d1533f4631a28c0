"""The app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, roles, territory."""

    name = "gandeng.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Register the checks of settings, and hear of wrong codes."""
        from allauth.mfa.signals import authentication_failed

        from gandeng.accounts import checks  # noqa: F401
        from gandeng.accounts.refusals import hear_of_wrong_code

        authentication_failed.connect(hear_of_wrong_code)

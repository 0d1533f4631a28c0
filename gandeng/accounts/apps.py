"""The app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, roles, territory."""

    name = "gandeng.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Register the checks of settings, and hear of wrong codes and of second factors that come and go."""
        from allauth.mfa import signals

        from gandeng.accounts import checks  # noqa: F401
        from gandeng.accounts.refusals import hear_of_wrong_code
        from gandeng.accounts.second_factor import factor_words, hear_of_added, hear_of_removed
        from gandeng.audit.facts import register_fact

        register_fact("factor", factor_words)
        signals.authentication_failed.connect(hear_of_wrong_code)
        signals.authenticator_added.connect(hear_of_added)
        signals.authenticator_reset.connect(hear_of_added)
        signals.authenticator_removed.connect(hear_of_removed)

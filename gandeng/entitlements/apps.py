"""The app."""

from django.apps import AppConfig


class EntitlementsConfig(AppConfig):
    """What each family is due in a cycle: frozen inputs, amounts, and why."""

    name = "gandeng.entitlements"
    label = "entitlements"

    def ready(self) -> None:
        """Add the family page's part."""
        from gandeng.entitlements.family_section import entitlements
        from gandeng.registry.sections import register_section

        register_section(20, entitlements)

"""The app."""

from django.apps import AppConfig


class SignsConfig(AppConfig):
    """Signs about records of the field."""

    name = "gandeng.signs"
    label = "signs"

    def ready(self) -> None:
        """Name the kinds, the long work, the list that can be taken away, and the parts beside those of the field."""
        from gandeng.audit.facts import register_fact
        from gandeng.field.tabs import Tab, register_tab
        from gandeng.signs import jobs  # noqa: F401 (names the work)
        from gandeng.signs.kinds import (
            bursts,
            clocks,
            kind_words,
            photos,
            register_kind,
            same_place,
            staff,
            travel,
            unseen,
        )
        from gandeng.signs.tabs import MINE, REVIEWS
        from gandeng.signs.views import long_export  # noqa: F401 (names the list)

        for each in (unseen, travel, bursts, same_place, photos, clocks, staff):
            register_kind(each.KIND)
        register_fact("kind", kind_words, about="Sign")
        register_tab(Tab("signs:signs", *REVIEWS))
        register_tab(Tab("signs:mine", *MINE))

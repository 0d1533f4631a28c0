"""Facts of an entry as the log's page says them. Packages above add words for what they keep, in `AppConfig.ready`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from gandeng.core.money import format_rupiah
from gandeng.documents.numerals import told_day
from gandeng.words import language, sentences

_SHOWN_MAX = 24
"""Signs of a digest, enough to know it by."""

_WORDS: dict[str, Callable[[Any], str]] = {}


@dataclass(frozen=True)
class FactTold:
    """One line; `kept` where the text is what stands in the log, and not in the reader's language."""

    name: str
    text: str
    kept: bool = True


def register_fact(name: str, words: Callable[[Any], str]) -> None:
    """`words` makes a sentence of what entries keep under `name`."""
    _WORDS[name] = words


def told(name: str, value: object) -> FactTold:
    """A fact as words; its name in the log where nobody has put that into words."""
    called = sentences(language(), "acts_facts").get(name, name)
    if name in _WORDS:
        return FactTold(called, _WORDS[name](value), kept=False)
    if isinstance(value, bool):
        return FactTold(called, _("ya") if value else _("tidak"), kept=False)
    if name.endswith("rupiah") and isinstance(value, int):
        return FactTold(called, format_rupiah(value))
    if isinstance(value, str):
        return _text(called, value)
    return FactTold(called, _plain(value))


def _text(called: str, value: str) -> FactTold:
    """A day, and a code that reconciliation has a word for, as people read them."""
    if day := told_day(value):
        return FactTold(called, day, kept=False)
    words = sentences(language(), "outcomes")
    return FactTold(called, words[value], kept=False) if value in words else FactTold(called, _plain(value))


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_plain(one)}" for name, one in value.items()) or "–"
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value) or "–"
    return Truncator("–" if value in (None, "") else str(value)).chars(_SHOWN_MAX)

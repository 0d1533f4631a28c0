"""Facts of an entry as the log's page says them. Packages above add words for what they keep, in `AppConfig.ready`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from gandeng.core.money import format_rupiah
from gandeng.documents.numerals import told_day
from gandeng.web.templatetags.gandeng import tahap
from gandeng.words import language, sentences

_SHOWN_MAX = 24
"""Signs of a digest, enough to know it by."""

_WORDS: dict[tuple[str, str], Callable[[Any], str]] = {}
"""By the kind of record, "" for all, and the name."""
_STAGES = ("cycle", "stage")


@dataclass(frozen=True)
class FactTold:
    """One line; `kept` where the text is what stands in the log, and not in the reader's language."""

    name: str
    text: str
    kept: bool = True


def register_fact(name: str, words: Callable[[Any], str], *, about: str = "") -> None:
    """`words` makes a sentence of what entries keep under `name`; `about`: of one kind of record alone."""
    _WORDS[about, name] = words


def told(name: str, value: object, about: str = "") -> FactTold:
    """A fact as words; its name in the log where nobody has put that into words. `about`: the kind of record."""
    called = sentences(language(), "acts_facts").get(name, name)
    if isinstance(value, str) and (words := _choice(about, name, value)):
        return FactTold(called, words, kept=False)
    if in_words := _WORDS.get((about, name)) or _WORDS.get(("", name)):
        return FactTold(called, in_words(value), kept=False)
    if name in _STAGES and isinstance(value, str) and (words := tahap(value)) != value:
        return FactTold(called, words, kept=False)
    if isinstance(value, bool):
        return FactTold(called, _("ya") if value else _("tidak"), kept=False)
    if name.endswith("rupiah") and isinstance(value, int):
        return FactTold(called, format_rupiah(value))
    if isinstance(value, str):
        return _text(called, value)
    return FactTold(called, _plain(value))


def _choice(about: str, name: str, code: str) -> str:
    """A code as the record's own field of that name words it, or one of its package; nothing where these differ."""
    for named in _choices(about, name):
        if found := {str(words) for words in named.get(code, ())}:
            return found.pop() if len(found) == 1 else ""
    return ""


@cache
def _choices(about: str, name: str) -> tuple[dict[str, list[Any]], ...]:
    """Code -> its words in each record that is called so, then in the packages of these; not translated yet."""
    own = [model for model in apps.get_models() if model.__name__ == about]
    near = [model for app in {each._meta.app_label for each in own} for model in apps.get_app_config(app).get_models()]
    told: tuple[dict[str, list[Any]], ...] = ({}, {})
    for named, models in zip(told, (own, near), strict=True):
        for field in (each for model in models for each in model._meta.concrete_fields if each.name == name):
            for code, words in field.flatchoices:
                named.setdefault(str(code), []).append(words)
    return told


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

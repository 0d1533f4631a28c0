"""Sentences for people, by code: Indonesian first, English by switch.

`words/id/<topic>.yaml` and `words/en/<topic>.yaml` hold the same codes with the same braces; a code is used as
`topic.code`. Code raises codes and facts, this package alone makes sentences of them.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files

import yaml

LANGUAGES = ("id", "en")

_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def language() -> str:
    """The language of `speaking`, else `GANDENG_LANG` where it names a language we have, else Indonesian."""
    chosen = _spoken.get() or os.environ.get("GANDENG_LANG", "id").lower()
    return chosen if chosen in LANGUAGES else "id"


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """Every sentence said meanwhile is in that language: a page in its reader's, a paper in Indonesian."""
    before = _spoken.set(chosen)
    try:
        yield
    finally:
        _spoken.reset(before)


def say(code: str, /, **facts: object) -> str:
    """The sentence for `topic.code` in the chosen language; KeyError for a code nobody wrote."""
    topic, _, name = code.partition(".")
    return sentences(language(), topic)[name].format(**facts)


@cache
def sentences(lang: str, topic: str) -> dict[str, str]:
    """All sentences of one topic."""
    text = files(__package__).joinpath(lang, f"{topic}.yaml").read_text(encoding="utf-8")
    loaded: dict[str, str] = yaml.load(text, Loader=yaml.CSafeLoader)
    return loaded


def topics() -> tuple[str, ...]:
    """Every topic there is, in Indonesian."""
    return tuple(sorted(entry.name.removesuffix(".yaml") for entry in files(__package__).joinpath("id").iterdir()))

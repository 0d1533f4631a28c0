"""Kinds of entries a phone may send: each package's own act, asked for by what came; one file a kind.

A package above adds one in its `AppConfig.ready`: `register_kind(Kind(...))`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.field.clocks import Clock
from gandeng.field.models import Entry, Photo
from gandeng.field.queries import Named
from gandeng.registry.models import Family
from gandeng.web.language import indonesian


@dataclass(frozen=True)
class Why:
    """One thing that is wrong, and where: `field` as the body names it, "" for the whole."""

    words: str
    field: str = ""


class Refused(ValueError):
    """What was sent does not fit; a mended entry may come."""

    def __init__(self, *why: Why) -> None:
        super().__init__("refused")
        self.why = why


class Conflict(ValueError):
    """Somebody changed the same thing since: both are kept, and a person decides."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True)
class Given:
    """An entry as a kind reads it; `entry` is kept only after the kind has said yes or no, unless the office asks."""

    record_id: UUID
    """Id of what becomes of it: the entry's own, made on the phone."""
    entry: Entry
    body: dict[str, Any]
    about: Family | None
    base: str
    made_at: datetime
    clock: Clock
    photos: Sequence[Photo] = field(default=())
    by_office: bool = False
    """A person at the office lets it stand: what speaks against it has been looked at."""

    @property
    def family(self) -> Family:
        """The family it is about. Raises Refused for an entry about a group or a school."""
        from gandeng.field.words import no_longer_hers

        if self.about is None:
            raise Refused(Why(no_longer_hers(), "family"))
        return self.about

    def day(self, name: str) -> date:
        """A day of the body, by the server's clock. Raises Refused."""
        from gandeng.field.words import bad_day, day_to_come

        try:
            told = date.fromisoformat(str(self.body.get(name, "")))
        except ValueError as error:
            raise Refused(Why(bad_day(), name)) from error
        meant = self.clock.day(told, self.made_at)
        if meant is None:
            raise Refused(Why(day_to_come(), name))
        return meant

    def signed(self, text: str) -> str:
        """Where the office lets it stand: what was written, and who wrote it."""
        if not self.by_office:
            return text
        with indonesian():
            return f"{text} ({_('Dari lapangan oleh %(name)s') % {'name': self.entry.person.name}})".strip()

    def typed(self, *names: str) -> dict[str, str]:
        """Fields of the body as a form takes them: text."""
        return {name: _text(self.body.get(name)) for name in names}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, str | int) else ""


def uuid_of(told: object) -> UUID | None:
    """None for what is no id."""
    try:
        return UUID(told) if isinstance(told, str) else None
    except ValueError:
        return None


def named_in[Row: Model](rows: QuerySet[Row], told: object) -> Row | None:
    """The row a body names by its id; None where there is none."""
    key = uuid_of(told)
    return rows.filter(pk=key).first() if key else None


def refused_by(form: forms.BaseForm) -> Refused:
    """What a form of the site says, beside the same names."""
    return Refused(
        *(
            Why(str(words), "" if name == "__all__" else name)
            for name, all_words in form.errors.items()
            for words in all_words
        )
    )


@dataclass(frozen=True)
class Line:
    """One thing side by side: what the phone sent, what stands at the server."""

    label: str
    sent: str
    stands: str = ""


@dataclass(frozen=True)
class Many:
    """`made` says yes or no to one and writes nothing: what to keep, and its address; `keep` writes all of them."""

    made: Callable[[Acting, Given], tuple[Any, str]]
    keep: Callable[[Acting, Sequence[Any]], None]


@dataclass(frozen=True)
class Kind:
    """`take` does it and gives the address of what came of it. Raises Refused, Conflict, PermissionDenied, Http404."""

    name: str
    version: int
    title: Promise | str
    take: Callable[[Acting, Given], str]
    compare: Callable[[Acting, Given], list[Line]]
    right: May
    """What it takes at the office to let one stand that conflicts or is held."""
    many: "Many | None" = None
    """For kinds whose rows are kept together, many at once."""
    place: Callable[[Acting, dict[str, Any]], Named | None] | None = None
    """For kinds about no family: what the body is about, None where there is no such thing; the envelope names none."""
    secret: Callable[[dict[str, Any]], bool] | None = None
    """Whether a body may be read by those alone who handle sensitive cases."""


_KINDS: dict[tuple[str, int], Kind] = {}


def register_kind(kind: Kind) -> None:
    """The same again changes nothing."""
    _KINDS[kind.name, kind.version] = kind


def kind_of(name: str, version: int | None) -> Kind | None:
    """None for what this server does not know."""
    return _KINDS.get((name, version)) if version is not None else None


def kinds_named(name: str) -> list[Kind]:
    """Of every version."""
    return [one for (known, _version), one in _KINDS.items() if known == name]


def is_secret(name: str, body: object) -> bool:
    """Whether some version of the kind keeps such a body from the office that decides."""
    told = body if isinstance(body, dict) else {}
    return any(one.secret is not None and one.secret(told) for one in kinds_named(name))


def about_family(name: str) -> bool:
    """Whether entries of the kind are about a family, as far as anybody knows."""
    return not any(one.place for one in kinds_named(name))


def kind_title(name: str) -> str:
    """In words."""
    known = kinds_named(name)
    return str(known[0].title) if known else _("Jenis yang belum dikenal server")


def kinds_known() -> list[tuple[str, str]]:
    """Names and titles, each once."""
    return sorted({name: str(one.title) for (name, _version), one in _KINDS.items()}.items())

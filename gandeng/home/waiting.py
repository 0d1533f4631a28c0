"""What waits for a person: counted within the territory, each count with the page of its rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override
from django_scopes import scope

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.home.alike import STAND_IN, TYPES, for_all, hers, of_villages_alone
from gandeng.home.kinds import KINDS, Asked, Kind
from gandeng.payments.models import Cycle
from gandeng.payments.queries import cycles_visible_to
from gandeng.web.planned import Question, answer


@dataclass(frozen=True)
class Waiting:
    """One kind of work: how much of it, what it means, where it is done."""

    label: str
    count: int
    meaning: str
    url: str
    link: str

    @property
    def nothing(self) -> SafeString:
        """The figure where none of it waits: the same for everybody who reads the language."""
        return _nothing(self, get_language() or settings.LANGUAGE_CODE)


_FIGURES_MOST = 512
"""Kept by a process: one for each kind of work and language; half a kilobyte each."""


@lru_cache(maxsize=_FIGURES_MOST)
def _nothing(one: Waiting, language: str) -> SafeString:
    with override(language):
        return render_to_string("home/home.html#nothing", {"one": one})


def waiting_for(acting: Acting) -> list[Waiting]:
    """Kinds of work this person's roles do, with a count of what waits, those first; nothing a role cannot do."""
    own = [kind for kind in KINDS if kind.whoever or _does(acting, kind)]
    counts = _counted_alike(acting) if of_villages_alone(acting) else {}
    counts |= _counted({kind: _written(kind, acting) for kind in own if kind not in counts})
    return [
        Waiting(str(kind.label), counts[kind], str(kind.meaning), reverse(kind.page) + kind.narrowed, str(kind.link))
        for kind in sorted(own, key=lambda kind: not counts[kind])
        if counts[kind] or _does(acting, kind)
    ]


def _does(acting: Acting, kind: Kind) -> bool:
    return any(acting.may(may) for may in kind.rights)


def _counted_alike(acting: Acting) -> dict[Kind, int]:
    """How many of each for a facilitator."""
    kinds, question = _of_facilitators(timezone.localdate())
    return dict(zip(kinds, answer(question, hers(acting)), strict=True))


@lru_cache(maxsize=1)
def _of_facilitators(_today: date) -> tuple[list[Kind], Question]:
    """For their stand-in: 34,000 come in a morning, and the ORM takes half of a first page to write this."""
    with scope(territory=STAND_IN.territory, channels=STAND_IN.territory):
        found = {kind: _written(kind, STAND_IN) for kind in KINDS if kind.whoever or _does(STAND_IN, kind)}
    asked = {kind: question for kind, question in found.items() if not isinstance(question, int)}
    sql, values = for_all(*_together(asked.values()))
    return list(asked), Question("waiting_for_facilitators", sql, tuple(values), TYPES)


def _written(kind: Kind, acting: Acting) -> Asked | int:
    what = kind.what(acting)
    if not isinstance(what, QuerySet):
        return what
    try:
        sql, values = what.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return 0
    return sql, list(values)


def _counted(questions: Mapping[Kind, Asked | int]) -> dict[Kind, int]:
    """How many of each, all in one query."""
    counts = {kind: known for kind, known in questions.items() if isinstance(known, int)}
    asked = {kind: question for kind, question in questions.items() if not isinstance(question, int)}
    if asked:
        with connection.cursor() as cursor:
            cursor.execute(*_together(asked.values()))
            counts |= dict(zip(asked, cursor.fetchone() or (), strict=True))
    return counts


def _together(asked: Iterable[Asked]) -> Asked:
    """A question for one row, with how many of each."""
    questions = list(asked)
    parts = ", ".join(f"(select count(*) from ({sql}) rows)" for sql, _values in questions)
    return f"select {parts}", [one for _sql, values in questions for one in values]


def cycles_for(acting: Acting) -> list[Cycle]:
    """The newest stages that are not closed, for those who see payments."""
    if not acting.may(May.SEE_PAYMENTS):
        return []
    return list(cycles_visible_to(acting).exclude(state=Cycle.State.CLOSED)[:4])

"""Questions a connection keeps planned, for those that PostgreSQL plans longer than it answers.

What differs between askers is `$1`, `$2` …; all else stands in the question, so that it fits the conditions of indexes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection


@dataclass(frozen=True, eq=False)
class Question:
    """A select of one row. `values` are for its `%s`, `types` those of `$1`, `$2` … as PostgreSQL names them."""

    name: str
    sql: str
    values: tuple[Any, ...]
    types: tuple[str, ...]


_planned: WeakKeyDictionary[Any, dict[str, Question]] = WeakKeyDictionary()
"""Connection of the driver -> name -> the question it keeps by that name. What is kept ends with the connection."""

_ONE_PLAN = """set local plan_cache_mode = force_generic_plan; execute {name} ({places});
    set local plan_cache_mode to default"""
"""PostgreSQL expects more rows for askers it does not know, and left to itself would plan anew for each."""


def answer(question: Question, given: Sequence[Any]) -> tuple[Any, ...]:
    """The row, for these `$1`, `$2` …. What row security asks of the session it asks at each answer, as ever."""
    with connection.cursor() as cursor:
        _prepare(cursor, question)
        places = ", ".join(["%s"] * len(given))
        cursor.execute(_ONE_PLAN.format(name=question.name, places=places), given)
        cursor.nextset()
        row: tuple[Any, ...] = cursor.fetchone()
        return row


def _prepare(cursor: Any, question: Question) -> None:
    kept = _planned.setdefault(connection.connection, {})
    if kept.get(question.name) is question:
        return
    if kept.pop(question.name, None):
        cursor.execute(f"deallocate {question.name}")
    types = ", ".join(question.types)
    cursor.execute(f"prepare {question.name} ({types}) as {question.sql}", question.values)
    kept[question.name] = question

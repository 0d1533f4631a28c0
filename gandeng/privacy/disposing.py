"""Ending what is kept longer than the office's stated period: how much that is, and doing it.

Only what no sum, no signature and no log rests on. What is due follows from rows and their day alone, so that after a
backup from before was restored the next look ends the same things again.
"""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import Case, DateTimeField, F, Func, Model, QuerySet, When
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.machine import MACHINE
from gandeng.accounts.models import Invitation, PublicTry
from gandeng.achievements.actions.deciding import erase_all
from gandeng.achievements.models import Achievement
from gandeng.achievements.queries import OF_AGE, grown_on
from gandeng.audit.actions import Machine, record
from gandeng.jobs.models import Job
from gandeng.privacy.models import Disposal
from gandeng.privacy.retention import Period, classes, in_force, stated
from gandeng.reconciliation.models import ResultFile, of_today
from gandeng.registry.models import Intake
from gandeng.registry.staging import folder_of
from gandeng.web.language import indonesian
from gandeng.words import say


@dataclass(frozen=True)
class Due:
    """What of a class is older than a day: how many, and since when the oldest has been there."""

    count: int
    oldest: datetime | None


@dataclass(frozen=True)
class Told:
    """One class as it stands."""

    name: str
    proposal_days: int
    done: bool
    period: Period | None
    due: Due


@dataclass(frozen=True)
class _Ending:
    """`rows(before)` gives (id, since when) of what is due; `end` ends those ids and gives how many."""

    rows: Callable[[datetime], Iterable[tuple[object, datetime]]]
    end: Callable[[list[Any]], int]


def look() -> list[Told]:
    """Every class: its period, and what would go today; without a period, by what is proposed."""
    periods, today, now = stated(settings.RETENTION_FILE), timezone.localdate(), timezone.now()
    told = []
    with in_territory(MACHINE), transaction.atomic():
        for name, kept in classes().items():
            period = in_force(periods, name, today)
            rows = list(_due(name, now - timedelta(days=period.days if period else kept.proposal_days)))
            due = Due(len(rows), min((since for _, since in rows), default=None))
            told.append(Told(name, kept.proposal_days, kept.done, period, due))
    return told


def dispose() -> dict[str, int]:
    """End what is due in every class that has a sourced period today; gives how many by class.

    Raises PeriodsBroken before anything is touched. Each class is its own transaction, so a kill leaves whole classes;
    files go once their row says so, and those a kill left are still due.
    """
    periods, today, now = stated(settings.RETENTION_FILE), timezone.localdate(), timezone.now()
    ended = {}
    for name in classes():
        period = in_force(periods, name, today)
        if period is None:
            continue
        with in_territory(MACHINE), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_xact_lock(7066, hashtext(%s))", [name])
            due = [row for row, _ in _due(name, now - timedelta(days=period.days))]
            ended[name] = _ENDINGS[name].end(due) if due else 0
            if ended[name]:
                record(
                    Machine(), "retention.done", object_type="Retention", object_id=name, reason=period.source,
                    rows=ended[name], days=period.days, since=period.since.isoformat(),
                )  # fmt: skip
    return ended


def _due(name: str, before: datetime) -> Iterable[tuple[object, datetime]]:
    ending = _ENDINGS.get(name)
    return ending.rows(before) if ending else ()


def _older(found: QuerySet[Any], *since: str) -> Callable[[datetime], list[tuple[object, datetime]]]:
    """Rows for which the first of those instants that is set lies before."""
    first = Coalesce(*since) if len(since) > 1 else F(since[0])

    def rows(before: datetime) -> list[tuple[object, datetime]]:
        old = found.all().annotate(was_since=first).filter(was_since__lt=before)
        return list(old.order_by("was_since").values_list("pk", "was_since"))

    return rows


def _delete(model: type[Model]) -> Callable[[list[Any]], int]:
    """Delete those rows, and nothing that hangs on them: what does stops it."""

    def delete(keys: list[Any]) -> int:
        table, column = model._meta.db_table, model._meta.pk.column
        with connection.cursor() as cursor:
            cursor.execute(f'delete from {table} where "{column}"::text = any(%s)', [[str(key) for key in keys]])
            return int(cursor.rowcount)

    return delete


def _staged(before: datetime) -> list[tuple[object, datetime]]:
    """Lists whose rows still lie beside the registry."""
    found = Intake.objects.filter(taken_at__lt=before).order_by("taken_at").values_list("pk", "taken_at")
    return [row for row in found if folder_of(row[0]).is_dir()]


def _end_staged(keys: list[Any]) -> int:
    with indonesian():
        why = say("retention.withdrawn")
    waiting = Intake.objects.filter(pk__in=keys, state=Intake.State.STAGED)
    for intake in waiting.select_for_update(of=("self",), no_key=True):
        intake.state, intake.ended_at, intake.end_reason = Intake.State.WITHDRAWN, timezone.now(), why
        intake.save(update_fields=["state", "ended_at", "end_reason"])
        record(Machine(), "list.withdrawn", intake, region=intake.region_code, reason=why)
    return _name_and_remove("staged_lists", {key: [folder_of(UUID(str(key)))] for key in keys})


def _bank_files(before: datetime) -> list[tuple[object, datetime]]:
    """Refused or withdrawn files whose bytes are still there; what a sum rests on is in neither state."""
    gone = (ResultFile.State.REFUSED, ResultFile.State.WITHDRAWN)
    found = ResultFile.objects.filter(state__in=gone).annotate(since=Coalesce("withdrawn_at", "sent_at"))
    rows = found.filter(since__lt=before).order_by("since").values_list("pk", "since", "path")
    return [(key, since) for key, since, path in rows if any(each.exists() for each in _bytes_of(path))]


def _bytes_of(path: str) -> list[Path]:
    kept = of_today("results", path)
    return [kept, kept.with_suffix(".rows.parquet")]


def _end_bank_files(keys: list[Any]) -> int:
    paths = dict(ResultFile.objects.filter(pk__in=keys).values_list("pk", "path"))
    return _name_and_remove("bank_files", {key: _bytes_of(path) for key, path in paths.items()})


def _name_and_remove(kind: str, things: dict[object, list[Path]]) -> int:
    """Write down whose files end, once each; the files go when that is committed."""
    known = set(Disposal.objects.filter(kind=kind, thing__in=map(str, things)).values_list("thing", flat=True))
    Disposal.objects.bulk_create([Disposal(kind=kind, thing=str(key)) for key in things if str(key) not in known])
    paths = [path for several in things.values() for path in several]
    transaction.on_commit(lambda: _remove(paths))
    return len(things)


def _remove(paths: list[Path]) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _ended_sessions(before: datetime) -> list[tuple[object, datetime]]:
    return list(Session.objects.filter(expire_date__lt=before).order_by("expire_date").values_list("pk", "expire_date"))


def _end_sessions(keys: list[Any]) -> int:
    """With each the row that says from which address and browser it came."""
    texts = [str(key) for key in keys]
    with connection.cursor() as cursor:
        cursor.execute("delete from usersessions_usersession where session_key = any(%s)", [texts])
        cursor.execute("delete from django_session where session_key = any(%s)", [texts])
        return int(cursor.rowcount)


_OF_AGE = f"(%(expressions)s + interval '{OF_AGE} years')::timestamptz"


def _lapsed_achievements(before: datetime) -> list[tuple[object, datetime]]:
    """Withdrawn, or without a consent in force, since then; what a draft still waits for is counted from its entry."""
    day = timezone.localtime(before).date()
    ended = Case(
        When(withdrawn_at__isnull=False, then=F("withdrawn_at")),
        When(consent__withdrawn_at__isnull=False, then=F("consent__withdrawn_at")),
        When(consent__valid_until__lte=day, then=Cast("consent__valid_until", DateTimeField())),
        When(consent=None, then=F("recorded_at")),
        When(grown_on(day), then=Func(F("member__birth_date"), template=_OF_AGE, output_field=DateTimeField())),
    )
    found = Achievement.objects.filter(erased_at=None).annotate(since=ended).filter(since__lt=before)
    return list(found.order_by("since").values_list("pk", "since"))


def _end_achievements(keys: list[Any]) -> int:
    with indonesian():
        return erase_all(Machine(), keys, say("retention.achievement"))


_NOT_LIVE = (Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED)

_ENDINGS: dict[str, _Ending] = {
    "achievements": _Ending(_lapsed_achievements, _end_achievements),
    "staged_lists": _Ending(_staged, _end_staged),
    "bank_files": _Ending(_bank_files, _end_bank_files),
    "invitations": _Ending(
        _older(Invitation.objects.all(), "accepted_at", "withdrawn_at", "expires_at"), _delete(Invitation)
    ),
    "sessions": _Ending(_ended_sessions, _end_sessions),
    "ended_jobs": _Ending(_older(Job.objects.filter(state__in=_NOT_LIVE), "ended_at"), _delete(Job)),
    "public_tries": _Ending(_older(PublicTry.objects.all(), "hour"), _delete(PublicTry)),
}
"""By class; a test holds them against the classes that are `done`."""

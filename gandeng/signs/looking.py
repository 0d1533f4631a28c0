"""A look at a district: every kind is asked once, and what is found takes the place of what was found before."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import connection
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import Actor, record
from gandeng.signs.kinds import KINDS, Kind
from gandeng.signs.places import lay_out
from gandeng.signs.thresholds import PERIOD_DAYS, UNMET_DAYS

_NAMES = UUID("5a1c6f0e-6a0c-4f4b-9a5e-2f7f3f0d5b11")
_COLUMNS = ("about_id", "family_id", "village_code", "first_at", "last_at", "score", "rows", "facts")


@dataclass(frozen=True)
class Look:
    """Of what district, up to when."""

    district: str
    now: datetime

    @property
    def values(self) -> dict[str, Any]:
        """What every question is asked with."""
        today = timezone.localdate(self.now)
        return {
            "district": self.district, "since": self.now - timedelta(days=PERIOD_DAYS),
            "until": self.now + timedelta(days=1), "today": today,
            "unmet": today - timedelta(days=UNMET_DAYS),
        }  # fmt: skip


def id_of(kind: str, district: str, rows: list[str]) -> UUID:
    """The same for the same rows, whenever they are found."""
    return uuid5(_NAMES, "\n".join([kind, district, *sorted(rows)]))


def found_by(kind: Kind, look: Look) -> Iterator[dict[str, Any]]:
    """Signs of one kind, as columns of `Found`. The temporary tables must be there."""
    with connection.cursor() as cursor:
        cursor.execute(kind.sql, look.values | {name: _value(each) for name, each in kind.values.items()})
        rows = cursor.fetchall()
    for row in rows:
        told = dict(zip(_COLUMNS, row, strict=True))
        told["facts"] = told["facts"] if isinstance(told["facts"], dict) else json.loads(told["facts"])
        yield told | {
            "id": id_of(kind.code, look.district, told["rows"]), "kind": kind.code,
            "village_code": told["village_code"] or look.district,
        }  # fmt: skip


def _value(told: Any) -> Any:
    return json.dumps(told) if isinstance(told, dict) else told


def look_at(acting: Acting, district: str, *, actor: Actor | None = None, now: datetime | None = None) -> int:
    """Look at a district in the territory of `acting`; gives how many signs there are now. Raises PermissionDenied.

    Within the transaction of the caller: who reads meanwhile sees the former list, whole.
    """
    authority = acting.authority(May.REVIEW_SIGNS, district)
    look = Look(district, now or timezone.now())
    noted = lay_out(district, look.values["since"], look.values["until"])
    with _of_a_whole_district():
        found = [row for kind in KINDS.values() for row in found_by(kind, look)]
    with connection.cursor() as cursor:
        cursor.execute("select signs_swap(%s, %s)", [district, json.dumps(found, default=_plain)])
        kept = int(cursor.fetchone()[0])
    record(
        actor or acting, "signs.looked", object_type="Found", object_id=district, region=district, authority=authority,
        places=noted, found=kept,
    )  # fmt: skip
    return kept


@contextmanager
def _of_a_whole_district() -> Iterator[None]:
    """Row by row no join is looked up: every question is about all rows of a district.

    What row security lets through the planner guesses, and it then compared each family with each other.
    """
    with connection.cursor() as cursor:
        cursor.execute("set local enable_nestloop = off")
        yield
        cursor.execute("set local enable_nestloop = on")


def _plain(told: Any) -> str:
    return told.isoformat() if hasattr(told, "isoformat") else str(told)

"""What a school or clinic sees by its own link: its rows as they stand, and no more than its own paper says."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import connection

from gandeng.commitments.models import Facility
from gandeng.commitments.queries import Quarter
from gandeng.core.commitment import Month

_LINK = ("facility", "kind", "code", "village_code", "year", "quarter", "expires_at", "shown")


@dataclass(frozen=True)
class Row:
    """One member and obligation, by its place on the page: no id of ours leaves the office."""

    place: int
    name: str
    school_level: str
    obligation: str
    months: tuple[Month, ...]


@dataclass(frozen=True)
class Opened:
    """A facility's quarter; `shown` is the digest of the rows, which a confirmation is bound to."""

    facility: str
    is_school: bool
    village_code: str
    quarter: Quarter
    expires_at: datetime
    shown: str
    rows: tuple[Row, ...]


def digest_of(secret: str) -> bytes:
    """All that is kept of a link's secret."""
    return hashlib.sha256(secret.encode()).digest()


def opened(secret: str) -> Opened | None:
    """None for a secret that is wrong, over, ended or used: each asks the database the same two questions."""
    digest = digest_of(secret)
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(_LINK)} from commitments_own_open(%s)", [digest])
        found = cursor.fetchone()
        cursor.execute(
            """select place, name, school_level, obligation, month, service, days, absent, leave, sick, visits
                from commitments_own_told(%s)""", [digest],
        )  # fmt: skip
        rows = cursor.fetchall()
    if found is None:
        return None
    told: dict[str, Any] = dict(zip(_LINK, found, strict=True))
    return Opened(
        told["facility"], told["kind"] == Facility.Kind.SCHOOL, told["village_code"],
        Quarter(told["year"], told["quarter"]), told["expires_at"], told["shown"],
        tuple(_rows(rows)),
    )  # fmt: skip


def _rows(rows: list[tuple[Any, ...]]) -> Iterator[Row]:
    for (place, name, level, obligation), months in groupby(rows, lambda one: one[:4]):
        yield Row(place, name, level, obligation, tuple(Month(*one[4:]) for one in months))

"""What a school or clinic sees by its own link and code: its rows as they stand, no more than its own paper says."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import connection
from django.utils.crypto import salted_hmac

from gandeng.accounts.public_codes import digits_of, new_digits
from gandeng.commitments.queries import Quarter
from gandeng.core.commitment import Month

_LINK = ("facility", "code", "village_code", "year", "quarter", "expires_at", "shown")
CODE_DIGITS = 8
"""Said on a telephone, typed once; a hundred million, and a handful of wrong ones closes the link."""


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
    village_code: str
    quarter: Quarter
    shown: str
    rows: tuple[Row, ...]


def digest_of(secret: str) -> bytes:
    """All that is kept of a link's secret."""
    return hashlib.sha256(secret.encode()).digest()


def new_code() -> str:
    """Eight digits, made at random."""
    return new_digits(CODE_DIGITS)


def code_digest(secret_digest: bytes, code: str) -> bytes:
    """All that is kept of a code, keyed with the office's secret: a code is of one link, and the table tells none."""
    return salted_hmac(
        "gandeng.commitments.own_code", f"{secret_digest.hex()}|{digits_of(code)}", algorithm="sha256"
    ).digest()


def digests_of(secret: str, code: str) -> list[bytes]:
    """Of both, as the doors of the database ask for them."""
    digest = digest_of(secret)
    return [digest, code_digest(digest, code)]


def is_open(secret: str) -> bool:
    """Whether a code may be typed: False alike for a secret that is wrong, over, ended, used or closed."""
    with connection.cursor() as cursor:
        cursor.execute("select commitments_own_asks(%s)", [digest_of(secret)])
        (found,) = cursor.fetchone() or (False,)
    return bool(found)


def opened(secret: str, code: str) -> Opened | None:
    """None for a secret that is not open, or a code that is not the one in force."""
    digests = digests_of(secret, code)
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(_LINK)} from commitments_own_open(%s, %s)", digests)
        found = cursor.fetchone()
        cursor.execute(
            """select place, name, school_level, obligation, month, service, days, absent, leave, sick, visits
                from commitments_own_told(%s, %s)""", digests,
        )  # fmt: skip
        rows = cursor.fetchall()
    if found is None:
        return None
    told: dict[str, Any] = dict(zip(_LINK, found, strict=True))
    return Opened(
        told["facility"], told["village_code"], Quarter(told["year"], told["quarter"]), told["shown"],
        tuple(_rows(rows)),
    )  # fmt: skip


def _rows(rows: list[tuple[Any, ...]]) -> Iterator[Row]:
    for (place, name, level, obligation), months in groupby(rows, lambda one: one[:4]):
        yield Row(place, name, level, obligation, tuple(Month(*one[4:]) for one in months))

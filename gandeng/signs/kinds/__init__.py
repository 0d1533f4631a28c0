"""What may be a sign: one question over what is there for each kind. A module for each, named in `apps.py`.

A question gives about, family, village, first, last, score, rows, facts; it is asked with `district`, `since`, `until`
and the kind's own values. Two temporary tables are there when it is asked (`places.py`): `signs_noted`, records with
the place that was noted, and `signs_seen`, rows of signs somebody has looked at.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

type Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """`name` and `means` for lists, `honest` what else it may be, `told` the sentence of one sign, all for pages."""

    code: str
    name: str | Promise
    means: str | Promise
    honest: str | Promise
    sql: str
    values: Mapping[str, Any]
    told: Callable[[Facts], str] = field(repr=False)


KINDS: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """In the order of the pages."""
    KINDS[kind.code] = kind


def kind_words(code: str) -> str:
    """As pages call it; the code of one that is looked for no longer."""
    return str(KINDS[code].name) if code in KINDS else code


def unlooked(code: str, row: str) -> str:
    """SQL that is true for a row no sign of this kind that was looked at rests on."""
    return f"not exists (select from signs_seen s where s.kind = '{code}' and s.row = {row})"


MADE = "{0}.made_at + make_interval(secs => {0}.clock_offset_seconds)"
"""When an entry was made, by the server's clock."""

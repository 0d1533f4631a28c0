"""The map of open cases: size by how many, colour and shape by how many are late."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from gandeng.core.region_code import RegionCode
from gandeng.regions import places
from gandeng.regions.maps import points_map

_MANY = 3
"""A third of the open ones and more."""


def states() -> list[tuple[str, str, str]]:
    """Words, colour and shape; the worst last."""
    return [
        (_("Tidak ada yang lewat waktu"), "var(--good)", "circle"),
        (_("Ada yang lewat waktu"), "var(--warn)", "triangle-up"),
        (_("Sepertiga atau lebih lewat waktu"), "var(--bad)", "square"),
    ]


def _state_of(row: Mapping[str, Any]) -> str:
    late = row["late"]
    return states()[0 if not late else 2 if late * _MANY >= row["open"] else 1][0]


def open_map(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Places as points. None where fewer than two can be drawn."""
    points = [point for row in rows if row["open"] and (point := _point(row))]
    return points_map(points, "open", (40, 320), states())


def _point(row: Mapping[str, Any]) -> dict[str, Any] | None:
    found = places.place(RegionCode(row["key"])) if row["key"] else None
    if found is None or found.latitude is None or found.longitude is None:
        return None
    told = _("%(place)s: %(open)s kasus terbuka, %(late)s lewat waktu")
    return {
        "lat": round(found.latitude, 4), "lon": round(found.longitude, 4), "open": row["open"], "state": _state_of(row),
        "told": told % {"place": row["name"], "open": row["open"], "late": row["late"]},
    }  # fmt: skip

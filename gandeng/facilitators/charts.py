"""Vega-Lite specifications of the caseload's pictures: colours are the page's variables, each state has its shape."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from gandeng.core.region_code import RegionCode
from gandeng.facilitators.load_queries import Person, PlaceLoad
from gandeng.regions import places
from gandeng.regions.maps import points_map

NAMED_MAX = 40
"""Up to so many facilitators have a bar each; more are counted by load."""
_STEP = 25
_BAR = 36


def states() -> list[tuple[str, str, str]]:
    """Words, colour and shape; the worst last."""
    return [
        (_("Sampai norma"), "var(--good)", "circle"),
        (_("Di atas norma"), "var(--warn)", "triangle-up"),
        (_("Mencapai batas kantor"), "var(--bad)", "square"),
        (_("Tanpa pendamping sama sekali"), "var(--info)", "cross"),
    ]


def state_of(place: PlaceLoad) -> str:
    """By the mean load of those who accompany there: of a village with one facilitator, hers."""
    good, above, limit, nobody = (words for words, _colour, _shape in states())
    loads = [one.families for one in place.people if one.held]
    if not loads:
        return nobody
    mean = sum(loads) / len(loads)
    if place.limit and mean >= place.limit:
        return limit
    return above if place.norm and mean > place.norm else good


def load_map(parts: Sequence[PlaceLoad]) -> dict[str, Any] | None:
    """Places as points: size by families, colour and shape by load. None where fewer than two can be drawn."""
    points: list[dict[str, Any]] = []
    for one in parts:
        found = places.place(RegionCode(one.code))
        if found and found.latitude is not None and found.longitude is not None and one.families:
            points.append({
                "lat": round(found.latitude, 4), "lon": round(found.longitude, 4), "state": state_of(one),
                "families": one.families, "told": _told(one),
            })  # fmt: skip
    return points_map(points, "families", (25, 260), states())


def _told(one: PlaceLoad) -> str:
    return _("%(place)s: %(families)s keluarga, %(without)s tanpa pendamping; rata-rata beban %(mean)s") % {
        "place": one.name, "families": one.families, "without": one.without, "mean": one.mean_families or "–",
    }  # fmt: skip


def load_bars(people: Sequence[Person], norm: int | None, limit: int | None) -> dict[str, Any] | None:
    """A bar for each facilitator, or how many have how much; lines at the norm and at the office's limit."""
    if not people:
        return None
    return _layered(_named(people) if len(people) <= NAMED_MAX else _counted(people), norm, limit)


def _named(people: Sequence[Person]) -> dict[str, Any]:
    rows = [{"name": f"{one.name}|{one.staff_no}", "families": one.families} for one in people]
    return {
        "height": _BAR * len(rows),
        "data": {"values": rows},
        "mark": {"type": "bar", "color": "var(--primary)", "height": {"band": 0.7}},
        "encoding": {
            "y": {"field": "name", "type": "nominal", "sort": None, "title": None,
                  "axis": {"labelLimit": 150, "labelExpr": "split(datum.label, '|')"}},
            "x": {"field": "families", "type": "quantitative", "title": _("Keluarga"), "scale": {"domainMin": 0},
                  "axis": {"tickMinStep": 1}},
            "tooltip": {"field": "families"},
        },
    }  # fmt: skip


def _counted(people: Sequence[Person]) -> dict[str, Any]:
    counts: dict[int, int] = {}
    for one in people:
        low = one.families // _STEP * _STEP
        counts[low] = counts.get(low, 0) + 1
    rows = [{"low": low, "high": low + _STEP, "people": number} for low, number in sorted(counts.items())]
    return {
        "height": 260,
        "data": {"values": rows},
        "mark": {"type": "bar", "color": "var(--primary)"},
        "encoding": {
            "x": {"field": "low", "type": "quantitative", "bin": {"binned": True, "step": _STEP},
                  "title": _("Keluarga per pendamping"), "axis": {"tickMinStep": _STEP}},
            "x2": {"field": "high"},
            "y": {"field": "people", "type": "quantitative", "title": _("Pendamping"), "axis": {"tickMinStep": 1}},
            "tooltip": {"field": "people"},
        },
    }  # fmt: skip


def _layered(bars: dict[str, Any], norm: int | None, limit: int | None) -> dict[str, Any]:
    lines = [
        (norm, _("norma %(families)s"), "var(--ink)", [6, 4], 4),
        (limit, _("batas %(families)s"), "var(--bad)", [1, 0], 20),
    ]
    layers: list[dict[str, Any]] = [{name: bars[name] for name in ("mark", "encoding")}]
    for at, words, colour, dash, up in lines:
        if at:
            value = {"values": [{"at": at, "words": words % {"families": at}}]}
            x = {"field": "at", "type": "quantitative"}
            rule = {"type": "rule", "color": colour, "strokeDash": dash, "strokeWidth": 2}
            text = {"type": "text", "color": colour, "baseline": "bottom", "y": -up, "fontWeight": 600}
            layers.append({"data": value, "mark": rule, "encoding": {"x": x}})
            layers.append({"data": value, "mark": text, "encoding": {"x": x, "text": {"field": "words"}}})
    above = 40 if norm or limit else 5
    return {
        "height": bars["height"], "data": bars["data"], "layer": layers,
        "padding": {"top": above, "left": 5, "right": 5, "bottom": 5},
    }  # fmt: skip

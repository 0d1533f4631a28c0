"""The picture of a plan: each facilitator's load before and after, colours and shapes as the page's other charts."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

NAMED_MAX = 60
"""More people than this have no line each: the table beneath has them all."""
_LINE = 24


def load_lines(rows: Sequence[Mapping[str, Any]], norm: int, *, planned: bool) -> dict[str, Any] | None:
    """From a circle (now) to a square (planned), and a line at the norm. None for nobody and for too many."""
    if not rows or len(rows) > NAMED_MAX:
        return None
    now, then = _("Sekarang"), _("Rencana")
    values = []
    for place, row in enumerate(rows):
        who = {"name": row["name"], "place": place, "before": row["before"], "after": row["after"]}
        values.append(who | {"when": now, "families": row["before"]})
        if planned:
            values.append(who | {"when": then, "families": row["after"]})
    whens = [now, then] if planned else [now]
    y = {
        "field": "name", "type": "nominal", "title": None, "sort": {"field": "place"}, "axis": {"labelLimit": 150},
    }  # fmt: skip
    scale = {"domain": whens, "range": ["circle", "square"][: len(whens)]}
    colours = {"domain": whens, "range": ["var(--warn)", "var(--good)"][: len(whens)]}
    lines = {
        "transform": [{"filter": {"field": "when", "equal": now}}],
        "mark": {"type": "rule", "color": "var(--line-strong)", "strokeWidth": 2},
        "encoding": {"y": y, "x": {"field": "before", "type": "quantitative"}, "x2": {"field": "after"}},
    }
    points = {
        "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
        "encoding": {
            "y": y,
            "x": {
                "field": "families",
                "type": "quantitative",
                "title": _("Keluarga"),
                "scale": {"domainMin": 0},
                "axis": {"tickMinStep": 1},
            },
            "color": {"field": "when", "type": "nominal", "title": None, "scale": colours},
            "shape": {"field": "when", "type": "nominal", "title": None, "scale": scale},
            "tooltip": [{"field": "name"}, {"field": "when"}, {"field": "families"}],
        },
    }
    at_norm = {
        "data": {"values": [{"at": norm}]},
        "mark": {"type": "rule", "color": "var(--ink)", "strokeDash": [6, 4], "strokeWidth": 2},
        "encoding": {"x": {"field": "at", "type": "quantitative"}},
    }
    layers = [*([lines] if planned else []), points, at_norm]
    return {"height": _LINE * len(rows) + 20, "data": {"values": values}, "layer": layers}

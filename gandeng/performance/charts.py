"""The picture of a comparison: for each group the middle half of its figures, and the median."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from gandeng.performance.alike import Group, Spread

_BAND = 46


def spread_chart(groups: Sequence[tuple[Group, Spread]]) -> dict[str, Any] | None:
    """A bar from the lower to the upper quartile and a line at the median, group by group; None without any."""
    if not groups:
        return None
    rows = [
        {"group": group.words, "low": one.low, "middle": one.middle, "high": one.high} for group, one in groups
    ]  # fmt: skip
    y = {"field": "group", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 240}}
    x = {
        "type": "quantitative", "title": _("Catatan per orang"), "axis": {"tickMinStep": 1, "format": "~g"},
        "scale": {"domain": [0, max(1, *(one.high for _group, one in groups))]},
    }  # fmt: skip
    return {
        "height": _BAND * len(rows) + 20,
        "data": {"values": rows},
        "layer": [
            {
                "mark": {"type": "bar", "color": "var(--primary)", "height": {"band": 0.5}, "opacity": 0.55},
                "encoding": {"y": y, "x": {"field": "low", **x}, "x2": {"field": "high"}},
            },
            {
                "mark": {"type": "tick", "color": "var(--ink)", "thickness": 3, "size": 28},
                "encoding": {"y": y, "x": {"field": "middle", **x}, "tooltip": {"field": "middle"}},
            },
        ],
    }  # fmt: skip

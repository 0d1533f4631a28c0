"""Places as points on a map, as Vega-Lite: the size by how many, colour and shape together by state."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_POINTS_MIN = 2


def _by_state(states: Sequence[tuple[str, str, str]]) -> dict[str, Any]:
    """Colour and shape together, so one legend shows both. `states` are words, colour and shape."""
    words, colours, shapes = zip(*states, strict=True)
    legend = {"title": None, "columns": 1}
    return {
        "color": {"field": "state", "type": "nominal", "legend": legend,
                  "scale": {"domain": list(words), "range": list(colours)}},
        "shape": {"field": "state", "type": "nominal", "legend": legend,
                  "scale": {"domain": list(words), "range": list(shapes)}},
    }  # fmt: skip


def points_map(
    points: Iterable[Mapping[str, Any]], size: str, sizes: tuple[int, int], states: Sequence[tuple[str, str, str]]
) -> dict[str, Any] | None:
    """`points` have lat, lon, told, state and `size`. None where fewer than two can be drawn."""
    drawn = sorted(points, key=lambda point: -point[size])  # small ones are drawn over large ones
    if len(drawn) < _POINTS_MIN:
        return None
    return {
        "height": 420,
        "data": {"values": drawn},
        "projection": {"type": "mercator"},
        "mark": {"type": "point", "filled": True, "opacity": 0.85, "stroke": "var(--surface)", "strokeWidth": 0.6},
        "encoding": {
            "longitude": {"field": "lon", "type": "quantitative"},
            "latitude": {"field": "lat", "type": "quantitative"},
            "size": {
                "field": size, "type": "quantitative", "legend": None,
                "scale": {"domain": [0, drawn[0][size]], "range": list(sizes)},
            },
            "tooltip": {"field": "told", "type": "nominal"},
            **_by_state(states),
        },
    }  # fmt: skip

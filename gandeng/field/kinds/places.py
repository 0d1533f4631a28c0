"""Where the phone was when something was recorded, if the person asked it to say so. No rule hangs on it."""

from typing import Any

from django.utils.translation import gettext as _

WHERE = "where"
_DIGITS = 4
_FARTHEST = {"lat": 90, "lon": 180}
_METRES_MAX = 100_000


def position_told(body: Any) -> tuple[float, float, float] | None:
    """Latitude, longitude, and how many metres off it may be; None where nothing, or nothing readable, was told."""
    told = body.get(WHERE) if isinstance(body, dict) else None
    if not isinstance(told, dict):
        return None
    lat, lon = (_number(told.get(name), most) for name, most in _FARTHEST.items())
    if lat is None or lon is None:
        return None
    return lat, lon, abs(_number(told.get("m"), _METRES_MAX) or 0)


def where_told(body: Any) -> str:
    """In words; "" where nothing, or nothing readable, was told."""
    told = body.get(WHERE) if isinstance(body, dict) else None
    if not isinstance(told, dict):
        return ""
    found = [_number(told.get(name), most) for name, most in _FARTHEST.items()]
    if None in found:
        return ""
    metres = _number(told.get("m"), _METRES_MAX)
    numbers = {"lat": f"{found[0]:.{_DIGITS}f}", "lon": f"{found[1]:.{_DIGITS}f}"}
    if metres is None:
        return "{lat}, {lon}".format(**numbers)
    return _("%(lat)s, %(lon)s (kira-kira %(metres)s m)") % (numbers | {"metres": round(metres)})


def _number(told: object, most: int) -> float | None:
    fine = isinstance(told, int | float) and not isinstance(told, bool) and abs(told) <= most
    return float(told) if fine else None  # type: ignore[arg-type]

"""JSON as a phone may send it, and nothing cleverer: no depth, no endless number, no name twice, no half letter."""

import hashlib
import json
import math
from typing import Any

DEPTH_MAX = 12
DIGITS_MAX = 18
BYTES_MAX = 1024 * 1024


class Unreadable(ValueError):
    """Not the JSON a phone sends; the message is for the log of the app, in English."""


def read(data: bytes) -> dict[str, Any]:
    """The object in it. Raises Unreadable."""
    if len(data) > BYTES_MAX:
        raise Unreadable("too long")
    try:
        told = json.loads(
            data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refused, parse_int=_int, parse_float=_float
        )
    except Unreadable:
        raise
    except (ValueError, RecursionError) as error:
        raise Unreadable("no JSON") from error
    if not isinstance(told, dict):
        raise Unreadable("no object")
    _look(told, 1)
    return told


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise Unreadable("a name twice")
    return told


def _refused(text: str) -> None:
    raise Unreadable(f"{text} is no number")


def _int(text: str) -> int:
    if len(text) > DIGITS_MAX:
        raise Unreadable("a number too long")
    return int(text)


def _float(text: str) -> float:
    found = float(text)
    if len(text) > 2 * DIGITS_MAX or not math.isfinite(found):
        raise Unreadable("a number too long")
    return found


def _look(told: Any, depth: int) -> None:
    """Raises Unreadable for what is too deep, and for text that no database keeps."""
    if depth > DEPTH_MAX:
        raise Unreadable("too deep")
    if isinstance(told, str):
        if "\x00" in told or any("\ud800" <= sign <= "\udfff" for sign in told):
            raise Unreadable("a letter that is none")
    elif isinstance(told, dict):
        for key, value in told.items():
            _look(key, depth)
            _look(value, depth + 1)
    elif isinstance(told, list):
        for value in told:
            _look(value, depth + 1)


def canonical(told: dict[str, Any]) -> str:
    """The same text for the same content, whatever the order of names."""
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(entry: dict[str, Any]) -> str:
    """What an entry says, without its place in the queue of one device."""
    return hashlib.sha256(canonical({key: entry[key] for key in entry if key != "seq"}).encode()).hexdigest()

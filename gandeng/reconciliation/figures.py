"""What a statement says, as canonical JSON: figures by district and channel, files, statements beneath."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from gandeng.core.matching_tables import OUTCOMES

Figures = dict[str, Any]
_SUMS = ("payments", "instructed", "net", "withdrawn")


def digest_of(figures: Figures) -> str:
    """SHA-256 over the figures in their one canonical form."""
    text = json.dumps(figures, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def total(rows: Iterable[Mapping[str, Any]]) -> Figures:
    """The sum of rows; nothing but addition, so a province is the sum of its districts."""
    parts = list(rows)
    added: Figures = {name: sum(part[name] for part in parts) for name in _SUMS}
    for name in ("counts", "amounts"):
        added[name] = {outcome: sum(part[name].get(outcome, 0) for part in parts) for outcome in OUTCOMES}
    return added


def channels_of(figures: Figures) -> list[str]:
    """Channels with payments in it, in order."""
    return sorted({row["channel"] for row in figures["rows"] if row["payments"]})

"""The reconciliation contract in the plainest Python, to hold simulated answers against what was planted in them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

Row = dict[str, Any]
_CONTENT = ("payment_id", "account_no", "nik", "amount", "occurred_on")


def outcomes(payments: list[Row], results: list[Row]) -> dict[str, str]:
    """payment_id -> outcome; results in the order of files and rows."""
    keys = {key: _by_key(payments, key) for key in ("payment_id", "account", "nik")}
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in _heard_once(row for row in results if not _malformed(row)):
        payment = _match(row, keys)
        if payment is None or _misdirected(row, payment):
            continue
        sums[payment["payment_id"]][row["event"]] += row["amount"] or 0
    return {one["payment_id"]: _outcome(one["amount"], sums.get(one["payment_id"])) for one in payments}


def _by_key(payments: list[Row], key: str) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = defaultdict(list)
    for one in payments:
        value = (one["channel"], one["account_no"]) if key == "account" else one[key]
        found[value].append(one)
    return found


def _malformed(row: Row) -> bool:
    return bool(row["damage"]) or row["occurred_on"] is None or (row["amount"] is None and row["event"] != "FAILURE")


def _heard_once(rows: Iterable[Row]) -> Iterable[Row]:
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        content = tuple(row[name] for name in _CONTENT)
        mark = (row["bank_reference"],) if row["bank_reference"] else content
        groups[row["channel"], row["event"], *mark].append(row)
    for group in groups.values():
        if len({tuple(row[name] for name in _CONTENT) for row in group}) == 1:
            yield group[0]


def _match(row: Row, keys: dict[str, dict[Any, list[Row]]]) -> Row | None:
    for key, value in (
        ("payment_id", row["payment_id"]),
        ("account", (row["channel"], row["account_no"]) if row["account_no"] else ""),
        ("nik", row["nik"]),
    ):
        found = keys[key].get(value, []) if value else []
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _misdirected(row: Row, payment: Row) -> bool:
    if row["channel"] != payment["channel"]:
        return True
    return any(row[name] and payment[name] and row[name] != payment[name] for name in ("account_no", "nik"))


def _outcome(amount: int, sums: dict[str, int] | None) -> str:
    if sums is None:
        return "UNREPORTED"
    net = sums["CREDIT"] - sums["REVERSAL"]
    if net < 0 or sums["WITHDRAWAL"] > sums["CREDIT"]:
        return "INCONSISTENT"
    if net:
        return "PAID" if net == amount else "OVERPAID" if net > amount else "UNDERPAID"
    return "RETURNED" if sums["CREDIT"] else "FAILED"

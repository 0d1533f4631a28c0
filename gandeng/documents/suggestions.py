"""Nearest payments by name for result rows that match none: suggestions for a person, never accepted by themselves."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest

import pyarrow as pa
from rapidfuzz import fuzz, process

from gandeng.documents.name_keys import in_order, keys

BEST = 3
"""Suggestions a row gets at most."""

SCORE_MIN = 75
"""Of 100; below it names are no longer alike to a reader."""

CANDIDATES_MAX = 1000
"""Different names compared with one row at most; those of the rarest shared keys come first."""

SUGGESTIONS = pa.schema(
    [
        ("source", pa.string()),
        ("row", pa.int64()),
        ("place", pa.int64()),
        ("payment_id", pa.string()),
        ("name", pa.string()),
        ("district_code", pa.string()),
        ("amount", pa.int64()),
        ("score", pa.int64()),
    ]
)
_NIK_LENGTH = 16


@dataclass(frozen=True)
class _Payment:
    payment_id: str
    name: str
    district_code: str
    amount: int


def suggest(unknown: pa.Table, payments: pa.Table, *, best: int = BEST, score_min: int = SCORE_MIN) -> pa.Table:
    """For each row of `unknown` (source, row, name, nik, amount) the nearest of `payments` (payment_id, name,
    district_code, amount), as SUGGESTIONS: nearest first, the same amount before another where names are equally near.

    A NIK says where its bearer was first registered: that district's payments are asked first, all others only where
    it has none alike. A row without a name gets none.
    """
    index = _Index(_payments(payments))
    found: list[tuple[object, ...]] = []
    for source, row, name, nik, amount in _rows(unknown, ("source", "row", "name", "nik", "amount")):
        nearest = index.nearest(str(name or ""), _district_of(str(nik or "")), score_min)
        for place, (payment, score) in enumerate(_first(nearest, amount, best), start=1):
            told = (payment.payment_id, payment.name, payment.district_code, payment.amount, score)
            found.append((source, row, place, *told))
    columns = zip(*found, strict=True) if found else ((),) * len(SUGGESTIONS)
    return pa.table([list(column) for column in columns], schema=SUGGESTIONS)


def _first(nearest: list[tuple[_Payment, int]], amount: object, best: int) -> list[tuple[_Payment, int]]:
    return nsmallest(best, nearest, key=lambda pair: (-pair[1], pair[0].amount != amount, pair[0].payment_id))


def _payments(table: pa.Table) -> Iterable[_Payment]:
    names = ("payment_id", "name", "district_code", "amount")
    for payment_id, name, district_code, amount in _rows(table, names):
        yield _Payment(str(payment_id), str(name), str(district_code), int(str(amount)))


def _rows(table: pa.Table, names: Sequence[str]) -> Iterable[tuple[object, ...]]:
    return zip(*(table.column(name).to_pylist() for name in names), strict=True)


def _district_of(nik: str) -> str:
    """`63.71` of a whole NIK, else ''."""
    whole = len(nik) == _NIK_LENGTH and nik.isascii() and nik.isdigit()
    return f"{nik[:2]}.{nik[2:4]}" if whole else ""


class _Index:
    """Payments by spelled name, and names by their keys, in each district and everywhere (district '')."""

    def __init__(self, payments: Iterable[_Payment]) -> None:
        self._payments: dict[tuple[str, str], list[_Payment]] = defaultdict(list)
        self._names: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._asked: dict[tuple[str, str, int], list[tuple[str, int]]] = {}
        for payment in payments:
            for place in (payment.district_code, ""):
                self._add(place, payment)

    def _add(self, place: str, payment: _Payment) -> None:
        name = in_order(payment.name)
        same = self._payments[place, name]
        if not same:
            for key in keys(name):
                self._names[place, key].append(name)
        same.append(payment)

    def nearest(self, name: str, district: str, score_min: int) -> list[tuple[_Payment, int]]:
        """Payments alike, in the district if it has any, else anywhere."""
        asked = in_order(name)
        for place in (district, "") if district else ("",):
            scored = self._scored(place, asked, score_min) if asked else []
            if scored:
                return [(payment, score) for near, score in scored for payment in self._payments[place, near]]
        return []

    def _scored(self, place: str, asked: str, score_min: int) -> list[tuple[str, int]]:
        """Names alike in that place; asked once per name, because names repeat."""
        known = self._asked.get((place, asked, score_min))
        if known is None:
            candidates = self._candidates(place, asked)
            found = process.extract(asked, candidates, scorer=fuzz.ratio, score_cutoff=score_min, limit=BEST)
            known = self._asked[place, asked, score_min] = [(near, int(score)) for near, score, _ in found]
        return known

    def _candidates(self, place: str, asked: str) -> list[str]:
        """Names that share a key, rarest key first, and in their order so that the answer is always the same."""
        postings = sorted((self._names.get((place, key), []) for key in sorted(keys(asked))), key=len)
        chosen: dict[str, None] = {}
        for posting in postings:
            room = CANDIDATES_MAX - len(chosen)
            chosen.update(dict.fromkeys(posting[:room]))
            if room <= len(posting):
                break
        return sorted(chosen)

"""What waits for a person: counted within the territory, each count with the page of its rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import JSONBAgg
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import JSONObject
from django.urls import reverse

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.exports import queries as exports
from gandeng.payments.models import Cycle
from gandeng.payments.queries import cycles_visible_to, waiting_for_approval
from gandeng.reconciliation.actions.statements import missing
from gandeng.reconciliation.models import Signature, Statement
from gandeng.reconciliation.queries import waiting_exceptions, waiting_reissues
from gandeng.registry import change_queries, list_queries


@dataclass(frozen=True)
class Waiting:
    """One kind of work: how much of it, what it means, where it is done."""

    label: str
    count: int
    meaning: str
    url: str
    link: str


def waiting_for(acting: Acting) -> list[Waiting]:
    """Kinds of work this person's roles do, with a count of what waits; nothing a role cannot do."""
    own = [kind for kind in _KINDS if any(acting.may(may) for may in kind.rights)]
    found = {kind.label: kind.what(acting) for kind in own}
    counts = {label: what for label, what in found.items() if isinstance(what, int)}
    counts |= _counted({label: what for label, what in found.items() if not isinstance(what, int)})
    return [Waiting(kind.label, counts[kind.label], kind.meaning, reverse(kind.page), kind.link) for kind in own]


def _counted(rows: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """How many of each, all in one query."""
    counts = dict.fromkeys(rows, 0)
    asked: list[str] = []
    parts: list[str] = []
    values: list[Any] = []
    for label, each in rows.items():
        try:
            sql, own = each.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            continue
        asked.append(label)
        parts.append(f"(select count(*) from ({sql}) rows)")
        values += own
    if asked:
        with connection.cursor() as cursor:
            cursor.execute(f"select {', '.join(parts)}", values)
            counts |= dict(zip(asked, cursor.fetchone() or (), strict=True))
    return counts


def _unsigned(acting: Acting) -> int:
    """Statements in force of open stages that lack a name this person may put there; one query."""
    found = Statement.objects.filter(voided_at=None).exclude(cycle__state=Cycle.State.CLOSED)
    name = JSONObject(capacity="signatures__capacity", channel="signatures__channel", person="signatures__person_id")
    count = 0
    for statement in found.annotate(names=JSONBAgg(name, filter=Q(signatures__isnull=False), default=Value("[]"))):
        names = vars(statement)["names"]
        if any(one["person"] == str(acting.person_id) for one in names):
            continue
        signed = [Signature(capacity=one["capacity"], channel=one["channel"]) for one in names]
        region = statement.region_code
        count += any(acting.may(one.may, region, one.channel or None) for one in missing(statement, signed))
    return count


def cycles_for(acting: Acting) -> list[Cycle]:
    """The newest stages that are not closed, for those who see payments."""
    if not acting.may(May.SEE_PAYMENTS):
        return []
    return list(cycles_visible_to(acting).exclude(state=Cycle.State.CLOSED)[:4])


@dataclass(frozen=True)
class _Kind:
    label: str
    rights: tuple[May, ...]
    what: Callable[[Acting], QuerySet[Any]] | Callable[[Acting], int]
    """The rows that wait, or how many where rows alone do not tell."""
    meaning: str
    page: str
    link: str


_KINDS = (
    _Kind(
        "Perubahan data", (May.DECIDE_CHANGE,), change_queries.waiting_for,
        "permintaan menunggu keputusan Anda", "registry:changes", "Putuskan",
    ),
    _Kind(
        "Daftar masuk", (May.APPLY_LIST,), list_queries.waiting_lists,
        "daftar menunggu diterapkan", "registry:intakes", "Periksa",
    ),
    _Kind(
        "Unduhan panjang", (May.APPROVE_EXPORT,), exports.waiting,
        "permintaan unduhan menunggu keputusan Anda", "exports:exports", "Putuskan",
    ),
    _Kind(
        "Daftar bayar", (May.APPROVE_DISTRICT, May.APPROVE_PROVINCE, May.APPROVE_CENTRE), waiting_for_approval,
        "daftar menunggu persetujuan Anda", "payments:cycles", "Periksa dan setujui",
    ),
    _Kind(
        "Pengecualian", (May.WORK_EXCEPTIONS,), waiting_exceptions,
        "pembayaran atau baris bank perlu ditindaklanjuti", "reconciliation:cycles", "Kerjakan",
    ),
    _Kind(
        "Bayar ulang", (May.WORK_EXCEPTIONS,), waiting_reissues,
        "permintaan bayar ulang menunggu keputusan Anda", "reconciliation:cycles", "Putuskan",
    ),
    _Kind(
        "Tanda tangan",
        (May.SIGN_DISTRICT_HEAD, May.SIGN_DISTRICT_COORDINATOR, May.SIGN_CHANNEL, May.SIGN_PROVINCE, May.SIGN_CENTRE),
        _unsigned, "pernyataan rekonsiliasi menunggu tanda tangan Anda", "reconciliation:cycles",
        "Baca dan tanda tangani",
    ),
)  # fmt: skip

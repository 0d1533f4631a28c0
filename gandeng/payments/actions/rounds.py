"""Supplementary lists (susulan): what came back is sent again, what was held back is paid, as the registry is now."""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.engine import parquet
from gandeng.payments.actions.after_freezing import hold_since
from gandeng.payments.actions.cycles import Report, folder_of
from gandeng.payments.actions.lists import fill_lists, hold, load_due
from gandeng.payments.actions.locking import locked
from gandeng.payments.held_queries import held_to_list
from gandeng.payments.ids import again_id
from gandeng.payments.levels import AFTER_INSTRUCTION
from gandeng.payments.models import Cycle, HeldPayment, Payment, PaymentList
from gandeng.payments.refused import Refused
from gandeng.payments.roots import write_roots
from gandeng.registry.snapshots import freeze

Reason = HeldPayment.Reason


@dataclass(frozen=True)
class CameBack:
    """A payment whose money came back, whole, and is to be sent again."""

    payment_id: str
    family_id: UUID
    family_no: str
    village_code: str
    amount_rupiah: int


@dataclass(frozen=True)
class StillHeld:
    """Why it cannot be sent yet, and from when it may, where a day is known."""

    reason: HeldPayment.Reason
    usable_from: date | None


@dataclass(frozen=True)
class Round:
    """A supplementary round: its number, and by original what holds one back that came back."""

    number: int
    held: dict[str, StillHeld]


def make_round(
    acting: Acting, cycle: Cycle, wanted: Iterable[CameBack], report: Report, *, closed: Sequence[Cycle] = ()
) -> Round:
    """Put what came back, and every family held back, on the lists of a supplementary round.

    They are then approved as all lists are. The round is the one whose lists are all DRAFT, made anew, or else the
    next. The amount is the original's or the calculation's; name, place, channel and account are the registry's of
    today, and what they hold back stays held with today's reason. A family that lives outside the region by now stands
    where it stood. `closed` are cycles whose held families are paid here. Whoever calls reads for everyone. Raises
    Refused while a round is being approved, and where nothing is listed because figures changed.
    """
    authority = acting.authority(May.RUN_CYCLE, cycle.region_code)
    with locked(cycle, *AFTER_INSTRUCTION) as found:
        number = _number(found)
        report("Mencari keluarga yang ditahan", 0, 0)
        owing = [found, *closed]
        uncounted = sum(hold_since(acting, each, report) for each in owing)
        first = [row for each in owing for row in held_to_list(each, found)]
        originals = sorted(wanted, key=lambda each: each.payment_id)
        report("Membaca data keluarga hari ini", 0, 0)
        _load(found, originals, first, report)
        report("Menyusun daftar susulan", 0, 0)
        filled = _fill(found, number, owing)
        if uncounted and not filled.listed:
            raise Refused("figures_changed", families=uncounted)
        if filled.seen != len(originals) + len(first):
            raise Refused("identity", check=f"to pay = listed + held {len(originals)} {len(first)} {filled.seen}")
        write_roots(filled.lists)
        facts: dict[str, Any] = {
            "round": number, "payments": filled.listed, "held": len(filled.held), "first": len(first),
            "closed": sorted(each.key for each in closed), "uncounted": uncounted,
        }  # fmt: skip
        record(acting, "round.made", found, region=found.region_code, authority=authority, **facts)
    return Round(number, filled.held)


@dataclass(frozen=True)
class _Filled:
    """What became of `due`: the lists, its rows, how many of them were listed, what holds back which that came back."""

    lists: list[UUID]
    seen: int
    listed: int
    held: dict[str, StillHeld]


def _fill(cycle: Cycle, number: int, owing: Sequence[Cycle]) -> _Filled:
    """What lies in `due` onto lists of the round, or held under the cycle that owes it."""
    with connection.cursor() as cursor:
        made = fill_lists(cursor, cycle, number)
        for each in owing:
            hold(cursor, cycle, each)
        cursor.execute(
            "select reissue_of, held, usable_from from due where held is not null and reissue_of is not null"
        )
        held = {original: StillHeld(Reason(reason), usable) for original, reason, usable in cursor.fetchall()}
        cursor.execute("select count(*), count(*) filter (where held is null) from due")
        seen, listed = cursor.fetchone() or (0, 0)
    return _Filled(made, seen, listed, held)


def _number(cycle: Cycle) -> int:
    """The round in DRAFT, or the next one."""
    rounds = PaymentList.objects.filter(cycle=cycle, round__gt=0)
    under_way = rounds.exclude(state=PaymentList.State.INSTRUCTED)
    if (handed_in := under_way.exclude(state=PaymentList.State.DRAFT).first()) is not None:
        raise Refused("round_under_way", number=handed_in.round)
    last = rounds.aggregate(last=Max("round"))["last"] or 0
    instructed = rounds.filter(round=last, state=PaymentList.State.INSTRUCTED).exists()
    return last + 1 if instructed or not last else last


def leave_round(payment: Payment) -> None:
    """A payment of a DRAFT list is not to be made: its row goes, and the list has the root of what is left.

    The caller holds the cycle, as `make_round` does.
    """
    Payment.objects.filter(pk=payment.pk).delete()
    write_roots([payment.list_id])


def _load(cycle: Cycle, originals: list[CameBack], first: list[HeldPayment], report: Report) -> None:
    """What is to be paid into `due`, read as it is today, wherever the families live."""
    folder = folder_of(cycle) / f"round-{uuid4().hex[:12]}"
    rows: list[dict[str, Any]] = [
        {"payment_id": again_id(each.payment_id), "family_id": each.family_no, "amount": each.amount_rupiah,
         "reissue_of": each.payment_id, "village": each.village_code}
        for each in originals
    ]  # fmt: skip
    rows += [
        {"payment_id": f"{held.cycle.key}-{held.family.family_no}", "family_id": held.family.family_no,
         "amount": held.amount_rupiah, "owed_by": None if held.cycle_id == cycle.pk else str(held.cycle_id),
         "village": held.village_code}
        for held in first
    ]  # fmt: skip
    try:
        families = {each.family_id for each in originals} | {each.family_id for each in first}
        freeze("", folder, on=timezone.localdate(), only=sorted(families))
        pq.write_table(pa.Table.from_pylist(rows, _WANTED), folder / "wanted.parquet")
        load_due(cycle, folder, f"select * from {parquet(folder / 'wanted.parquet')}", report)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


_WANTED = pa.schema(
    [(name, pa.int64() if name == "amount" else pa.string())
     for name in ("payment_id", "family_id", "amount", "reissue_of", "owed_by", "village")]
)  # fmt: skip

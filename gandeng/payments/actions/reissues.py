"""Supplementary lists (susulan): money that came back is sent again, to where the registry says today."""

import shutil
from collections.abc import Iterable
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
from gandeng.engine import quoted
from gandeng.payments.actions.cycles import Report, folder_of
from gandeng.payments.actions.lists import fill_lists, load_due
from gandeng.payments.actions.locking import locked
from gandeng.payments.ids import again_id
from gandeng.payments.levels import AFTER_INSTRUCTION
from gandeng.payments.models import Cycle, HeldPayment, PaymentList
from gandeng.payments.refused import Refused
from gandeng.payments.roots import write_roots
from gandeng.registry.snapshots import freeze


@dataclass(frozen=True)
class CameBack:
    """A payment whose money came back, whole, and is to be sent again."""

    payment_id: str
    family_id: UUID
    family_no: str
    amount_rupiah: int


@dataclass(frozen=True)
class StillHeld:
    """Why it cannot be sent yet, and from when it may, where a day is known."""

    reason: HeldPayment.Reason
    usable_from: date | None


def make_round(
    acting: Acting, cycle: Cycle, wanted: Iterable[CameBack], report: Report
) -> tuple[int, dict[str, StillHeld]]:
    """Put payments that came back on the lists of a supplementary round, which are then approved as all lists are.

    The round is the one whose lists are all DRAFT, made anew, or else the next. The amount is the original's; name,
    place, channel and account are the registry's of today. Gives the round and, by original, what holds one back.
    Raises Refused while a round is being approved.
    """
    authority = acting.authority(May.RUN_CYCLE, cycle.region_code)
    with locked(cycle, *AFTER_INSTRUCTION) as found:
        number = _number(found)
        originals = sorted(wanted, key=lambda each: each.payment_id)
        report("Membaca data keluarga hari ini", 0, 0)
        _load(found, originals, report)
        report("Menyusun daftar susulan", 0, 0)
        with connection.cursor() as cursor:
            made = fill_lists(cursor, found, number)
            cursor.execute("select reissue_of, held, usable_from from due where held is not null")
            held = {
                original: StillHeld(HeldPayment.Reason(reason), usable)
                for original, reason, usable in cursor.fetchall()
            }
            cursor.execute("select count(*), count(*) filter (where held is null) from due")
            seen, listed = cursor.fetchone() or (0, 0)
        if seen != len(originals):
            raise Refused("identity", check=f"came back = listed + held {len(originals)} {seen}")
        write_roots(made)
        facts: dict[str, Any] = {"round": number, "payments": listed, "held": len(held)}
        record(acting, "round.made", found, region=found.region_code, authority=authority, **facts)
    return number, held


def _number(cycle: Cycle) -> int:
    """The round in DRAFT, or the next one."""
    rounds = PaymentList.objects.filter(cycle=cycle, round__gt=0)
    under_way = rounds.exclude(state=PaymentList.State.INSTRUCTED)
    if (handed_in := under_way.exclude(state=PaymentList.State.DRAFT).first()) is not None:
        raise Refused("round_under_way", number=handed_in.round)
    last = rounds.aggregate(last=Max("round"))["last"] or 0
    instructed = rounds.filter(round=last, state=PaymentList.State.INSTRUCTED).exists()
    return last + 1 if instructed or not last else last


def _load(cycle: Cycle, originals: list[CameBack], report: Report) -> None:
    folder = folder_of(cycle) / f"round-{uuid4().hex[:12]}"
    try:
        freeze(cycle.region_code, folder, on=timezone.localdate(), only=[each.family_id for each in originals])
        wanted = pa.table(
            {
                "payment_id": [again_id(each.payment_id) for each in originals],
                "family_id": [each.family_no for each in originals],
                "amount": pa.array([each.amount_rupiah for each in originals], pa.int64()),
                "reissue_of": [each.payment_id for each in originals],
            },
            schema=_WANTED,
        )
        pq.write_table(wanted, folder / "wanted.parquet")
        load_due(cycle, folder, f"select * from '{quoted(folder / 'wanted.parquet')}'", report)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


_WANTED = pa.schema(
    [("payment_id", pa.string()), ("family_id", pa.string()), ("amount", pa.int64()), ("reissue_of", pa.string())]
)

"""A registry from canonical Parquet, sealed on the way in and merged by set; nobody saves families one by one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pyarrow.parquet as pq
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting, in_territory
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.audit.sealing import Place, blind, blind_account, seal
from gandeng.jobs.work import Report
from gandeng.registry.deciles import LEAST, MOST
from gandeng.registry.merging import (
    FAMILY_COLUMNS,
    MEMBER_COLUMNS,
    Merged,
    Whole,
    all_incoming,
    clashes,
    filling,
    known_ids,
    merge,
    start_incoming,
)
from gandeng.registry.models import Family
from gandeng.web.patience import allow_long_work

_ROWS = 20_000
STATUSES = frozenset(Family.Status.values)
ELSEWHERE = gettext_lazy(
    "Ada nomor keluarga, nomor anggota, NIK, KK, atau rekening yang sudah tercatat pada keluarga di luar wilayah Anda."
)
"""Said of what row security hides: that it is there, and nothing of whose it is."""


@dataclass(frozen=True)
class Loaded:
    """Rows read from the folder, and what became of them."""

    families: int
    members: int
    merged: Merged


class LoadRefused(Exception):
    """The tables do not fit each other or the registry; `sentences` say where, `count` how often."""

    def __init__(self, sentences: list[str], count: int) -> None:
        super().__init__(" ".join(str(one) for one in sentences[:3]))
        self.sentences, self.count = sentences, count


def load_registry(acting: Acting, folder: Path, *, on: date, report: Report) -> Loaded:
    """Make the registry hold what `families.parquet` and `members.parquet` of `folder` say, all of it or nothing.

    Columns are those of the entitlement contract; `kk_no`, and `decile` with `decile_on`, are read from the families
    where they are there. Rows that are there already are changed by their number; nobody leaves. Raises LoadRefused,
    PermissionDenied.
    """
    if not (acting.may(May.TAKE_LIST) or acting.may(May.APPLY_LIST)):
        raise PermissionDenied(May.APPLY_LIST)
    with in_territory(acting), transaction.atomic():
        allow_long_work(until_commit=True)
        start_incoming()
        families = _stage(folder / "families.parquet", "incoming_family", FAMILY_COLUMNS, _family_rows, report)
        members = _stage(folder / "members.parquet", "incoming_member", MEMBER_COLUMNS, _member_rows, report)
        all_incoming()
        merged = merge_or_refuse(on, report)
        record(
            acting, "registry.loaded", object_type="Family", authority=acting.first.words if acting.first else "",
            families=families, members=members,
        )  # fmt: skip
    return Loaded(families, members, merged)


def refuse_clashes(report: Report, *, region: str | None = None) -> None:
    """Raises LoadRefused where what was staged does not fit itself or the registry."""
    report("Memeriksa silang", 0, 0)
    sentences, count = clashes(region=region)
    if sentences:
        raise LoadRefused(sentences, count)


def merge_or_refuse(
    on: date, report: Report, *, requested_by: UUID | None = None, approved_by: UUID | None = None,
    whole: Whole | None = None,
) -> Merged:  # fmt: skip
    """Merge what was staged. Raises LoadRefused: nothing is then changed."""
    refuse_clashes(report, region=whole.region if whole else None)
    report("Menyimpan ke registri", 0, 0)
    try:
        with transaction.atomic():
            return merge(on, requested_by=requested_by, approved_by=approved_by, whole=whole)
    except IntegrityError as error:
        raise LoadRefused([str(ELSEWHERE)], 1) from error


def _stage(path: Path, table: str, names: tuple[str, ...], rows_of: Any, report: Report) -> int:
    file = pq.ParquetFile(path)
    total, done = file.metadata.num_rows, 0
    for batch in file.iter_batches(_ROWS):
        rows = list(rows_of(batch.to_pydict()))
        with filling(table, names) as copy:
            for row in rows:
                copy.write_row(row)
        done += batch.num_rows
        report("Menyegel identitas", done, total)
    return done


def _family_rows(columns: dict[str, list[Any]]) -> Iterator[tuple[Any, ...]]:
    known = known_ids("registry_family", "family_no", columns["family_id"])
    count = len(columns["family_id"])
    cards, deciles, days = (
        columns.get(name) or [empty] * count for name, empty in (("kk_no", ""), ("decile", None), ("decile_on", None))
    )
    told = (columns[name] for name in (
        "family_id", "collector_member_id", "village_code", "status", "channel", "account_no",
    ))  # fmt: skip
    for number, collector, village, status, channel, account, card, decile, day in zip(
        *told, cards, deciles, days, strict=True
    ):
        if (decile is None) != (day is None) or (decile is not None and not LEAST <= decile <= MOST):
            raise LoadRefused([_("Desil keluarga %(number)s tidak dikenal.") % {"number": number}], 1)
        if status not in STATUSES:
            raise LoadRefused([_("Status keluarga %(number)s tidak dikenal.") % {"number": number}], 1)
        own, account_own = known.get(number) or uuid4(), uuid4()
        yield (
            own, number, collector or "", village.replace(".", ""), status, channel,
            account_own, seal(account or "", Place("registry_account", "account", str(account_own))),
            blind_account(channel, account or ""), (account or "")[-3:],
            seal(card or "", Place("registry_family", "kk", str(own))), blind("kk", card or ""), (card or "")[-4:],
            decile, day,
        )  # fmt: skip


def _member_rows(columns: dict[str, list[Any]]) -> Iterator[tuple[Any, ...]]:
    known = known_ids("registry_member", "member_no", columns["member_id"])
    told = (columns[name] for name in (
        "family_id", "member_id", "nik", "name", "birth_date", "sex", "school_level", "pregnancy_no",
        "severe_disability", "rights_victim", "deceased_on",
    ))  # fmt: skip
    for family, number, nik, name, born, sex, level, pregnancy, disability, victim, died in zip(*told, strict=True):
        own, nik = known.get(number) or uuid4(), nik or ""
        yield (
            own, number, family, seal(nik, Place("registry_member", "nik", str(own))), blind("nik", nik), nik[-4:],
            name or "", born, sex, level or "", pregnancy, disability, victim, died,
        )  # fmt: skip

"""Outcomes and exceptions of a cycle as long exports: what their pages show, masked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.documents.masking import HIDDEN, mask_code, mask_text
from gandeng.exports.sources import Listing, channel_of, one_region, source
from gandeng.payments.models import Cycle
from gandeng.payments.queries import access_cycle
from gandeng.reconciliation.models import ExceptionCase
from gandeng.reconciliation.queries import EXCEPTION_FILTERS, OUTCOME_FILTERS, exceptions_of, outcomes_of
from gandeng.reconciliation.words import kind_name, reason_name
from gandeng.web.paging import narrowed

OUTCOMES, EXCEPTIONS = "hasil", "pengecualian"

_OUTCOME_HEADER = (
    "ID pembayaran", "Nama penerima", "NIK", "Desa/kelurahan", "Penyalur", "Hasil", "Diperintahkan", "Tersalur bersih",
    "Ditarik", "Selisih", "Alasan bank",
)  # fmt: skip
_OUTCOME = (
    "payment_id", "payment__name", "payment__nik_last4", "village_code", "channel", "outcome", "amount_rupiah",
    "net_rupiah", "withdrawn_rupiah", "at_stake_rupiah", "reason",
)  # fmt: skip
_EXCEPTION_HEADER = (
    "Jenis", "Keadaan", "Wilayah", "Penyalur", "ID pembayaran", "Nama penerima", "NIK", "Berkas bank", "Baris berkas",
    "Rupiah dipertaruhkan", "Kode alasan",
)  # fmt: skip
_EXCEPTION = (
    "kind", "state", "region_code", "channel", "payment_id", "payment__name", "payment__nik_last4", "file__name", "row",
    "at_stake_rupiah", "reason_code",
)  # fmt: skip
_STATES = dict(ExceptionCase.State.choices)


@source(OUTCOMES, May.SEE_RECONCILIATION, ("cycle", *OUTCOME_FILTERS))
def outcomes(acting: Acting, arguments: Mapping[str, str]) -> Listing:
    """Outcomes in force of a cycle, narrowed as on their page."""
    cycle, filters = _asked(acting, arguments)
    rows = outcomes_of(cycle, filters)
    page = reverse("reconciliation:outcomes", args=[cycle.pk])
    return _listing(acting, f"Hasil {_name(cycle)}", _OUTCOME_HEADER, rows, _OUTCOME, _outcome, filters, page)


@source(EXCEPTIONS, May.SEE_RECONCILIATION, ("cycle", *EXCEPTION_FILTERS))
def exceptions(acting: Acting, arguments: Mapping[str, str]) -> Listing:
    """Exceptions of a cycle, narrowed as on their page."""
    cycle, filters = _asked(acting, arguments)
    rows = exceptions_of(cycle, filters)
    page = reverse("reconciliation:exceptions", args=[cycle.pk])
    return _listing(
        acting, f"Pengecualian {_name(cycle)}", _EXCEPTION_HEADER, rows, _EXCEPTION, _exception, filters, page
    )


def _asked(acting: Acting, arguments: Mapping[str, str]) -> tuple[Cycle, dict[str, str]]:
    try:
        cycle = access_cycle(acting, UUID(arguments["cycle"]))
    except ValueError as error:
        raise Http404 from error
    return cycle, {name: value for name, value in arguments.items() if name != "cycle" and value}


def _name(cycle: Cycle) -> str:
    return f"tahap {cycle.stage} tahun {cycle.year}"


def _listing(
    acting: Acting,
    title: str,
    header: tuple[str, ...],
    rows: QuerySet[Any],
    columns: tuple[str, ...],
    cells: Callable[[Sequence[Any]], list[str | int]],
    filters: dict[str, str],
    page: str,
) -> Listing:
    region = filters.get("district") or one_region(acting.territory.regions)

    def lines() -> Iterator[list[str | int]]:
        plain = rows.select_related(None).order_by("-at_stake_rupiah", "pk").values_list(*columns)
        return map(cells, plain.iterator())

    return Listing(
        title=f"{title}, {region_name(region)}", region=region, channel=channel_of(acting, filters), header=header,
        count=rows.count, lines=lines, back=narrowed(page, filters),
    )  # fmt: skip


def _outcome(row: Sequence[Any]) -> list[str | int]:
    payment, name, nik, village, channel, outcome, *amounts, reason = row
    return [payment, name, HIDDEN + nik, region_name(village), channel, kind_name(outcome), *amounts, mask_text(reason)]


def _exception(row: Sequence[Any]) -> list[str | int]:
    kind, state, region, channel, payment, name, nik, file, number, stake, code = row
    return [
        kind_name(kind), str(_STATES[state]), region_name(region), channel, "" if name is None else payment, name or "",
        HIDDEN + nik if nik else "", mask_code(file or ""), number or "", stake, reason_name(code),
    ]  # fmt: skip

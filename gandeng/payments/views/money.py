"""A payment's story, the journal of a cycle, what is held back, and the approvals as a table."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.entitlements.queries import stage_of_run
from gandeng.exports.tables import table_bytes
from gandeng.payments import actions, held_queries, queries
from gandeng.payments.models import Approval, HeldPayment, JournalLine, PaymentList
from gandeng.payments.sections import sections_of
from gandeng.payments.story import crumbs, ends_it, held_words
from gandeng.payments.views.shared import cycle_name, exported, family_no, family_url, list_name, region_words
from gandeng.web.answers import CSV, as_file
from gandeng.web.language import indonesian
from gandeng.web.paging import known_filters, page_by_key

_ENTRIES = 100
_APPROVALS_HEADER = (
    "Kabupaten/kota", "Penyalur", "Tingkat", "Orang", "Wewenang", "Waktu", "Sidik daftar", "Berlaku",
)  # fmt: skip
_PLACES = [account for account in JournalLine.Account if account not in ("FUNDS", "NOT_SENT")]
"""Where instructed money can be."""


@allowed(May.SEE_PAYMENTS)
@require_GET
def payment(request: HttpRequest, payment_id: str) -> HttpResponse:
    """From the amount to the file, and what others add."""
    who = acting(request)
    known_filters(request, ())
    found = queries.access_payment(who, payment_id)
    sees_family = who.may(May.SEE_FAMILIES, found.village_code)
    context = {
        "payment": found, "list": found.list, "cycle": found.cycle, "name": cycle_name(found.cycle),
        "list_name": list_name(found.list), "family_no": family_no(found), "village": region_name(found.village_code),
        "family_url": family_url(who, found.family_id, found.village_code),
        "stage": stage_of_run(found.family_id, queries.run_of(found)) if sees_family else None,
        "owed_by": cycle_name(found.owed_by) if found.owed_by else "",
        "approvals": queries.approvals_in_force([found.list])[found.list_id],
        "instruction": queries.instruction_of(found) if found.list.state == PaymentList.State.INSTRUCTED else None,
        "sections": sections_of(who, found),
        "crumbs": crumbs(
            (_("Pembayaran"), reverse("payments:cycles")),
            (cycle_name(found.cycle), reverse("payments:cycle", args=[found.cycle_id])),
            (list_name(found.list), reverse("payments:list", args=[found.list_id])), (found.payment_id, ""),
        ),
    }  # fmt: skip
    return render(request, "payments/payment.html", context)


@allowed(May.SEE_PAYMENTS)
@require_GET
def journal(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Where the money of a cycle is, by district and channel, and every entry that brought it there."""
    who = acting(request)
    known_filters(request, ())
    found = queries.access_cycle(who, cycle_id)
    sums = actions.balances(found, with_corrections=True)
    instructed = queries.ordered_by_place(found)
    account_words = {account: str(account.label) for account in JournalLine.Account}
    used = [account for account in JournalLine.Account if any(there.get(account) for there in sums.values())]
    rows = [
        {
            "district": region_name(place[0]), "channel": place[1], "agrees": _agrees(there, instructed.get(place, 0)),
            "sums": [(account_words[account], there.get(account, 0)) for account in used],
        }
        for place, there in sums.items()
    ]  # fmt: skip
    entries = queries.with_lines(queries.entries_of(found).order_by("-at", "-pk")[:_ENTRIES])
    context = {
        "cycle": found, "name": cycle_name(found), "region": region_words(found), "rows": rows,
        "accounts": [account_words[account] for account in used],
        "empty": [words for account, words in account_words.items() if account not in used],
        "totals": [(account_words[account], sum(there.get(account, 0) for there in sums.values())) for account in used],
        "instructed": sum(instructed.values()),
        "placed": sum(map(_placed, sums.values())),
        "agrees": all(row["agrees"] for row in rows), "most": _ENTRIES,
        "entries": [
            {
                "told": each,
                "lines": [
                    (line, region_name(line.district_code), account_words[JournalLine.Account(line.account)])
                    for line in each.lines
                ],
            }
            for each in entries
        ],
        "crumbs": crumbs(
            (_("Pembayaran"), reverse("payments:cycles")),
            (cycle_name(found), reverse("payments:cycle", args=[found.pk])), (_("Jurnal"), ""),
        ),
    }  # fmt: skip
    return render(request, "payments/journal.html", context)


def _placed(there: Mapping[str, int]) -> int:
    """Rupiah of one district and channel that are where instructed money can be."""
    return sum(there.get(account, 0) for account in _PLACES)


def _agrees(there: Mapping[str, int], instructed: int) -> bool:
    """Whether every instructed rupiah is somewhere, and all accounts together sum to nothing."""
    return _placed(there) == instructed and sum(there.values()) == 0


@allowed(May.SEE_FAMILIES)
@require_GET
def held(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Families that are due money and are on no list, and why."""
    who = acting(request)
    filters = known_filters(request, ("alasan",))
    found = queries.access_cycle(who, cycle_id)
    rows = held_queries.held_in_force(found)
    if filters["alasan"]:
        rows = rows.filter(reason=filters["alasan"])
    page = page_by_key(rows, request, key="pk")
    numbers, here = held_queries.numbers_of(who, page.rows), held_queries.seen_families(page.rows)
    context = {
        "cycle": found, "name": cycle_name(found), "page": page, "filters": filters,
        "reasons": HeldPayment.Reason.choices, "lead": held_words(found),
        "rows": [
            {"held": each, "ends": ends_it(each.reason), "village": region_name(each.village_code),
             "family_no": numbers[each.family_id],
             "family_url": family_url(who, each.family_id, each.village_code) if each.family_id in here else ""}
            for each in page.rows
        ],
        "crumbs": crumbs(
            (_("Pembayaran"), reverse("payments:cycles")),
            (cycle_name(found), reverse("payments:cycle", args=[found.pk])), (_("Ditahan"), ""),
        ),
    }  # fmt: skip
    return render(request, "payments/held.html", context)


@allowed(May.SEE_PAYMENTS)
@require_GET
def approvals(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Every yes of the lists one sees, as CSV."""
    who = acting(request)
    known_filters(request, ())
    found = queries.access_cycle(who, cycle_id)
    with indonesian():  # what leaves the office
        rows: list[list[str | int]] = [
            [
                region_name(each.list.district_code), each.list.channel, str(Approval.Level(each.level).label),
                each.person.name, each.authority, each.at.isoformat(timespec="seconds"), each.root,
                "ya" if each.root == each.list.root else "tidak",
            ]
            for each in queries.approvals_of(found)
        ]  # fmt: skip
    exported(request, who, found, region=found.region_code, rows=len(rows), form="csv")
    return as_file(table_bytes(_APPROVALS_HEADER, rows), f"persetujuan-{found.key}.csv", CSV)

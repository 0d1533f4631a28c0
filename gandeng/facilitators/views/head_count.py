"""How many people work for the programme, as a page and as a table to take away."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.documents.numerals import long_date
from gandeng.exports.sources import one_region
from gandeng.exports.tables import table_bytes
from gandeng.facilitators import head_count as counting
from gandeng.facilitators.actions.staff import note_head_count
from gandeng.facilitators.head_count import HeadCount, total
from gandeng.facilitators.models import Employment, Post
from gandeng.facilitators.staff_queries import NO_TERMS
from gandeng.facilitators.views.record import tabs
from gandeng.facilitators.views.staff import day_of
from gandeng.registry.queries import region_choices
from gandeng.web.answers import CSV, as_file
from gandeng.web.language import indonesian
from gandeng.web.paging import known_filters, narrowed

FILTERS = ("region", "day")


@allowed(May.SEE_STAFF)
@require_safe
def head_count(request: HttpRequest) -> HttpResponse:
    """By year of joining, terms, post and place; every figure leads to its list."""
    who, filters = acting(request), known_filters(request, FILTERS)
    day, refused = day_of(filters)
    count = counting.head_count(who, filters["region"], day)
    context = {
        "filters": filters, "day": day, "refused": refused, "count": count,
        "regions": region_choices(who, filters["region"]),
        "region": region_name(filters["region"]) if filters["region"] else _own_region(who),
        "by_home": len(filters["region"] or one_region(who.where(May.SEE_STAFF).regions)) >= len("6371"),
        "tabs": tabs(reverse("facilitators:head_count")),
        "intake": [(row, {name: _to(filters, **asked) for name, asked in _intake(row.year)}) for row in count.intake],
        "sums": {name: total(count.intake, name) for name in counting.Intake.__dataclass_fields__},
        "years": [(row, _year_links(filters, row.year, row.end)) for row in reversed(count.years)],
        **_tables(filters, count),
    }  # fmt: skip
    return render(request, "facilitators/head_count.html", context)


def _own_region(who: Acting) -> str:
    regions = sorted(who.where(May.SEE_STAFF).regions)
    return ", ".join(region_name(code) for code in regions[:3])


def _to(filters: dict[str, str], **asked: str) -> str:
    return narrowed(reverse("facilitators:staff"), filters | asked)


def _intake(year: int) -> tuple[tuple[str, dict[str, str]], ...]:
    joined = {"joined": f"{year:04d}"}
    return (
        ("joined", joined | {"status": "JOINED"}),
        ("working", joined),
        ("contract", joined | {"employment": Employment.Kind.CONTRACT.value}),
        ("pppk", joined | {"employment": Employment.Kind.PPPK.value}),
        ("no_terms", joined | {"employment": NO_TERMS}),
        ("left", joined | {"status": "LEFT"}),
    )


def _year_links(filters: dict[str, str], year: int, end: date) -> dict[str, str]:
    return {
        "joined": _to(filters, joined=f"{year:04d}", status="JOINED", day=end.isoformat()),
        "left": _to(filters, left=f"{year:04d}", status="LEFT", day=end.isoformat()),
        "at_end": _to(filters, day=end.isoformat()),
    }


def _tables(filters: dict[str, str], count: HeadCount) -> dict[str, Any]:
    """Words, number and list of each row of the smaller tables."""
    figures = (("working", ""), ("away", "AWAY"), ("idle", "IDLE"), ("coming", "COMING"))
    roles = [(role_words(role), number, _to(filters, role=role)) for role, number in count.roles]
    terms = [
        (terms_words(kind, title), number, _to(filters, employment=title or kind))
        for kind, title, number in count.terms
    ]
    if unknown := count.working - sum(number for *_, number in count.terms):
        terms.append((_("Belum tercatat"), unknown, _to(filters, employment=NO_TERMS)))
    places = [
        (place_words(code), number, _to(filters | {"region": code}) if code else "") for code, number in count.places
    ]
    links = {name: _to(filters, status=status) for name, status in figures}
    return {"roles": roles, "terms": terms, "places": places, "links": links}


def role_words(role: str) -> str:
    """As screens name a post."""
    return str(Post.Role(role).label)


def terms_words(kind: str, title: str) -> str:
    """As screens name terms of work."""
    return f"PPPK: {Employment.Title(title).label}" if title else str(Employment.Kind(kind).label)


def place_words(code: str) -> str:
    """The place; that it is not known; of the nation itself."""
    return region_name(code) if code else _("Tidak tercatat")


@allowed(May.SEE_STAFF)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The same figures as CSV, in Indonesian, each with what it counts and as of when."""
    who = acting(request)
    filters = {name: request.POST.get(name, "").strip() for name in FILTERS}
    day, _refused = day_of(filters)
    count = counting.head_count(who, filters["region"], day)
    with indonesian():
        content = table_bytes(HEADER, csv_rows(count, day))
    note_head_count(who, filters["region"], day)
    return as_file(content, f"jumlah-sdm-{day.isoformat()}.csv", CSV)


HEADER = ("tabel", "baris", "yang dihitung", "jumlah", "per tanggal")


def csv_rows(count: HeadCount, day: date) -> list[tuple[str | int, ...]]:
    """One row for each figure of the page."""
    now = long_date(day)
    rows: list[tuple[str | int, ...]] = [
        (_("Ringkasan"), words, meaning, number, now)
        for words, meaning, number in (
            (_("Bertugas"), _("bergabung dan belum berhenti, termasuk yang cuti"), count.working),
            (pgettext("jumlah", "Cuti"), _("dari yang bertugas"), count.away),
            (_("Tanpa tugas"), _("dari yang bertugas"), count.idle),
            (_("Belum mulai"), _("bergabung sesudah tanggal ini"), count.coming),
        )
    ]
    for row in count.intake:
        for name, meaning in intake_words().items():
            rows.append((_("Angkatan"), row.year, meaning, getattr(row, name), now))
    for year in count.years:
        end = long_date(year.end)
        rows += [
            (_("Menurut tahun"), year.year, _("bergabung dalam tahun itu"), year.joined, end),
            (_("Menurut tahun"), year.year, _("berhenti dalam tahun itu"), year.left, end),
            (_("Menurut tahun"), year.year, _("bertugas pada akhir tahun"), year.at_end, end),
        ]
    rows += [(_("Tugas"), role_words(role), _("orang yang memegang tugas itu"), n, now) for role, n in count.roles]
    rows += [
        (_("Status kerja"), terms_words(kind, title), _("dari yang bertugas"), number, now)
        for kind, title, number in count.terms
    ]
    return rows + [(_("Wilayah"), place_words(code), _("dari yang bertugas"), n, now) for code, n in count.places]


def intake_words() -> dict[str, str]:
    """What each column of the intake counts."""
    return {
        "joined": _("bergabung dalam tahun itu"),
        "working": _("masih bertugas"),
        "contract": _("bertugas dengan kontrak"),
        "pppk": _("bertugas sebagai PPPK"),
        "no_terms": _("bertugas, status kerja belum tercatat"),
        "left": _("sudah berhenti"),
    }

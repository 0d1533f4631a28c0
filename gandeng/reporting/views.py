"""The page of whoever heads an office, and the same as a table to take away."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.audit.actions import record
from gandeng.exports.actions.budget import take_alone
from gandeng.exports.refused import Refused
from gandeng.exports.tables import table_bytes
from gandeng.facilitators.load_queries import own_region
from gandeng.performance.published import areas
from gandeng.regions.places import districts_of, provinces
from gandeng.reporting.indicators import OF_CASELOAD, OFFICE, RESULTS, Indicator, Read
from gandeng.web.answers import CSV, as_file
from gandeng.web.language import indonesian
from gandeng.web.paging import known_filters, narrowed

FILTERS = ("region", "bagian")
WORK = "hasil"
HEADER = ("kode tempat", "tempat", "angka", "jumlah", "satuan", "masa", "menurut catatan pada", "yang dihitung")
NOT_RECORDED_KEPT = "belum tercatat"
FILE_KEPT = "ringkasan-%(region)s-%(day)s.csv"
_DEEPEST = 4
_BAR = 22


@allowed(May.SEE_SUMMARY)
@require_safe
def summary(request: HttpRequest) -> HttpResponse:
    """Of one's region or one below it."""
    filters = known_filters(request, FILTERS)
    return render(request, "reporting/summary.html", _page(acting(request), filters["region"], filters["bagian"]))


def _page(who: Acting, asked: str, part: str, refused: str = "") -> dict[str, Any]:
    region, shown = _region(who, asked), _shown(part)
    read = Read(who, region, timezone.localdate())
    figures = [(one, *one.of(read)) for one in shown]
    codes = sorted({code for _one, _whole, counts in figures for code in counts or () if code})
    loads = (
        [{"place": region_name(code), "mean": one.mean_families} for code, one in read.loads.items()]
        if not part
        else []
    )
    known = [one for one in loads if one["mean"] is not None]
    return {
        "region": region, "place": region_name(region), "day": read.day, "now": timezone.now(), "refused": refused,
        "counted_at": None if part else read.caseload.counted_at,
        "part": part, "tabs": _tabs(region, part), "regions": _regions(who), "loads": known,
        "spec": _bars(known) if len(known) > 1 else None, "by_home": read.by_home, "month": read.month.words,
        "heads": [_head(one, whole, read) for one, whole, _counts in figures],
        "rows": [
            {
                "name": region_name(code), "link": _deeper(code, part),
                "cells": [_cell(one, counts, code, read) for one, _whole, counts in figures],
            }
            for code in codes
        ],
        "numeric": " ".join(str(n + 2) for n in range(len(figures))),
    }  # fmt: skip


def _region(who: Acting, asked: str) -> str:
    region = asked or own_region(who, May.SEE_SUMMARY)
    if len(region) > _DEEPEST or len(region) % 2 or not (region == "" or (region.isascii() and region.isdigit())):
        raise Http404
    if not who.may(May.SEE_SUMMARY, region):
        raise Http404
    return region


def _shown(part: str) -> tuple[Indicator, ...]:
    if part not in ("", WORK):
        raise Http404
    return RESULTS if part else OFFICE


def _tabs(region: str, part: str) -> list[dict[str, Any]]:
    url = reverse("reporting:summary")
    return [
        {"label": label, "url": narrowed(url, {"region": region, "bagian": key}), "current": key == part}
        for key, label in (("", _("Kantor")), (WORK, _("Hasil kerja")))
    ]


def _regions(who: Acting) -> list[tuple[str, str]]:
    """One's own and those a level below, to choose from."""
    own = own_region(who, May.SEE_SUMMARY)
    below = provinces() if not own else districts_of(own) if len(own) == len("63") else ()
    return [(own, region_name(own)), *((one.code.digits, one.name) for one in below)]


def _deeper(code: str, part: str) -> str:
    return narrowed(reverse("reporting:summary"), {"region": code, "bagian": part}) if len(code) <= _DEEPEST else ""


def _head(one: Indicator, whole: int | None, read: Read) -> dict[str, Any]:
    words = str(one.words)
    if one.monthly:
        words = f"{one.words}: {areas()[int(one.key.removeprefix('rhk_'))].subject.said()}"
    return {
        "one": one, "words": words, "short": one.short or one.words, "whole": whole,
        "link": one.link(read, read.region), "period": one.period(read),
    }  # fmt: skip


def _cell(one: Indicator, counts: Any, code: str, read: Read) -> dict[str, Any]:
    divided = counts is not None and (counts or not (read.by_home and one.whole))
    return {"words": one.words, "n": counts.get(code, 0) if divided else None, "link": one.link(read, code)}


def _bars(loads: list[dict[str, Any]]) -> dict[str, Any]:
    """Mean load by place, heaviest first."""
    return {
        "height": _BAR * len(loads),
        "data": {"values": loads},
        "mark": {"type": "bar", "color": "var(--info)"},
        "encoding": {
            "y": {"field": "place", "type": "nominal", "sort": "-x", "title": None},
            "x": {"field": "mean", "type": "quantitative", "title": _("Keluarga per pendamping"),
                  "axis": {"tickMinStep": 1}},
        },
    }  # fmt: skip


@allowed(May.SEE_SUMMARY)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Both parts as CSV: each figure of each place with what it counts and of when."""
    who = acting(request)
    region = _region(who, request.POST.get("region", ""))
    authority = who.authority(May.SEE_SUMMARY, region)
    read = Read(who, region, timezone.localdate())
    with indonesian():
        rows = _lines(read)
    try:
        take_alone(who, "Summary", len(rows), region=region)
    except Refused as refused:
        return render(request, "reporting/summary.html", _page(who, region, "", str(refused)), status=422)
    record(
        who,
        "summary.exported",
        object_type="Summary",
        object_id=region,
        region=region,
        authority=authority,
        rows=len(rows),
    )
    name = FILE_KEPT % {"region": region or "indonesia", "day": read.day.isoformat()}
    return as_file(table_bytes(HEADER, rows), name, CSV)


def _as_of(one: Indicator, read: Read) -> str:
    """The day the records were read."""
    counted = read.caseload.counted_at if one.key in OF_CASELOAD else None
    return (timezone.localdate(counted) if counted else read.day).isoformat()


def _lines(read: Read) -> list[tuple[str | int, ...]]:
    """The region first, then its places."""
    lines: list[tuple[str | int, ...]] = []
    for one in (*OFFICE, *RESULTS):
        whole, counts = one.of(read)
        told: dict[str, int | None] = {read.region: whole}
        told |= {code: n for code, n in sorted((counts or {}).items()) if code}
        for code, n in told.items():
            lines.append((
                code, region_name(code), str(one.words), NOT_RECORDED_KEPT if n is None else n, str(one.unit),
                one.period(read), _as_of(one, read), str(one.definition),
            ))  # fmt: skip
    return lines

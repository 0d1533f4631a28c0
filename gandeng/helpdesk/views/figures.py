"""Figures of complaints, each of which opens its rows, and the map of open cases."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.audit.actions import record
from gandeng.exports.tables import table_bytes
from gandeng.helpdesk import figures
from gandeng.helpdesk.charts import open_map
from gandeng.helpdesk.models import Case
from gandeng.helpdesk.published import kind_words, kinds
from gandeng.registry.queries import region_choices
from gandeng.web.answers import CSV, as_file
from gandeng.web.language import indonesian
from gandeng.web.paging import known_filters, narrowed

OFFICES = (May.WORK_CASES, May.HANDLE_SENSITIVE)
_BELOW = {0: 2, 2: 4, 4: 6, 6: 10, 10: 10}
_SHOWN = ("in", "open", "late", "answered", "in_time", "escalated", "reopened")
_FILE = "angka-pengaduan.csv"
_HEADER_KEPT = (
    "Menurut", "Kode", "Nama", "Dari", "Sampai", "Masuk", "Terbuka", "Lewat waktu", "Dijawab", "Tepat waktu",
    "Terlambat dijawab", "Naik tingkat", "Dibuka lagi", "Dinilai", "Median hari", "Persentil 90 hari",
)  # fmt: skip


@allowed(*OFFICES)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Of what came in within a period, by kind, level and place."""
    who, filters = acting(request), known_filters(request, figures.FILTERS)
    period = figures.period_asked(filters)
    tables = _tables(who, period)
    total, rated = figures.totals(period), figures.ratings(period)
    context = {
        "period": period, "filters": period.filters, "regions": region_choices(who, period.region),
        "heads": [figures.FIGURES[code].name for code in _SHOWN],
        "cards": _cards(period, total), "total": total, "tables": tables, "rated": _rated(period, rated),
        "map": open_map(tables[-1]["rows"]), "map_rows": [row for row in tables[-1]["rows"] if row["open"]],
    }  # fmt: skip
    return render(request, "helpdesk/figures.html", context)


def _rows_of(period: figures.Period, figure: str, **more: str) -> str:
    """The address of the cases a figure counts."""
    return narrowed(reverse("helpdesk:cases"), period.filters | {"figure": figure} | more)


def _cards(period: figures.Period, total: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"label": figure.name, "counts": figure.counts, "value": total[code], "url": _rows_of(period, code)}
        for code, figure in figures.FIGURES.items()
    ]


def _tables(who: Acting, period: figures.Period) -> list[dict[str, Any]]:
    levels = {code: str(label) for code, label in Case.Level.choices}
    length = _BELOW[len(period.region) if period.region else min(map(len, who.territory.regions), default=0)]
    told = (
        (_("Menurut jenis"), figures.by(period, "kind"), _kind_name, lambda key: {"kind": key}),
        (_("Menurut tingkat"), figures.by(period, "level"), levels.get, lambda key: {"level": str(key)}),
        (_("Menurut wilayah"), figures.by_region(period, length), _place_name, lambda key: _place(key, length)),
    )
    return [
        {"caption": caption, "rows": [_line(period, row, name(row["key"]), asked(row["key"])) for row in rows]}
        for caption, rows, name, asked in told
    ]


def _kind_name(code: str) -> str:
    return kind_words(code) if code in kinds() else code


def _place_name(code: str) -> str:
    return region_name(code) if code else _("Nasional")


def _place(code: str, length: int) -> dict[str, str]:
    """A region of the length asked for with all in it; a larger one, that region itself."""
    return {"region": code} if len(code) == length else {"region": code, "own": "1"}


def _line(period: figures.Period, row: dict[str, Any], name: str | None, asked: dict[str, str]) -> dict[str, Any]:
    cells = [
        {"name": figures.FIGURES[code].name, "value": row[code], "url": _rows_of(period, code, **asked)}
        for code in _SHOWN
    ]
    return row | {"name": name or str(row["key"]), "cells": cells}


def _rated(period: figures.Period, told: dict[str, Any]) -> dict[str, Any]:
    stars = [
        {"stars": stars, "count": count, "url": _rows_of(period, "rated", rating=str(stars))}
        for stars, count in told["stars"]
    ]
    return told | {"stars": stars, "least": figures.RATINGS_MIN}


@allowed(*OFFICES)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The three tables as CSV; counts alone."""
    who, filters = acting(request), known_filters(request, figures.FILTERS)
    period = figures.period_asked(filters)
    with indonesian():  # what leaves the office
        rows = list(_cells(period, _tables(who, period)))
    right = May.WORK_CASES if who.may(May.WORK_CASES) else May.HANDLE_SENSITIVE
    record(
        who, "helpdesk.figures_exported", region=period.region, authority=who.authority(right), rows=len(rows),
        since=period.filters["since"], until=period.filters["until"],
    )  # fmt: skip
    return as_file(table_bytes(_HEADER_KEPT, rows), _FILE, CSV)


def _cells(period: figures.Period, tables: Iterable[dict[str, Any]]) -> Iterable[tuple[str | int, ...]]:
    counted = list(figures.FIGURES)
    for table in tables:
        for row in table["rows"]:
            yield (
                str(table["caption"]), str(row["key"]), row["name"], period.filters["since"], period.filters["until"],
                *(row[code] for code in counted), _days(row["median"]), _days(row["ninth"]),
            )  # fmt: skip


def _days(days: float | None) -> str:
    return "" if days is None else f"{days:.1f}".replace(".", ",")

"""A sheet of a school or clinic that came from a phone: who sent it, where it was signed, its photos."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.commitments.models import Obligation, Record
from gandeng.field import queries
from gandeng.field.actions.deciding import open_photo_of, photos_of
from gandeng.field.actions.sending import body_of
from gandeng.field.kinds.places import where_told
from gandeng.web.answers import as_file
from gandeng.web.paging import known_filters

BOTH = (May.RECORD_COMMITMENT, May.DECIDE_COMMITMENT)


@allowed(*BOTH)
@require_safe
def sheet(request: HttpRequest, field_sheet_id: UUID) -> HttpResponse:
    """As it was sent, with what was recorded of the families one sees."""
    known_filters(request, ())
    found, entry = queries.access_sheet(field_sheet_id)
    context = {
        "sheet": found, "entry": entry, "quarter": f"{found.year}-{found.quarter}",
        "village": region_name(found.region_code), "where": where_told(body_of(entry).get("body")),
        "rows": _rows(queries.records_of(found)),
    }  # fmt: skip
    return render(request, "field/sheet.html", context)


def _rows(records: Any) -> list[dict[str, Any]]:
    """One for each member and obligation, its months in order."""
    found: dict[tuple[UUID, str], list[Record]] = {}
    for one in records:
        found.setdefault((one.member_id, one.obligation), []).append(one)
    labels = {1: _("Bulan ke-1"), 2: _("Bulan ke-2"), 3: _("Bulan ke-3")}
    return [
        {
            "name": months[0].member.name, "obligation": months[0].get_obligation_display(),
            "cells": [{"label": label, "words": _cell(months, number)} for number, label in labels.items()],
        }
        for months in found.values()
    ]  # fmt: skip


def _cell(months: list[Record], number: int) -> str:
    one = next((each for each in months if each.month == number), None)
    if one is None:
        return _("tidak dicatat")
    if not one.service:
        return _("Tidak ada sekolah atau petugas")
    if one.obligation != Obligation.EDUCATION:
        return _("%(count)s kunjungan") % {"count": one.visits}
    told = {"days": one.days, "absent": one.absent, "leave": one.leave, "sick": one.sick}
    return _("%(days)s hari: alpa %(absent)s, izin %(leave)s, sakit %(sick)s") % told


@allowed(*BOTH)
@require_POST
def photo(request: HttpRequest, field_sheet_id: UUID, sha256: str) -> HttpResponse:
    """A photo of the signed sheet, as an attachment; by POST, for opening it is written down."""
    who = acting(request)
    found, entry = queries.access_sheet(field_sheet_id)
    right = next(one for one in BOTH if who.may(one))
    content = open_photo_of(who, entry, photos_of(entry), sha256, who.authority(right, found.region_code))
    return as_file(content, f"lembar-{sha256[:8]}.jpg", "image/jpeg")

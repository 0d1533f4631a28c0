"""commitments.sheet: what a school or clinic signed about a quarter. One entry, one sheet and its verdicts.

The form is the page's own, so that the same thing is refused in the same words.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.commitments.actions import CommitmentRefused, NotJudgedYet, record_sheet
from gandeng.commitments.forms import NO, YES, SignedForm
from gandeng.commitments.models import Enrolment, Facility, Record, Sheet
from gandeng.commitments.queries import Quarter, expected_at, quarter_of
from gandeng.field.kinds import Conflict, Given, Kind, Line, Refused, Why, named_in, refused_by, uuid_of
from gandeng.field.queries import Named, hers_among
from gandeng.field.words import unreadable_field
from gandeng.registry.models import Family, Member

_SIGNED = ("signer_name", "signer_role", "place")
_NUMBERS = ("absent", "leave", "sick", "visits")
_MONTHS = ("1", "2", "3")


def place(acting: Acting, body: dict[str, Any]) -> Named | None:
    """The facility: hers while every member on the sheet is of a family she accompanies."""
    facility = named_in(Facility.objects.all(), body.get("facility"))
    if facility is None:
        return None
    members = _named(body)
    families = dict(Member.objects.filter(pk__in=members).values_list("pk", "family_id"))
    hers = len(families) == len(members) and set(families.values()) <= hers_among(acting, set(families.values()))
    return Named(None, None, facility.region_code, hers=hers, there=True)


def take(acting: Acting, given: Given) -> str:
    """Keep it. Conflict where a sheet newer than she saw holds one of the same members."""
    facility = named_in(Facility.objects.all(), given.body.get("facility"))
    if facility is None:
        raise Refused(Why(unreadable_field(), "facility"))
    quarter = _quarter(given.body.get("quarter"))
    expected = _on_it(given.body, expected_at(facility, quarter))
    form = SignedForm(_typed(given, expected), expected=expected, months=quarter.months())
    if not form.is_valid():
        raise _by_row(refused_by(form))
    families = {each.member.family_id for each in expected}
    list(Family.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=families).order_by("pk"))
    if not given.by_office and (newer := _newer(given, facility, quarter, expected)):
        words = _("Sudah ada lembar yang lebih baru tentang anggota yang sama, dicatat oleh %(name)s.")
        raise Conflict(words % {"name": newer.by.name})
    try:
        record_sheet(acting, given.record_id, facility, quarter, form.signed(), form.entries())
    except NotJudgedYet as gap:
        words = _("Angka kebijakan untuk menilai lembar ini belum ada. Lembarnya disimpan; kantor yang memutuskan.")
        raise Conflict(words) from gap
    except CommitmentRefused as why:
        raise Refused(Why(str(why), why.field)) from why
    return reverse("field:sheet", args=[given.record_id])


def _quarter(told: object) -> Quarter:
    try:
        return quarter_of(str(told))
    except ValueError as error:
        raise Refused(Why(unreadable_field(), "quarter")) from error


def _rows(body: dict[str, Any]) -> list[dict[str, Any]]:
    told = body.get("rows")
    return [row for row in told if isinstance(row, dict)] if isinstance(told, list) else []


def _named(body: dict[str, Any]) -> set[UUID]:
    """Members of its rows."""
    return {key for row in _rows(body) if (key := uuid_of(row.get("member"))) is not None}


def _on_it(body: dict[str, Any], expected: Sequence[Enrolment]) -> list[Enrolment]:
    """Those the rows tell of. Raises Refused for one that is not expected there, twice, or unreadable."""
    by_duty = {(each.member_id, each.obligation): each for each in expected}
    asked = [(uuid_of(row.get("member")), str(row.get("obligation"))) for row in _rows(body)]
    if not asked or len(set(asked)) != len(asked) or len(asked) != len(body["rows"]):
        raise Refused(Why(unreadable_field(), "rows"))
    found = [by_duty[key, duty] for key, duty in asked if key is not None and (key, duty) in by_duty]
    if len(found) != len(asked):
        raise Refused(
            Why(_("Ada anggota yang tidak lagi terdaftar di sini. Muat ulang daftarnya, lalu isi lagi."), "rows")
        )
    return found


def _typed(given: Given, expected: Sequence[Enrolment]) -> dict[str, str]:
    """The fields of the page."""
    typed = given.typed(*_SIGNED) | {
        "sheet_id": str(given.record_id), "signed_on": given.day("signed_on").isoformat(),
    }  # fmt: skip
    service, days = given.body.get("service"), given.body.get("days")
    for month in _MONTHS:
        told = service.get(month) if isinstance(service, dict) else None
        typed[f"service_{month}"] = {True: YES, False: NO}.get(told, "") if isinstance(told, bool) else ""
        typed[f"days_{month}"] = _number(days.get(month)) if isinstance(days, dict) else ""
    by_duty = {(str(each.member_id), each.obligation): each for each in expected}
    for row in _rows(given.body):
        each = by_duty[str(uuid_of(row.get("member"))), str(row.get("obligation"))]
        typed |= _cells(each, row.get("months"))
    return typed


def _cells(each: Enrolment, months: object) -> dict[str, str]:
    """One member's numbers. Raises Refused."""
    typed = {}
    for told in months if isinstance(months, list) else [None]:
        if not isinstance(told, dict) or str(told.get("month")) not in _MONTHS:
            raise Refused(Why(unreadable_field(), "rows"))
        for name in _NUMBERS:
            typed[f"cell_{each.pk.hex}_{told['month']}_{name}"] = _number(told.get(name))
    return typed


def _number(told: object) -> str:
    """What a form then reads or refuses."""
    if told is None:
        return ""
    return str(told)[:20] if isinstance(told, int | float) and not isinstance(told, bool) else "?"


def _by_row(refused: Refused) -> Refused:
    """Cells are of the rows; the words name whom."""
    names = {"service_": "service", "days_": "days", "cell_": "rows"}
    return Refused(
        *{
            Why(one.words, next((told for head, told in names.items() if one.field.startswith(head)), one.field)): None
            for one in refused.why
        }
    )


def _newer(given: Given, facility: Facility, quarter: Quarter, expected: Sequence[Enrolment]) -> Sheet | None:
    """The newest sheet of facility and quarter with one of these, later than the one she saw."""
    rows = Sheet.objects.filter(facility=facility, year=quarter.year, quarter=quarter.number)
    base = named_in(rows, given.body.get("base"))
    if base is not None:
        rows = rows.filter(at__gt=base.at)
    held = Record.objects.filter(sheet__in=rows, member_id__in=[each.member_id for each in expected])
    duties = {(each.member_id, each.obligation) for each in expected}
    found = held.select_related("sheet__by").order_by("-sheet__at")
    return next((one.sheet for one in found if (one.member_id, one.obligation) in duties), None)


def compare(_acting: Acting, given: Given) -> list[Line]:
    """What she copied beside what stands of the same members."""
    facility = named_in(Facility.objects.all(), given.body.get("facility"))
    told = given.typed(*_SIGNED, "quarter", "signed_on")
    stands = _standing(given, facility)
    last = next(iter(stands.values()))[-1].sheet if stands else None
    return [
        Line(_("Sekolah atau fasilitas"), facility.name if facility else "", facility.name if facility else ""),
        Line(_("Triwulan"), told["quarter"], told["quarter"]),
        Line(_("Nama penanda tangan"), f"{told['signer_name']}, {told['signer_role']}",
             f"{last.signer_name}, {last.signer_role}" if last else ""),
        Line(_("Tanggal tanda tangan"), told["signed_on"], last.signed_on.isoformat() if last else ""),
        *_members(given, stands),
    ]  # fmt: skip


def _standing(given: Given, facility: Facility | None) -> dict[tuple[UUID, str], list[Record]]:
    """Records of the newest sheet of each member and obligation on it."""
    try:
        quarter = _quarter(given.body.get("quarter"))
    except Refused:
        return {}
    rows = Record.objects.filter(
        sheet__facility=facility, sheet__year=quarter.year, sheet__quarter=quarter.number,
        member_id__in=_named(given.body),
    )  # fmt: skip
    found: dict[tuple[UUID, str], list[Record]] = {}
    for one in rows.select_related("sheet").order_by("-sheet__at", "month"):
        held = found.setdefault((one.member_id, one.obligation), [])
        if not held or held[0].sheet_id == one.sheet_id:
            held.append(one)
    return found


def _members(given: Given, stands: dict[tuple[UUID, str], list[Record]]) -> list[Line]:
    names = dict(Member.objects.filter(pk__in=_named(given.body))
                 .values_list("pk", "name"))  # fmt: skip
    lines = []
    for row in _rows(given.body):
        key, months = uuid_of(row.get("member")), row.get("months")
        sent = [one for one in months if isinstance(one, dict)] if isinstance(months, list) else []
        held = stands.get((key, str(row.get("obligation"))), []) if key else []
        lines.append(Line(
            names.get(key, _("Anggota")) if key else _("Anggota"),
            "; ".join(_said(str(one.get("month")), one) for one in sent),
            "; ".join(_said(str(one.month), vars(one)) for one in held),
        ))  # fmt: skip
    return lines


def _said(month: str, told: dict[str, Any]) -> str:
    labels = (("absent", _("Alpa")), ("leave", _("Izin")), ("sick", _("Sakit")), ("visits", _("Kunjungan")))
    words = ", ".join(f"{label} {told[name]}" for name, label in labels if told.get(name) not in (None, 0))
    return f"{month}: {words or 0}"


KIND = Kind("commitments.sheet", 1, gettext_lazy("Lembar komitmen"), take, compare, May.RECORD_COMMITMENT, place=place)

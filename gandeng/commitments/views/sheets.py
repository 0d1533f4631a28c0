"""Quarters, their facilities and sheets, and where members go."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.commitments import actions, overview_queries, own_queries, queries
from gandeng.commitments.actions import CommitmentRefused
from gandeng.commitments.evidence import thin_sheets
from gandeng.commitments.forms import FacilityForm, PlaceForm, SignedForm, kinds_of
from gandeng.commitments.models import Enrolment, Obligation
from gandeng.commitments.protocol import asked_words
from gandeng.commitments.queries import Quarter
from gandeng.commitments.unplaced_queries import FOUND_MAX, facilities_named
from gandeng.commitments.views.common import BOTH, STATE_WORDS, asked, quarter_in, quarters_offered, tabs
from gandeng.policy.commitment_rules import commitment_rules
from gandeng.web.paging import known_filters, page_by_key
from gandeng.web.refusals import refuse


@allowed(*BOTH)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Facilities and whether they signed for the quarter."""
    who, filters = acting(request), known_filters(request, ("quarter", "wilayah", "keadaan"))
    quarter, region = asked(filters)
    if filters["keadaan"] not in ("", *STATE_WORDS):
        raise BadRequest("keadaan")
    page = page_by_key(overview_queries.facilities(quarter, region, filters["keadaan"]), request, key="pk")
    places = overview_queries.by_sub_district(quarter)
    context = {
        "tabs": tabs(who, "overview"), "quarter": quarter, "quarters": quarters_offered(),
        "page": page, "rows": _facilities(page.rows), "may_record": who.may(May.RECORD_COMMITMENT),
        "places": [{"place": one, "name": region_name(one.code)} for one in places],
        "every": sum(one.every for one in places), "signed": sum(one.recorded for one in places),
        "narrowed": " · ".join(filter(None, [region_name(region) if region else "",
                                             str(STATE_WORDS.get(filters["keadaan"], ("",))[0])])),
    }  # fmt: skip
    return render(request, "commitments/overview.html", context)


def _facilities(rows: Any) -> list[dict[str, Any]]:
    thin = thin_sheets({one.newest_sheet for one in rows if one.newest_sheet})
    return [
        {
            "row": one, "village": region_name(one.region_code), "words": STATE_WORDS[one.state][0],
            "tone": STATE_WORDS[one.state][1], "thin": one.newest_sheet in thin,
        }
        for one in rows
    ]  # fmt: skip


@allowed(May.RECORD_COMMITMENT)
def facility_add(request: HttpRequest) -> HttpResponse:
    """A school or clinic that is not listed yet."""
    who = acting(request)
    form = FacilityForm(request.POST or None, places=_villages(who))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_facility(who, **form.cleaned_data)
        except CommitmentRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Tersimpan: %(found)s.") % {"found": made.name})
            return redirect("commitments:overview")
    context = {"form": form, "title": _("Tambah sekolah atau fasilitas"), "back": reverse("commitments:overview")}
    return render(request, "commitments/form.html", context, status=422 if form.errors else 200)


@allowed(May.RECORD_COMMITMENT)
def sheet(request: HttpRequest, facility_id: UUID, quarter_key: str) -> HttpResponse:
    """Everybody expected at a facility, on one sheet; of a larger one part by part, each signed for itself."""
    who, quarter = acting(request), quarter_in(quarter_key)
    facility = queries.access_facility(facility_id)
    here = reverse("commitments:sheet", args=[facility.pk, quarter.key])
    part, parts, expected = _part(request, queries.expected_at(facility, quarter))
    if part > parts:
        return redirect(f"{here}?bagian={parts}")
    form = SignedForm(request.POST or None, expected=expected, months=quarter.months())
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_sheet(who, form.cleaned_data["sheet_id"], facility, quarter, form.signed(), form.entries())
        except CommitmentRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Lembar tersimpan dan dinilai."))
            back = f"{reverse('commitments:overview')}?quarter={quarter.key}"
            return redirect(f"{here}?bagian={part + 1}" if part < parts else back)
    context = {
        "form": form, "groups": _groups(form, quarter), "facility": facility, "quarter": quarter,
        "village": region_name(facility.region_code), "confirmations": own_queries.confirmations(facility, quarter),
        "differences": own_queries.differences_of(facility, quarter),
        "parts": [
            {"number": one, "url": f"{here}?bagian={one}", "current": one == part} for one in range(1, parts + 1)
        ],
    }  # fmt: skip
    return render(request, "commitments/sheet.html", context, status=422 if form.errors else 200)


def _groups(form: SignedForm, quarter: Quarter) -> list[dict[str, Any]]:
    """A table for each obligation; beside members of health what the protocol asks at that age."""
    rules, rows = commitment_rules(quarter.year, quarter.number), form.rows()
    for row in rows:
        if row["enrolment"].obligation == Obligation.HEALTH:
            row["asked"] = asked_words(row["enrolment"].member, rules, quarter)
    return [
        {
            "obligation": obligation.label, "months": quarter.months(),
            "kinds": [label for _code, label in kinds_of(obligation)], "rows": group,
        }
        for obligation in Obligation
        if (group := [row for row in rows if row["enrolment"].obligation == obligation])
    ]  # fmt: skip


def _part(request: HttpRequest, expected: list[Enrolment]) -> tuple[int, int, list[Enrolment]]:
    """Which part is asked for, how many there are, and who is in it. Raises BadRequest.

    A paper printed while there were more members may ask for a part that is no longer there.
    """
    asked = known_filters(request, ("bagian",))["bagian"] or "1"
    parts = max(1, -(-len(expected) // queries.ROWS_MAX))
    if not (asked.isascii() and asked.isdigit() and len(asked) < 4 and int(asked) >= 1):
        raise BadRequest("bagian")
    part = int(asked)
    return part, parts, expected[(part - 1) * queries.ROWS_MAX : part * queries.ROWS_MAX]


@allowed(May.RECORD_COMMITMENT)
def place(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Where a member goes to school or clinic: one of its village, or found by typing."""
    who, text = acting(request), known_filters(request, ("cari",))["cari"]
    member = queries.access_member(who, member_id)
    initial = {"since": timezone.localdate().isoformat()}
    form = PlaceForm(
        request.POST or None, facilities=queries.near(member), initial=initial,
        offered=facilities_named(text) if text else queries.facilities_in(member.village_code)[:FOUND_MAX],
    )  # fmt: skip
    back = reverse("registry:family", args=[member.family_id])
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        actions.place(who, member, told["obligation"], told["facility"], told["since"])
        messages.success(request, _("Tersimpan: %(found)s.") % {"found": member.name})
        return redirect(back)
    context = {"form": form, "title": member.name, "back": back, "text": text}
    return render(request, "commitments/place.html", context, status=422 if form.errors else 200)


def _villages(who: Acting) -> list[tuple[str, str]]:
    return [(code, region_name(code)) for code in queries.villages(who)]

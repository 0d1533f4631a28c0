"""Who hands how many families of which village to whom: looked at, printed, taken away."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.core.region_code import RegionCode
from gandeng.exports.refused import Refused
from gandeng.facilitators.act_queries import Moved
from gandeng.facilitators.models import Plan
from gandeng.facilitators.plan_export import KINDS, export_table
from gandeng.facilitators.plan_queries import access_plan, handed
from gandeng.facilitators.views.plan_parts import tabs, tone, trail
from gandeng.web.answers import as_file
from gandeng.web.language import indonesian
from gandeng.web.paging import known_filters

_HEADER = (
    "Kode desa", "Kecamatan", "Desa/kelurahan", "Dari", "Nomor pemberi", "Kepada", "Nomor penerima", "Keluarga",
)  # fmt: skip
_NOBODY_HEADER = "belum ada pendamping"


@allowed(May.SEE_STAFF)
@require_GET
def hand_over(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """The list of the way chosen, as it would be on the day, or as it was carried out."""
    known_filters(request, ())
    who = acting(request)
    found = access_plan(who, plan_id)
    if found.chosen is None:
        messages.error(request, _("Pilih dahulu salah satu pilihan."))
        return redirect("plans:plan", found.pk)
    day = _day(found)
    rows = handed(found, day)
    context = {
        "plan": found,
        "region": region_name(found.region_code),
        "tone": tone(found),
        "day": day,
        "rows": [
            {"moved": row, "village": region_name(row.village_code), "sub_district": region_name(row.village_code[:6])}
            for row in rows
        ],
        "families": sum(row.families for row in rows),
        "found": sum(row.families for row in rows if not row.giver),
        "villages": len({row.village_code for row in rows}),
        "may_decide": found.state == Plan.State.DRAFT and who.may(May.DECIDE_CASELOAD, found.region_code),
        "tabs": tabs(found, "hand_over"),
        "trail": trail(region_name(found.region_code), _("Daftar serah terima"), plan=found),
    }
    return render(request, "facilitators/plan_hand_over.html", context)


def _day(found: Plan) -> date:
    return found.change.effective_on if found.change else max(found.as_of, timezone.localdate())


@allowed(May.SEE_STAFF)
@require_POST
def hand_over_file(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """The same as CSV or XLSX."""
    who = acting(request)
    form = request.POST.get("form", "")
    found = access_plan(who, plan_id)
    if form not in KINDS or found.chosen is None:
        raise Http404
    with indonesian():  # what leaves the office
        rows = [_cells(row) for row in handed(found, _day(found))]
    try:
        content = export_table(who, "Plan", found.region_code, _HEADER, rows, form, plan=str(found.pk))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("plans:hand_over", found.pk)
    return as_file(content, f"serah-terima-{found.region_code}.{form}", KINDS[form])


def _cells(row: Moved) -> list[str | int]:
    village = row.village_code
    return [
        RegionCode(village).dotted(), region_name(village[:6]), region_name(village), row.giver or _NOBODY_HEADER,
        row.giver_no, row.taker, row.taker_no, row.families,
    ]  # fmt: skip

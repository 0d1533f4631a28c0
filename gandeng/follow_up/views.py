"""A facilitator's tasks, telling what was found out, what came to the office, who asks whom, and the causes."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
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
from gandeng.core.region_code import DISTRICT_DIGITS
from gandeng.exports.tables import table_bytes
from gandeng.facilitators.queries import own_record
from gandeng.follow_up import queries
from gandeng.follow_up.actions import FollowUpRefused
from gandeng.follow_up.actions import tell as keep
from gandeng.follow_up.forms import TellForm
from gandeng.follow_up.models import FollowUp
from gandeng.payments.models import Cycle
from gandeng.payments.queries import cycles_visible_to
from gandeng.reconciliation.paging import page_by_worst
from gandeng.reconciliation.words import BY_DECILE, REASON_CODES, channel_name, kind_means, kind_name, reason_name
from gandeng.registry.deciles import telling
from gandeng.registry.queries import region_choices
from gandeng.web.answers import as_file
from gandeng.web.finding import region_asked
from gandeng.web.paging import known_filters, narrowed, page_by_column, page_by_key, query_of
from gandeng.web.refusals import refuse
from gandeng.web.tabs import tabs_of
from gandeng.words import say

TONES = {
    "NOT_MET": "warn", "GUIDED": "info", "RECEIVED": "good", "NOT_RECEIVED": "bad", "NEEDS_BANK": "bad",
    "NEEDS_DATA": "warn", "OTHER": "neutral",
}  # fmt: skip
OFFICE = (May.WORK_EXCEPTIONS, May.SEND_RESULTS)
CAUSES_HEADER = ("menurut", "kode atau tempat", "nama", "penyalur", "pengecualian", "belum selesai", "rupiah")
_FILE_KEPT = "sebab-gagal-salur-{cycle}-{place}.csv"


def tabs(who: Acting, current: str) -> list[dict[str, Any]]:
    """The parts of the package one may open."""
    named = [
        ("mine", _("Keluarga saya"), who.may(May.ACCOMPANY)),
        ("undrawn", _("Belum ditarik"), who.may(May.ACCOMPANY)),
        ("reports", _("Kabar dari lapangan"), any(who.may(one) for one in OFFICE)),
        ("people", _("Menurut pendamping"), who.may(May.SEE_STAFF) and who.may(May.SEE_RECONCILIATION)),
        ("causes", _("Sebab"), who.may(May.SEE_RECONCILIATION)),
    ]
    return tabs_of("follow_up", named, current)


def step_for(kind: str, code: str) -> str:
    """What to do next: of the code where one is set, else of the kind."""
    return say(f"follow_up.{code or kind}")


@allowed(May.ACCOMPANY)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Exceptions about money of one's own families, worst first."""
    who, today = acting(request), timezone.localdate()
    filters = known_filters(request, queries.TASK_FILTERS)
    staff = own_record(who)
    context: dict[str, Any] = {"staff": staff, "tabs": tabs(who, "mine"), "filters": filters}
    if staff is not None:
        every = queries.tasks(staff, today)
        page = page_by_worst(queries.narrowed_tasks(every, filters), request, stake="at_stake_rupiah")
        villages = every.order_by().values_list("payment__village_code", flat=True).distinct()
        context |= {
            "page": page, "rows": [_task(one) for one in page.rows], "narrowed": any(filters.values()),
            "villages": [(code, region_name(code)) for code in sorted(villages)],
            "codes": [(code, reason_name(code)) for code in REASON_CODES],
            "states": [("TODO", _("Perlu ditanyakan")), ("DONE", _("Sudah ada kabar"))],
        }  # fmt: skip
    return render(request, "follow_up/mine.html", context)


def _task(one: Any) -> dict[str, Any]:
    payment = one.payment
    return {
        "payment": payment, "family": payment.family, "cycle": payment.cycle, "rupiah": one.at_stake_rupiah,
        "what": kind_name(one.kind), "reason": reason_name(one.reason_code), "channel": channel_name(one.channel),
        "village": region_name(payment.village_code), "step": step_for(one.kind, one.reason_code), **_last(one),
    }  # fmt: skip


def _last(one: Any) -> dict[str, Any]:
    found = one.last_found
    return {
        "last": FollowUp.Found(found).label if found else "", "last_day": one.last_day,
        "tone": TONES.get(found or "", "neutral"),
    }  # fmt: skip


@allowed(May.ACCOMPANY)
@require_safe
def undrawn(request: HttpRequest) -> HttpResponse:
    """Money that lies at the bank."""
    known_filters(request, ())
    who = acting(request)
    staff = own_record(who)
    context: dict[str, Any] = {"staff": staff, "tabs": tabs(who, "undrawn")}
    if staff is not None:
        found = queries.undrawn(staff, timezone.localdate())
        page = page_by_key(found, request, key="payment_id")
        context |= {"page": page, "rows": [_lying(one) for one in page.rows]}
    return render(request, "follow_up/undrawn.html", context)


def _lying(one: Any) -> dict[str, Any]:
    return {
        "payment": one.payment, "family": one.payment.family, "cycle": one.cycle,
        "rupiah": one.net_rupiah - one.withdrawn_rupiah, "village": region_name(one.village_code),
        "channel": channel_name(one.channel), "since": one.last_on, "reason": reason_name(one.last_code or ""),
        "step": step_for(queries.UNDRAWN, one.last_code or ""), **_last(one),
    }  # fmt: skip


@allowed(May.ACCOMPANY, May.WORK_EXCEPTIONS)
def tell(request: HttpRequest, owed_payment_id: str) -> HttpResponse:
    """What was found out about a payment."""
    who, today = acting(request), timezone.localdate()
    subject = queries.access_subject(who, owed_payment_id, today)
    form = TellForm(request.POST or None, initial={"on_day": today.isoformat()})
    if request.method == "POST" and form.is_valid():
        try:
            made = keep(who, subject, form.told())
        except FollowUpRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Tersimpan: %(found)s.") % {"found": made.get_found_display()})
            return redirect(_back(who, subject))
    kind = subject.kind
    context = {
        "subject": subject, "form": form, "back": _back(who, subject),
        "what": kind_name(kind) if subject.case else _("Belum ditarik"),
        "means": kind_means(kind) if subject.case else _("Uangnya sudah dikreditkan dan belum ditarik."),
        "reason": reason_name(subject.code), "step": step_for(kind, subject.code),
        "decile": telling(who, subject.payment.family_id, subject.payment.village_code)
        if subject.code == BY_DECILE else "",
        "rupiah": subject.case.at_stake_rupiah if subject.case else subject.payment.amount_rupiah,
        "village": region_name(subject.payment.village_code), "channel": channel_name(subject.payment.channel),
        "rows": list(queries.told_of([subject.payment.pk])[:10]),
        "data": who.may(May.REQUEST_CHANGE, subject.payment.village_code),
    }  # fmt: skip
    return render(request, "follow_up/tell.html", context, status=422 if form.errors else 200)


def _back(who: Acting, subject: queries.Subject) -> str:
    staff = own_record(who) if who.may(May.ACCOMPANY) else None
    if staff is None and subject.case is not None:
        return reverse("reconciliation:exception", args=[subject.case.pk])
    return reverse("follow_up:mine" if subject.case else "follow_up:undrawn")


@allowed(*OFFICE)
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """News from the field, newest first."""
    who, filters = acting(request), known_filters(request, queries.REPORT_FILTERS)
    page = page_by_column(queries.reports(who, filters), request, "at", descending=True)
    channels = FollowUp.objects.order_by("channel").values_list("channel", flat=True).distinct()
    context = {
        "tabs": tabs(who, "reports"), "filters": filters, "narrowed": any(filters.values()), "page": page,
        "rows": [
            {"row": one, "tone": TONES[one.found], "village": region_name(one.village_code),
             "reason": reason_name(one.reason_code), "channel": channel_name(one.channel),
             "tells": one.lies and who.may(May.WORK_EXCEPTIONS, one.village_code, one.channel)}
            for one in page.rows
        ],
        "founds": FollowUp.Found.choices, "channels": [(one, channel_name(one)) for one in channels],
        "cases": [
            ("WAITING", _("Menunggu bank atau kantor pos")), ("OPEN", _("Belum selesai")), ("OVER", _("Sudah selesai")),
        ],
        "regions": region_choices(who, filters["region"]), "query": query_of(filters),
    }  # fmt: skip
    return render(request, "follow_up/reports.html", context)


@allowed(May.SEE_STAFF)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Who has families to ask, and how many."""
    who, filters = acting(request), known_filters(request, ("region",))
    if not who.may(May.SEE_RECONCILIATION):
        raise Http404
    region = region_asked(filters["region"]) if filters["region"] else ""
    rows = queries.doers(who, region, timezone.localdate())
    context = {
        "tabs": tabs(who, "people"), "filters": filters, "rows": rows,
        "regions": region_choices(who, filters["region"]), "tasks": sum(one.tasks for one in rows),
        "todo": sum(one.todo for one in rows),
        "rupiah": sum(one.rupiah for one in rows),
    }  # fmt: skip
    return render(request, "follow_up/people.html", context)


@allowed(May.SEE_RECONCILIATION)
@require_safe
def causes(request: HttpRequest) -> HttpResponse:
    """Why money does not arrive, by code and by district, each beside its channel."""
    return render(request, "follow_up/causes.html", _causes(request))


def _causes(request: HttpRequest) -> dict[str, Any]:
    who, filters = acting(request), known_filters(request, ("tahap", "region"))
    cycles = list(cycles_visible_to(who).order_by("-year", "-stage")[:24])
    cycle = _chosen(cycles, filters["tahap"])
    region = region_asked(filters["region"]) if filters["region"] else ""
    told: dict[str, Any] = {
        "tabs": tabs(who, "causes"), "cycles": cycles, "cycle": cycle, "filters": filters, "region": region,
        "regions": region_choices(who, filters["region"]), "by_code": [], "by_district": [],
    }  # fmt: skip
    if cycle is not None:
        address = reverse("reconciliation:exceptions", args=[cycle.pk])
        for key, by, name, asked in (
            ("by_code", queries.BY_CODE, lambda code: reason_name(code) or _("Belum diberi kode"), "code"),
            ("by_district", queries.BY_DISTRICT, _district, "district"),
        ):
            told[key] = [
                {"cause": one, "name": name(one.key), "channel": channel_name(one.channel),
                 "url": _rows_of(address, asked, one)}
                for one in queries.causes(cycle, region, by)
            ]  # fmt: skip
        told["cases"] = sum(row["cause"].cases for row in told["by_code"])
        told["under_way"] = sum(row["cause"].under_way for row in told["by_code"])
        told["rupiah"] = sum(row["cause"].rupiah for row in told["by_code"])
    return told


def _district(code: str) -> str:
    """Rows of a file that belong to no payment are of the region the file is about."""
    whole = len(code) == DISTRICT_DIGITS
    return region_name(code) if whole else _("%(place)s, kabupaten/kota tidak diketahui") % {"place": region_name(code)}


def _rows_of(address: str, asked: str, cause: queries.Cause) -> str:
    """The list of them; none where the list cannot be narrowed to them alone."""
    if asked == "district" and len(cause.key) != DISTRICT_DIGITS:
        return ""
    return narrowed(address, {asked: cause.key or "none", "channel": cause.channel})


def _chosen(cycles: Sequence[Cycle], asked: str) -> Cycle | None:
    if not asked:
        return next((one for one in cycles if one.state not in _BEFORE), None)
    found = next((one for one in cycles if str(one.pk) == asked), None)
    if found is None:
        raise BadRequest("tahap")
    return found


_BEFORE = (Cycle.State.OPEN, Cycle.State.FROZEN, Cycle.State.CALCULATED, Cycle.State.LISTED)


@allowed(May.SEE_RECONCILIATION)
@require_POST
def export_causes(request: HttpRequest) -> HttpResponse:
    """The two tables as CSV; sums alone."""
    told, who = _causes(request), acting(request)
    if told["cycle"] is None:
        raise Http404
    rows = [
        (
            which,
            row["cause"].key,
            row["name"],
            row["cause"].channel,
            row["cause"].cases,
            row["cause"].under_way,
            row["cause"].rupiah,
        )
        for which, key in (("kode", "by_code"), ("tempat", "by_district"))
        for row in told[key]
    ]
    record(
        who, "follow_up.causes_exported", told["cycle"], region=told["region"],
        authority=who.authority(May.SEE_RECONCILIATION), rows=len(rows),
    )  # fmt: skip
    name = _FILE_KEPT.format(cycle=told["cycle"], place=told["region"] or "semua")
    return as_file(table_bytes(CAUSES_HEADER, rows), name, "text/csv")

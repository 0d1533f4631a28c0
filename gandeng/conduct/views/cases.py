"""Ethics cases: the register, reporting, one case and every deed in it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.conduct import case_queries as queries
from gandeng.conduct.actions import cases as actions
from gandeng.conduct.actions import steps
from gandeng.conduct.actions.common import ConductRefused
from gandeng.conduct.case_forms import (
    AppealDecisionForm,
    AppointForm,
    DayForm,
    DecisionForm,
    ReportForm,
    SaidForm,
)
from gandeng.conduct.case_queries import Standing
from gandeng.conduct.forms import ReasonForm
from gandeng.conduct.models import Case, Party, Step
from gandeng.conduct.published import outcome_words, prohibition_words
from gandeng.conduct.views.common import CASES, tabs
from gandeng.registry.evidence import SUFFIXES
from gandeng.web.answers import as_file
from gandeng.web.paging import known_filters, page_by_key
from gandeng.web.refusals import refuse

TONES = {
    "REPORTED": "warn", "HEARING": "info", "DECIDED": "warn", "APPEALED": "warn", "FINAL": "good",
    "WITHDRAWN": "neutral",
}  # fmt: skip


@allowed(*CASES)
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """One's own cases, the longest waiting first; one's reports; the register for those who keep it."""
    who = acting(request)
    filters = known_filters(request, ["state"])
    rows = queries.register(who)
    if filters["state"] in Case.State:
        rows = rows.filter(state=filters["state"])
    registers = who.may(May.SEE_CONDUCT)
    page = page_by_key(rows, request, key="number", descending=True) if registers else None
    context = {
        "tabs": tabs(who, "cases"), "mine": [_row(one) for one in queries.own_cases(who)[:100]], "page": page,
        "reports": [_row(one) for one in queries.own_reports(who)[:50]] if who.may(May.REPORT_CONDUCT) else [],
        "register": [_row(one) for one in page.rows] if page else [], "states": Case.State.choices,
        "state": filters["state"], "may_report": who.may(May.REPORT_CONDUCT), "handles": who.may(May.HANDLE_CONDUCT),
    }  # fmt: skip
    return render(request, "conduct/cases.html", context)


def _row(case: Case) -> dict[str, Any]:
    return {
        "case": case, "region": region_name(case.region_code), "tone": TONES[case.state],
        "days": (timezone.now() - case.changed_at).days, "open": case.state in queries.OPEN,
    }  # fmt: skip


@allowed(May.REPORT_CONDUCT)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Whom a report is about."""
    who, asked = acting(request), known_filters(request, ["q"])["q"]
    found = queries.reportable(who, asked)
    people = [{"staff": one, "region": region_name(one.region_code)} for one in found]
    return render(request, "conduct/choose.html", {"people": people, "q": asked})


@allowed(May.REPORT_CONDUCT)
@sensitive_post_parameters()
def report(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """What is reported about somebody."""
    who, staff = acting(request), queries.access_reportable(acting(request), staff_id)
    form = ReportForm(request.POST or None, request.FILES or None, initial={"case_id": uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.report(who, staff, form.told())
        except ConductRefused as why:
            refuse(form, why)
        else:
            messages.success(
                request,
                _("Laporan tersegel dengan nomor %(number)s. Nama Anda tidak tampil.") % {"number": made.number},
            )
            return redirect("conduct:cases")
    context = {"form": form, "staff": staff, "region": region_name(staff.region_code)}
    return render(request, "conduct/report.html", context, status=422 if form.errors else 200)


@allowed(*CASES)
@require_safe
def case(request: HttpRequest, ethics_case_id: UUID) -> HttpResponse:
    """As much of a case as concerns who looks."""
    standing = queries.access_case(acting(request), ethics_case_id)
    return render(request, "conduct/case.html", _page(standing))


def _page(standing: Standing) -> dict[str, Any]:
    matter = queries.matter_of(standing) if standing.panel else None
    return _row(standing.case) | {
        "standing": standing, "matter": matter, "what": queries.told(matter) if matter else "",
        "prohibition": prohibition_words(matter.prohibition) if matter else "", "reason_form": ReasonForm(),
        "files": _files(standing, None),
        "steps": [_step(standing, one) for one in standing.steps] if standing.parts else [],
        "deeds": [(name, DEEDS[name].title) for name in standing.deeds], "stepper": _stepper(standing.case),
        "decision": outcome_words(standing.decision.outcome) if standing.decision else "",
        "needs": _needs(standing),
    }  # fmt: skip


def _needs(standing: Standing) -> list[str]:
    """Parts nobody holds yet, for whoever may appoint."""
    held = {one.part for one in standing.parties}
    if "tunjuk" not in standing.deeds:
        return []
    return [str(Party.Part(part).label) for part in (Party.Part.INVESTIGATOR, Party.Part.DECIDER) if part not in held]


def _stepper(case: Case) -> list[dict[str, str]]:
    order = [Case.State.REPORTED, Case.State.HEARING, Case.State.DECIDED, Case.State.APPEALED, Case.State.FINAL]
    if case.state == Case.State.WITHDRAWN:
        order = [Case.State.REPORTED, Case.State.WITHDRAWN]
    elif case.state != Case.State.APPEALED:
        order.remove(Case.State.APPEALED)
    now = order.index(Case.State(case.state))
    states = ["done"] * now + ["current"] + ["todo"] * (len(order) - now - 1)
    return [{"label": str(one.label), "state": state} for one, state in zip(order, states, strict=True)]


def _step(standing: Standing, step: Step) -> dict[str, Any]:
    return {
        "step": step, "text": queries.text_of(step), "outcome": outcome_words(step.outcome),
        "prohibition": prohibition_words(step.prohibition) if step.prohibition else "",
        "files": _files(standing, step),
        "tone": "warn" if step.kind == Step.Kind.NOTE else "info" if not step.outcome else "good",
    }  # fmt: skip


def _files(standing: Standing, step: Step | None) -> list[dict[str, Any]]:
    key = step.pk if step else None
    return [{"file": one, "label": queries.label_of(one)} for one in standing.files if one.step_id == key]


@allowed(May.HANDLE_CONDUCT)
@require_POST
def take(request: HttpRequest, ethics_case_id: UUID) -> HttpResponse:
    """Take a report, or an appeal, in hand."""
    standing = queries.access_case(acting(request), ethics_case_id)
    try:
        actions.take(acting(request), standing)
    except ConductRefused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("Perkara ini sekarang Anda tangani."))
    return redirect("conduct:case", ethics_case_id)


@allowed(*CASES)
@require_POST
def reveal(request: HttpRequest, ethics_case_id: UUID) -> HttpResponse:
    """Who reported, this once, for a reason."""
    standing, form = queries.access_member(acting(request), ethics_case_id), ReasonForm(request.POST)
    if not standing.panel:
        raise Http404
    context = _page(standing)
    if form.is_valid():
        named = actions.reveal_reporter(acting(request), standing, form.cleaned_data["reason"])
        return render(request, "conduct/case.html", context | {"reporter": named})
    return render(request, "conduct/case.html", context | {"reason_form": form}, status=422)


@allowed(*CASES)
@require_POST
def file(request: HttpRequest, ethics_case_id: UUID, paper_id: UUID) -> HttpResponse:
    """A paper, as an attachment; by POST, for opening it is written down."""
    standing = queries.access_member(acting(request), ethics_case_id)
    found = queries.access_file(standing, paper_id)
    content = actions.open_file(acting(request), standing, found)
    name = f"{standing.case.number}-{str(found.pk)[:8]}.{SUFFIXES[found.media_type]}"
    return as_file(content, name, found.media_type)


@dataclass(frozen=True)
class Deed:
    """One thing done in a case: its form and the act."""

    title: str | Promise
    lead: str | Promise
    form: type[Form]
    do: Callable[[Acting, Standing, Any], object]
    danger: bool = False


def _plain(action: Callable[..., object]) -> Callable[[Acting, Standing, Any], object]:
    return lambda who, standing, form: action(who, standing, form.told())


def _of_day(action: Callable[..., object]) -> Callable[[Acting, Standing, Any], object]:
    return lambda who, standing, form: action(who, standing, form.told(), form.cleaned_data["day"])


def _of_decision(action: Callable[..., object]) -> Callable[[Acting, Standing, Any], object]:
    return lambda who, standing, form: action(who, standing, form.told(), form.decision())


DEEDS: dict[str, Deed] = {
    "tunjuk": Deed(
        gettext_lazy("Tunjuk pemeriksa atau pemutus"),
        gettext_lazy("Yang dilaporkan, rekan dan atasannya di lapangan, serta pelapor tidak dapat memutus."),
        AppointForm, lambda who, standing, form: actions.appoint(who, standing, *form.chosen()),
    ),
    "undang": Deed(
        gettext_lazy("Undang untuk diperiksa"),
        gettext_lazy("Sejak undangan ini ia melihat perkara ini: undangan, berita acara, putusan; bukan laporannya."),
        DayForm, _of_day(steps.call),
    ),
    "berita-acara": Deed(
        gettext_lazy("Catat berita acara pemeriksaan"),
        gettext_lazy("Apa yang ia sampaikan, atau bahwa ia tidak datang. Ia dapat membacanya."),
        DayForm, _of_day(steps.hear),
    ),
    "catatan": Deed(
        gettext_lazy("Tambah catatan"), gettext_lazy("Hanya dibaca yang menangani perkara ini."), SaidForm,
        _plain(steps.add_note),
    ),
    "putusan": Deed(
        gettext_lazy("Putuskan"), gettext_lazy("Putusan beserta alasannya dibaca yang diperiksa."), DecisionForm,
        _of_decision(steps.decide),
    ),
    "koreksi": Deed(
        gettext_lazy("Perbaiki putusan"),
        gettext_lazy("Putusan baru menggantikan yang berlaku; yang lama tetap tercatat."), DecisionForm,
        _of_decision(steps.correct),
    ),
    "putusan-banding": Deed(
        gettext_lazy("Putuskan banding"), gettext_lazy("Putusan banding langsung tetap."), AppealDecisionForm,
        _of_decision(steps.decide_appeal),
    ),
    "koreksi-banding": Deed(
        gettext_lazy("Perbaiki putusan banding"),
        gettext_lazy("Putusan baru menggantikan yang berlaku; yang lama tetap tercatat."), AppealDecisionForm,
        _of_decision(steps.correct_appeal),
    ),
    "banding": Deed(
        gettext_lazy("Ajukan banding"), gettext_lazy("Kantor di atas yang memutus akan memeriksa putusan ini."),
        SaidForm, _plain(steps.appeal),
    ),
    "terima": Deed(
        gettext_lazy("Terima putusan"), gettext_lazy("Putusan menjadi tetap dan tidak dapat dibanding lagi."), SaidForm,
        _plain(steps.accept),
    ),
    "tetap": Deed(
        gettext_lazy("Nyatakan putusan tetap"), gettext_lazy("Batas banding sudah lewat, atau tidak terbukti."),
        SaidForm, _plain(steps.make_final),
    ),
    "hentikan": Deed(
        gettext_lazy("Hentikan perkara"), gettext_lazy("Tulis alasannya. Perkara tidak dapat dibuka lagi."), SaidForm,
        _plain(steps.withdraw), danger=True,
    ),
}  # fmt: skip


@allowed(*CASES)
@sensitive_post_parameters()
def deed(request: HttpRequest, ethics_case_id: UUID, deed: str) -> HttpResponse:
    """One deed: its form, and doing it. Not there for whoever may not do it now."""
    who, standing = acting(request), queries.access_member(acting(request), ethics_case_id)
    if deed not in standing.deeds:
        if deed in DEEDS and request.method == "POST":
            messages.error(request, _("Perkara ini sudah berubah sejak halaman itu dibuka."))
            return redirect("conduct:case", ethics_case_id)
        raise Http404
    told, form = DEEDS[deed], _form(request, standing, deed)
    if request.method == "POST" and form.is_valid():
        try:
            told.do(who, standing, form)
        except ConductRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Tersimpan dalam perkara %(number)s.") % {"number": standing.case.number})
            return redirect("conduct:case", ethics_case_id)
    context = {"form": form, "deed": told, "case": standing.case, "standing": standing, "name": deed}
    return render(request, "conduct/deed.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, standing: Standing, deed: str) -> Form:
    kind = DEEDS[deed].form
    if kind is AppointForm:
        parts = (Party.Part.INVESTIGATOR, Party.Part.DECIDER)
        return AppointForm(request.POST or None, people={part: queries.candidates(standing, part) for part in parts})
    return kind(request.POST or None, request.FILES or None)


@allowed(May.KEEP_STAFF)
@require_safe
def dismissals(request: HttpRequest) -> HttpResponse:
    """Final decisions to dismiss that whoever keeps staff has yet to act on."""
    who = acting(request)
    known_filters(request, ())
    rows = [{"row": one, "region": region_name(one.region_code)} for one in queries.dismissals(who)[:200]]
    return render(request, "conduct/dismissals.html", {"rows": rows, "tabs": tabs(who, "dismissals")})

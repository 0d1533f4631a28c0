"""Who comes: the list, one of them, naming, taking off, the letter, the list as a file."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.exports.refused import Refused
from gandeng.facilitators.plan_export import KINDS
from gandeng.training import event_lists as lists
from gandeng.training.actions import participants as actions
from gandeng.training.actions.common import TrainingRefused
from gandeng.training.agenda_queries import by_day
from gandeng.training.event_forms import NAMED_MAX, AnswerForm, NominateForm
from gandeng.training.event_queries import Standing, access_event, access_participant, access_run, participants_of
from gandeng.training.fields import ReasonForm
from gandeng.training.handing_out import export_table
from gandeng.training.models import Event, Participant
from gandeng.training.views.common import OFFICES, event_page, participant_row
from gandeng.web.answers import as_file
from gandeng.web.language import indonesian
from gandeng.web.paging import known_filters, page_by_key
from gandeng.web.refusals import refuse

HEADER = (
    "Nomor SDM", "Nama", "Kabupaten/kota", "Kecamatan", "Keadaan", "Alasan", "Diundang", "Dijawab", "Dijawab oleh",
)  # fmt: skip
_CANDIDATES = 50


@allowed(*OFFICES)
@require_safe
def participants(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Those of the places whose staff one sees; who has not answered is one of the filters."""
    standing = access_event(acting(request), event_id)
    filters = known_filters(request, lists.PARTICIPANT_FILTERS)
    return render(request, "training/participants.html", _page(request, standing, filters))


def _page(request: HttpRequest, standing: Standing, filters: dict[str, str], refused: str = "") -> dict[str, Any]:
    rows = lists.participants_matching(standing, filters).select_related("answered_by")
    page = page_by_key(rows.annotate(staff_no=F("staff__staff_no")), request, key="staff_no")
    districts = [(row["code"], row["name"]) for row in lists.by_district(standing)]
    return event_page(standing, "participants") | {
        "filters": filters, "page": page, "rows": [participant_row(one) for one in page.rows], "refused": refused,
        "states": Participant.State.choices, "districts": districts, "narrowed": any(filters.values()),
        "acts": standing.runs and standing.open, "today": timezone.localdate(),
    }  # fmt: skip


@allowed(*OFFICES)
@require_POST
def export(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """The list as CSV or XLSX, narrowed as the page was."""
    who, standing = acting(request), access_event(acting(request), event_id)
    form = request.POST.get("form", "")
    if form not in KINDS:
        raise Http404
    filters = {name: request.POST.get(name, "").strip() for name in lists.PARTICIPANT_FILTERS}
    rows = lists.participants_matching(standing, filters).select_related("answered_by")
    with indonesian():
        cells = [_cells(one) for one in rows.order_by("region_code", "home_code", "staff__staff_no")]
    try:
        content = export_table(
            who, "TrainingParticipants", standing.event.region_code, HEADER, cells, form, number=standing.event.number
        )
    except Refused as refused:
        return render(
            request, "training/participants.html", _page(request, standing, filters, str(refused)), status=422
        )
    return as_file(content, f"peserta-{standing.event.number}.{form}", KINDS[form])


def _cells(one: Participant) -> list[str | int]:
    def day(instant: Any) -> str:
        return timezone.localtime(instant).date().isoformat() if instant else ""

    return [
        one.staff.staff_no, one.staff.person.name, region_name(one.region_code),
        region_name(one.home_code) if one.home_code else "", str(one.get_state_display()), one.reason,
        day(one.invited_at), day(one.answered_at), one.answered_by.name if one.answered_by else "",
    ]  # fmt: skip


@allowed(*OFFICES)
def participant(request: HttpRequest, event_id: UUID, participant_id: UUID) -> HttpResponse:
    """One of them: answering for her, taking her off."""
    who, standing = acting(request), access_event(acting(request), event_id)
    found = access_participant(standing, participant_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer(who, found, comes=form.cleaned_data["comes"] == "ya", reason=form.cleaned_data["reason"])
        except TrainingRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Jawaban %(name)s tersimpan.") % {"name": found.staff.person.name})
            return redirect("training:participants", event_id)
    context = _participant(standing, found, form=form)
    return render(request, "training/participant.html", context, status=422 if form.errors else 200)


def _participant(standing: Standing, found: Participant, **forms: Any) -> dict[str, Any]:
    event = standing.event
    answers = event.state == Event.State.INVITED and event.ends_on >= timezone.localdate()
    invited = found.state in (Participant.State.INVITED, Participant.State.CONFIRMED, Participant.State.DECLINED)
    own = found.staff.person_id == standing.acting.person_id
    acts = standing.runs and standing.open
    return event_page(standing, "participants") | participant_row(found) | {
        "tone": lists.EVENT_TONES[event.state], "tone_of": lists.PARTICIPANT_TONES[found.state],
        "form": AnswerForm(), "reason_form": ReasonForm(),
        "may_answer": answers and invited and (own or actions.may_answer_for(standing.acting, found)), "own": own,
        "may_withdraw": acts and found.state in Participant.COMING, "may_replace": acts,
        "on_behalf": found.answered_by_id is not None and found.answered_by_id != found.staff.person_id,
    } | forms  # fmt: skip


@allowed(May.PLAN_TRAINING)
@require_POST
def withdraw(request: HttpRequest, event_id: UUID, participant_id: UUID) -> HttpResponse:
    """Take somebody off."""
    who, standing = acting(request), access_run(acting(request), event_id)
    found, form = access_participant(standing, participant_id), ReasonForm(request.POST)
    if form.is_valid():
        try:
            actions.withdraw(who, standing, found, form.cleaned_data["reason"])
        except TrainingRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("%(name)s dicoret dari kegiatan ini.") % {"name": found.staff.person.name})
            return redirect("training:participants", event_id)
    return render(request, "training/participant.html", _participant(standing, found, reason_form=form), status=422)


@allowed(May.PLAN_TRAINING)
def nominate(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Search staff of the region and name them; `ganti` says in whose place."""
    standing = access_run(acting(request), event_id)
    if not standing.open:
        raise Http404
    filters = known_filters(request, ("q", "region", "ganti"))
    replaced = _replaced(standing, filters["ganti"])
    rows = lists.candidates(standing, filters["q"], filters["region"])
    page = page_by_key(rows, request, key="staff_no", size=_CANDIDATES)
    form = NominateForm(request.POST or None)
    found = lists.warned(standing, page.rows)
    form.fields["staff"].choices = [(str(one.staff.pk), one.staff.staff_no) for one in found]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        chosen = [UUID(one) for one in form.cleaned_data["staff"]][:NAMED_MAX]
        try:
            _named(request, standing, replaced, chosen, form)
        except TrainingRefused as why:
            form.add_error(None, str(why))
        else:
            return redirect("training:participants", event_id)
    districts = sorted({code for code, _name in _districts(standing)})
    context = event_page(standing, "participants") | {
        "form": form, "filters": filters, "page": page, "replaced": replaced, "chosen": request.POST.getlist("staff"),
        "people": [_candidate(one) for one in found], "districts": [(code, region_name(code)) for code in districts],
        "free": standing.event.capacity - participants_of(standing).filter(state__in=Participant.COMING).count(),
    }  # fmt: skip
    return render(request, "training/nominate.html", context, status=422 if form.errors else 200)


def _districts(standing: Standing) -> list[tuple[str, str]]:
    codes = lists.candidates(standing, "", "").order_by().values_list("region_code", flat=True).distinct()
    return [(code, code) for code in codes]


def _candidate(one: lists.Candidate) -> dict[str, Any]:
    home = one.staff.home_code or one.staff.region_code
    return {"one": one, "home": region_name(home), "district": region_name(one.staff.region_code)}


def _replaced(standing: Standing, key: str) -> Participant | None:
    if not key:
        return None
    try:
        return access_participant(standing, UUID(key))
    except ValueError as error:
        raise Http404 from error


def _named(
    request: HttpRequest, standing: Standing, replaced: Participant | None, chosen: list[UUID], form: NominateForm
) -> None:
    who = acting(request)
    if replaced is None:
        count = actions.nominate(who, standing, chosen)
        messages.success(request, _("%(count)s orang dicalonkan. Kirim undangannya dari ringkasan.") % {"count": count})
        return
    if len(chosen) != 1:
        raise TrainingRefused(_("Pilih satu orang sebagai pengganti."))
    reason = form.cleaned_data["reason"]
    if not reason:
        raise TrainingRefused(_("Tulis alasan mengganti."))
    actions.replace(who, standing, replaced, chosen[0], reason)
    messages.success(request, _("Pengganti dicalonkan. Kirim undangannya dari ringkasan."))


@allowed(*OFFICES)
@require_safe
def letter(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """An invitation to print, with the list of those invited; a paper, so in Indonesian."""
    standing = access_event(acting(request), event_id)
    states = (Participant.State.INVITED, Participant.State.CONFIRMED)
    rows = participants_of(standing).filter(state__in=states).order_by("region_code", "staff__staff_no")
    with indonesian():
        context = event_page(standing, "participants") | {
            "rows": [participant_row(one) for one in rows], "days": by_day(standing.event),
            "back": reverse("training:participants", args=[event_id]), "today": timezone.localdate(),
        }  # fmt: skip
        return render(request, "training/letter.html", context)

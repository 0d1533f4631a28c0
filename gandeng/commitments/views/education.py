"""The ministry's education form: taken away for a place, sent back filled in, looked at and recorded."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.context import place_chosen, region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.commitments import education_lists as lists
from gandeng.commitments import queries
from gandeng.commitments.actions import CommitmentRefused, education
from gandeng.commitments.education_lists import Change, Listed
from gandeng.commitments.forms import EducationInForm, EducationOutForm, EvidenceForm
from gandeng.commitments.jobs import TAKE_IN
from gandeng.commitments.models import Verdict
from gandeng.commitments.views.common import VERDICT_TONES, places_of, quarter_in
from gandeng.commitments.views.long_export import KIND
from gandeng.jobs.work import start
from gandeng.registry.staging import upload_folder
from gandeng.web.answers import CSV, as_file
from gandeng.web.paging import narrowed
from gandeng.web.refusals import refuse
from gandeng.web.room import receive

_TITLE = "Membaca formulir pendidikan"
_ZIP = "application/zip"


@allowed(May.RECORD_COMMITMENT)
def take_away(request: HttpRequest) -> HttpResponse:
    """The forms of all schools of a village or sub-district: one as CSV, several as ZIP."""
    who, offered = acting(request), queries.quarters(timezone.localdate())
    form = EducationOutForm(
        request.POST or None, places=places_of(who), quarters=[(one.key, one.words) for one in offered],
        initial={"quarter": offered[1].key},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        told, region = form.cleaned_data, place_chosen(form.cleaned_data["place"])
        try:
            made = education.take_away(
                who, queries.facilities_in(region), quarter_in(told["quarter"]), told["purpose"], region=region
            )
        except CommitmentRefused as why:
            refuse(form, why)
        else:
            return as_file(made.content, made.name, CSV if made.name.endswith(".csv") else _ZIP)
    context = {
        "form": form, "title": _("Unduh formulir pendidikan"), "back": reverse("commitments:overview"),
        "act": _("Unduh"), "icon": "download", "long": narrowed(reverse("exports:ask", args=[KIND]), _asked_for(form)),
    }  # fmt: skip
    return render(request, "commitments/form.html", context, status=422 if form.errors else 200)


def _asked_for(form: EducationOutForm) -> dict[str, str]:
    """What was chosen, for the long export; the whole territory before that."""
    told = getattr(form, "cleaned_data", {})
    return {"quarter": told.get("quarter", ""), "wilayah": place_chosen(told.get("place", ""))}


@allowed(May.RECORD_COMMITMENT)
def take_in(request: HttpRequest) -> HttpResponse:
    """Send a school's filled-in form."""
    form = EducationInForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = str(uuid4())
        if kept := receive(form, upload_folder(upload), ("file", "list", "formulir")):
            job = start(acting(request), TAKE_IN, _TITLE, upload=upload, called=kept["file"])
            return redirect("jobs:job", job.pk)
    return render(request, "commitments/education_in.html", {"form": form}, status=422 if form.errors else 200)


@allowed(May.RECORD_COMMITMENT)
def look(request: HttpRequest, education_list_id: UUID) -> HttpResponse:
    """What a file would record, before it does; recording it with the evidence of who signed."""
    who = acting(request)
    listed = lists.kept(education_list_id, who.person_id)
    if listed is None:
        raise Http404
    chosen = request.POST.getlist("chosen")
    if "daftarkan" in request.POST:
        return _enrol(request, education_list_id, chosen)
    form = EvidenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _made, count = education.enter(who, education_list_id, form.signed())
        except CommitmentRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("%(count)s siswa tercatat dan dinilai.") % {"count": count})
            return redirect(f"{reverse('commitments:overview')}?quarter={listed.quarter}")
    context = {"form": form, "listed": listed} | _shown(listed)
    return render(request, "commitments/education_list.html", context, status=422 if form.errors else 200)


def _enrol(request: HttpRequest, list_id: UUID, chosen: list[str]) -> HttpResponse:
    """Place those who were ticked; what the file says of them is recorded with the rest."""
    try:
        count = education.enrol(acting(request), list_id, chosen)
    except CommitmentRefused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("%(count)s siswa didaftarkan di sekolah ini.") % {"count": count})
    return redirect("commitments:education_list", list_id)


def _shown(listed: Listed) -> dict[str, object]:
    members = education.members_of(listed)
    changes = lists.changes(listed, members)
    counted = {state: sum(each.state == state for each in changes) for state in ("NEW", "CHANGED", "SAME")}
    return {
        "facility": queries.access_facility(UUID(listed.facility)), "quarter": queries.quarter_of(listed.quarter),
        "rows": [_row(each) for each in changes if each.state != "SAME"], "counted": counted,
        "offered": [
            {"member": members[key], "village": region_name(members[key].village_code)}
            for key, _months in listed.offered
            if key in members
        ],
    }  # fmt: skip


def _row(change: Change) -> dict[str, object]:
    after = Verdict.Kind(change.after.verdict.value)
    return {
        "name": change.member.name, "new": change.state == "NEW", "before": change.before, "after": after.label,
        "tone": VERDICT_TONES[after], "turns": change.before is None or change.before.verdict != after,
        "months": change.months,
    }  # fmt: skip

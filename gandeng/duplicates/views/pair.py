"""Two families side by side, saying what is so, and what was said."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.duplicates import actions, queries
from gandeng.duplicates.forms import JudgeForm, ReopenForm
from gandeng.duplicates.models import Found, Judgement
from gandeng.duplicates.sections import pairs_of
from gandeng.duplicates.views.common import tabs
from gandeng.duplicates.words import VERDICT_TONES, chance, families_beside, judged_row, names_of, people_beside, why
from gandeng.registry.actions.identifiers import note_opening
from gandeng.registry.models import Member
from gandeng.registry.queries import access_family
from gandeng.registry.views.families import family_part
from gandeng.web.refusals import refuse


@allowed(*queries.SEEN_BY)
def pair(request: HttpRequest, pair_id: UUID) -> HttpResponse:
    """What is known of each; whoever may judges. Who looked is written down for both families."""
    who, found = acting(request), queries.access(acting(request), pair_id)
    people = queries.members(each[side] for each in found.pairs for side in ("member", "other"))
    if any(each[side] not in people for each in found.pairs for side in ("member", "other")):
        raise Http404
    form = _form(request, who, found, people)
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                kept = actions.judge(who, found, form.verdicts())
        except actions.JudgementRefused as why_not:
            refuse(form, why_not)
        else:
            messages.success(request, _said(kept))
            return redirect("duplicates:pairs")
    if request.method == "POST" and form is None:
        raise Http404
    transaction.on_commit(lambda: _note(who, found))
    context = _compared(found, people) | {"form": form, "tabs": tabs("pairs"), "found": found}
    return render(request, "duplicates/pair.html", context, status=422 if form is not None and form.errors else 200)


def _note(who: Acting, found: Found) -> None:
    for one in {found.family, found.other}:
        note_opening(who, one)


def _form(request: HttpRequest, who: Acting, found: Found, people: dict[str, Member]) -> JudgeForm | None:
    if not all(who.may(May.JUDGE_DUPLICATES, code) for code in (found.village_code, found.other_village_code)):
        return None
    names = [(people[each["member"]].name, people[each["other"]].name) for each in found.pairs]
    numbers = found.family.family_no, found.other.family_no
    return JudgeForm(request.POST or None, found=found, people=names, numbers=numbers)


def _said(kept: list[Judgement]) -> str:
    asked = len({one.change_id for one in kept if one.change_id})
    if not asked:
        return _("Penilaian tersimpan.")
    told = ngettext(
        "Penilaian tersimpan; %(n)s permintaan menunggu keputusan orang lain.",
        "Penilaian tersimpan; %(n)s permintaan menunggu keputusan orang lain.", asked,
    )  # fmt: skip
    return told % {"n": asked}


def _compared(found: Found, people: dict[str, Member]) -> dict[str, Any]:
    sides = queries.sides(found.family_id, found.other_id)
    first, other = sides[found.family_id], sides[found.other_id]
    return {
        "first": first.family, "other": other.family, "two": first.family != other.family,
        "names": names_of(found.pairs[0], people),
        "families": families_beside(first, other),
        "pairs": [
            {
                "lines": people_beside(people[each["member"]], people[each["other"]]), "why": why(each),
                "chance": chance(each),
            }
            for each in found.pairs
        ],
    }  # fmt: skip


@allowed(*queries.SEEN_BY)
@require_safe
def of_family(request: HttpRequest, family_id: UUID) -> HttpResponse:
    """Pairs of one family, as the panel of its page."""
    who, family = acting(request), access_family(acting(request), family_id)
    return family_part(request, family, pairs_of(who, family))


@allowed(*queries.SEEN_BY)
@require_safe
def judgement(request: HttpRequest, judgement_id: UUID) -> HttpResponse:
    """What was said of two people, and all that was said of them before and after."""
    who, row = acting(request), queries.access_judgement(acting(request), judgement_id)
    return render(request, "duplicates/judgement.html", _judged(who, row, ReopenForm()))


def _judged(who: Acting, row: Judgement, form: ReopenForm) -> dict[str, Any]:
    sides = queries.sides(row.family_id, row.other_id)
    if not {row.family_id, row.other_id} <= set(sides):
        raise Http404
    may = all(who.may(May.JUDGE_DUPLICATES, code) for code in (row.village_code, row.other_village_code))
    return judged_row(row) | {
        "first": sides[row.family_id].family, "other": sides[row.other_id].family, "two": row.family_id != row.other_id,
        "lines": people_beside(row.member, row.other_member), "may": may, "form": form, "tabs": tabs("judged"),
        "families": families_beside(sides[row.family_id], sides[row.other_id]),
        "trail": [{"row": one, "tone": VERDICT_TONES[one.verdict]} for one in queries.of_the_two(row)],
    }  # fmt: skip


@allowed(May.JUDGE_DUPLICATES)
@require_POST
def reopen(request: HttpRequest, judgement_id: UUID) -> HttpResponse:
    """Take back that they are two people."""
    who, form = acting(request), ReopenForm(request.POST)
    row = queries.access_judgement(who, judgement_id)
    context = _judged(who, row, form)
    if not (context["reopens"] and context["may"]):
        raise Http404
    if form.is_valid():
        try:
            with transaction.atomic():
                actions.reopen(who, row, form.cleaned_data["reason"])
        except actions.JudgementRefused as why_not:
            refuse(form, why_not)
        else:
            messages.success(request, _("Dibuka lagi; tampil di daftar setelah pencarian berikutnya."))
            return redirect("duplicates:judged")
    return render(request, "duplicates/judgement.html", context, status=422)

"""What the report of an event says, taken down when it is closed: sums and words, no result of one person."""

import hashlib
import json
from typing import Any

from django.utils import timezone

from gandeng.accounts.acting import Acting, Held
from gandeng.accounts.context import region_name
from gandeng.certificates.actions.certificates import office_name
from gandeng.training.closing_queries import by_district, sums_of
from gandeng.training.cost_queries import costs_of
from gandeng.training.day_queries import slots
from gandeng.training.evaluation_queries import summed
from gandeng.training.models import AgendaItem, Evaluation, Event, Material, Problem
from gandeng.training.paper_queries import papers_of
from gandeng.training.published import statements
from gandeng.web.language import indonesian

VERSION = 1


def content_of(acting: Acting, held: Held, event: Event) -> dict[str, Any]:
    """Everything the paper prints, in Indonesian. For the transaction that closes the event."""
    with indonesian():
        return {
            "version": VERSION,
            "event": _event(event),
            "office": office_name(event.region_code),
            "districts": [
                {
                    "name": region_name(one.district), "invited": one.invited, "confirmed": one.confirmed,
                    "came": one.came,
                }
                for one in by_district(event)
            ],
            "days": [
                {"day": one.day.isoformat(), "held": one.opened is not None, "there": one.there} for one in slots(event)
            ],
            "tests": [
                {"kind": kind, "questions": one.questions, "handed_in": one.handed_in}
                for kind, one in papers_of(event).items()
            ],
            "results": _results(event),
            "evaluation": _evaluation(event),
            "problems": [_problem(one) for one in _problems(event)],
            "costs": [
                {
                    "kind": str(one.get_kind_display()), "text": one.text, "planned": one.planned_rupiah,
                    "spent": one.spent_rupiah,
                }
                for one in costs_of(event).lines
            ],
            "agenda": [
                {
                    "day": one.day.isoformat(), "from": f"{one.starts_at:%H.%M}", "until": f"{one.ends_at:%H.%M}",
                    "title": one.title, "speaker": one.speaker,
                }
                for one in AgendaItem.objects.filter(event=event).order_by("day", "starts_at", "pk")
            ],
            "materials": [
                one.label for one in Material.objects.filter(event=event, taken_off_at=None).only("label", "added_at")
                .order_by("added_at", "pk")
            ],
            "closed_on": timezone.localdate().isoformat(),
            "signer": {"name": acting.person_name, "post": held.title},
        }  # fmt: skip


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 of the content as JSON with sorted keys and no spaces."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _event(event: Event) -> dict[str, Any]:
    return {
        "number": event.number, "title": event.title, "kind": str(event.course.get_kind_display()),
        "batch_no": event.batch_no, "venue": event.venue, "address": event.address,
        "region": region_name(event.region_code),
        "starts_on": event.starts_on.isoformat(), "ends_on": event.ends_on.isoformat(), "hours": event.hours,
        "skill": event.skill.name if event.skill else "", "attendance_percent_min": event.attendance_percent_min,
        "pass_percent": event.pass_percent,
    }  # fmt: skip


def _results(event: Event) -> dict[str, Any]:
    told = sums_of(event)
    return {
        "people": told.people, "qualify": told.qualify, "lacks": told.lacks,
        "pre": {"sat": told.pre[0], "mean_permille": told.pre[1]},
        "post": {"sat": told.post[0], "mean_permille": told.post[1]},
    }  # fmt: skip


def _evaluation(event: Event) -> dict[str, Any]:
    told = summed(list(Evaluation.objects.filter(event=event).values_list("scores", flat=True)), [])
    return {
        "given": told.given,
        "statements": [
            {"words": statements()[one.key].said("id"), "mean": one.mean, "counts": list(one.counts)}
            for one in told.statements
        ],
    }


def _problems(event: Event) -> list[Problem]:
    rows = Problem.objects.filter(event=event).select_related("owner").prefetch_related("steps")
    return list(rows.order_by("number"))


def _problem(one: Problem) -> dict[str, Any]:
    answers = sorted((step.at, step.text) for step in one.steps.all() if step.kind == "ANSWERED")
    return {
        "number": one.number, "about": str(one.get_about_display()), "place": region_name(one.region_code),
        "text": one.text, "state": one.state, "owner": one.owner.name if one.owner else "",
        "due_on": one.due_on.isoformat() if one.due_on else "", "answer": answers[-1][1] if answers else "",
    }  # fmt: skip

"""What a case was opened from, and the cases opened from a thing; from what one may open one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.helpdesk.happenings import Happening
from gandeng.helpdesk.models import Case, Origin
from gandeng.payments.models import Payment
from gandeng.reconciliation.models import ExceptionCase
from gandeng.reconciliation.queries import access_exception
from gandeng.reconciliation.words import kind_name, reason_name
from gandeng.training.models import Problem
from gandeng.training.problem_queries import Seen, access_problem, problems_of
from gandeng.web.templatetags.gandeng import tahap


@dataclass(frozen=True)
class Thing:
    """What a case is opened from, with what the form begins with."""

    region_code: str
    words: str
    kind: str
    what: str
    url: str
    problem: Problem | None = None
    exception: ExceptionCase | None = None
    happening: Happening | None = None
    proposed_id: UUID | None = None
    """Who is proposed to see to it."""

    @property
    def payment(self) -> Payment | None:
        """What the case is linked with."""
        return self.exception.payment if self.exception else None

    @property
    def owner_id(self) -> UUID | None:
        """Who answers the problem already, or is proposed."""
        return self.problem.owner_id if self.problem else self.proposed_id


_FINDERS: dict[str, Callable[[Acting, UUID], Thing]] = {}


def register_happening(kind: str, find: Callable[[Acting, UUID], Thing]) -> None:
    """A package above tells how it finds what a case is opened from, for who may open one; it raises Http404."""
    _FINDERS[kind] = find


def of_happening(acting: Acting, kind: str, key: UUID) -> Thing:
    """What happened, where one may open a case from it. Raises Http404."""
    return _FINDERS[kind](acting, key)


def of_problem(acting: Acting, problem_id: UUID) -> Thing:
    """A problem one gives out or answers. Raises Http404."""
    seen = access_problem(acting, problem_id)
    if not opens_from_problem(acting, seen):
        raise Http404
    problem = seen.problem
    url = reverse("training:problem", args=[problem.pk])
    words = _("masalah pelatihan %(number)s") % {"number": problem.number}
    return Thing(problem.region_code, words, "FIELD_PROBLEM", problem.text, url, problem=problem)


def opens_from_problem(acting: Acting, seen: Seen) -> bool:
    """The office that held the event, and whoever was given it, while it is not solved."""
    return acting.may(May.TELL_CASE) and (seen.gives or seen.answers)


def of_exception(acting: Acting, case_id: UUID) -> Thing:
    """An exception one works. Raises Http404."""
    exception = access_exception(acting, case_id)
    if not opens_from_exception(acting, exception):
        raise Http404
    kind, reason = kind_name(exception.kind), reason_name(exception.reason_code)
    what = _("%(kind)s pada %(stage)s.") % {"kind": kind, "stage": tahap(exception.cycle)}
    return Thing(
        exception.region_code, _("pengecualian rekonsiliasi: %(kind)s") % {"kind": kind}, "NOT_RECEIVED",
        f"{what} {reason}".strip(), reverse("reconciliation:exception", args=[exception.pk]), exception=exception,
    )  # fmt: skip


def opens_from_exception(acting: Acting, exception: ExceptionCase) -> bool:
    """Whoever works it and writes complaints down."""
    works = acting.may(May.WORK_EXCEPTIONS, exception.region_code, exception.channel)
    return works and acting.may(May.TELL_CASE)


def opened_from(**thing: Any) -> QuerySet[Origin]:
    """Cases one sees that were opened from it, the latest first."""
    rows: QuerySet[Origin] = Origin.objects.filter(**thing).select_related("case", "case__assigned").order_by("-at")
    return rows


def origin_of(acting: Acting, case: Case) -> dict[str, str] | None:
    """Words for what a case was opened from, and its address where one may open it."""
    found = Origin.objects.filter(case=case).select_related("problem", "exception").first()
    if found is None:
        return None
    if found.exception_id:
        return _exception_told(acting, found.exception)
    return _problem_told(acting, found.problem)


def _exception_told(acting: Acting, exception: ExceptionCase | None) -> dict[str, str]:
    sees = exception is not None and acting.may(May.SEE_RECONCILIATION, exception.region_code, exception.channel)
    url = reverse("reconciliation:exception", args=[exception.pk]) if exception and sees else ""
    return {"words": _("Pengecualian rekonsiliasi"), "url": url}


def _problem_told(acting: Acting, problem: Problem | None) -> dict[str, str]:
    sees = problem is not None and problems_of(acting).filter(pk=problem.pk).exists()
    if problem is None or not sees:
        return {"words": _("Masalah pelatihan"), "url": ""}
    words = _("Masalah pelatihan %(number)s") % {"number": problem.number}
    return {"words": words, "url": reverse("training:problem", args=[problem.pk])}

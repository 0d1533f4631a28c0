"""This package's parts of pages below: of a family, told by a request of its own; of a problem and of an exception."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.helpdesk.models import Origin
from gandeng.helpdesk.origin_queries import opened_from, opens_from_exception, opens_from_problem
from gandeng.helpdesk.queries import TONES
from gandeng.reconciliation.models import ExceptionCase
from gandeng.registry.models import Family
from gandeng.training.problem_queries import Seen
from gandeng.web.sections import Shown, later

_SHOWN = 10


def letter(acting: Acting, family: Family) -> Shown | None:
    """For whoever may give the family its letter."""
    if not acting.may(May.ACCOMPANY) and not acting.may(May.REPORT_FAMILY, family.village_code):
        return None
    return later(_("Surat keluarga"), reverse("helpdesk:family", args=[family.pk]))


def of_problem(acting: Acting, seen: Seen) -> Shown | None:
    """Cases opened from it, and the way to open one."""
    address = reverse("helpdesk:of_problem", args=[seen.problem.pk])
    return _opened(opened_from(problem=seen.problem), address if opens_from_problem(acting, seen) else "")


def of_exception(acting: Acting, case: ExceptionCase) -> Shown | None:
    """Cases opened from it, and the way to open one."""
    address = reverse("helpdesk:of_exception", args=[case.pk])
    return _opened(opened_from(exception=case), address if opens_from_exception(acting, case) else "")


def _opened(origins: Iterable[Origin], url: str) -> Shown | None:
    rows = [{"case": one.case, "tone": TONES[one.case.state]} for one in list(origins)[:_SHOWN]]
    if not rows and not url:
        return None
    return _("Pengaduan"), "helpdesk/origin.html", {"rows": rows, "url": url}

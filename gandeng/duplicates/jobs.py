"""Searching when somebody asks."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.duplicates.looking import look_at
from gandeng.jobs.work import Report, kind

WORK = "duplicates.look"


@kind(WORK)
def look(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """The list of the region, made anew."""
    steps = _("Membandingkan nama dan tanggal lahir")
    look_at(acting, arguments["region"], progress=lambda _step, place, total: report(steps, place, total))
    return reverse("duplicates:pairs")

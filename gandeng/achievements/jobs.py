"""Long work: a yearbook with its photos."""

from typing import Any

from django.urls import reverse

from gandeng.accounts.acting import Acting
from gandeng.achievements.actions.common import AchievementRefused
from gandeng.achievements.actions.yearbook import make_edition
from gandeng.jobs.work import Report, WorkRefused, kind

YEARBOOK = "achievements.yearbook"


@kind(YEARBOOK)
def yearbook(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """An edition of a province and year; ends at its page."""
    try:
        edition = make_edition(acting, arguments["province"], int(arguments["year"]), report)
    except AchievementRefused as why:
        raise WorkRefused(str(why)) from why
    return reverse("achievements:edition", args=[edition.pk])

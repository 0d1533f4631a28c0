"""Looking at a district when somebody asks."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.jobs.work import Report, kind
from gandeng.signs.looking import look_at
from gandeng.web.paging import narrowed

WORK = "signs.look"


@kind(WORK)
def look(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """The list of the district, made anew."""
    report(_("Memeriksa catatan"), 0, 1)
    look_at(acting, arguments["district"])
    return narrowed(reverse("signs:signs"), {"region": arguments["district"]})

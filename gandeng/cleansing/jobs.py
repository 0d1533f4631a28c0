"""Looking when somebody asks."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.cleansing.looking import look_at
from gandeng.jobs.work import Report, kind
from gandeng.web.paging import narrowed

WORK = "cleansing.look"


@kind(WORK)
def look(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """The list of the district, made anew."""
    words = _("Memeriksa data keluarga")
    look_at(acting, arguments["district"], progress=lambda _step, place, total: report(words, place, total))
    return narrowed(reverse("cleansing:found"), {"region": arguments["district"]})

"""This package's part of the page about somebody: the way to her figures and reports."""

from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.facilitators.models import Staff
from gandeng.performance.figures import done
from gandeng.performance.months import Period
from gandeng.performance.published import areas
from gandeng.performance.sources import of_area
from gandeng.web.sections import Shown


def done_areas(staff: Staff, year: int) -> list[tuple[int, str, int]]:
    """Areas with anything recorded this year."""
    found = done([staff.pk], Period(year))
    rows = [(one.number, one.subject.said(), found.of(one.number)) for one in areas().values() if of_area(one.number)]
    return [row for row in rows if row[2]]


def done_section(acting: Acting, staff: Staff) -> Shown | None:
    """For whoever sees staff of her district."""
    if not acting.may(May.SEE_STAFF, staff.region_code):
        return None
    year = timezone.localdate().year
    return _("Kinerja"), "performance/section.html", {"rows": done_areas(staff, year), "year": year}

"""This package's part of the page about somebody: the way to her figures and reports."""

from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.facilitators.models import Staff
from gandeng.web.sections import Shown


def done_section(acting: Acting, staff: Staff) -> Shown | None:
    """For whoever sees staff of her district."""
    if not acting.may(May.SEE_STAFF, staff.region_code):
        return None
    return _("Kinerja"), "performance/section.html", {}

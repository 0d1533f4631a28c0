"""This package's part of the page about somebody: a dismissal that is yet to be acted on."""

from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.conduct.case_queries import dismissal_of
from gandeng.facilitators.models import Staff
from gandeng.web.sections import Shown


def dismissed(acting: Acting, staff: Staff) -> Shown | None:
    """For whoever keeps her record; nobody else learns of it here."""
    if not acting.may(May.KEEP_STAFF, staff.region_code) or staff.person_id == acting.person_id:
        return None
    found = dismissal_of(acting, staff)
    if found is None:
        return None
    return _("Pemberhentian menunggu dicatat"), "conduct/dismissed.html", {"dismissal": found}

"""This package's part of the page about somebody: her certificates."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.certificates.models import Certificate
from gandeng.certificates.queries import certificates_of, state_of
from gandeng.facilitators.models import Staff
from gandeng.web.sections import Shown

_SHOWN = 12


def of_staff(acting: Acting, staff: Staff) -> Shown:
    """The latest first; what she lacks stands on the page of needs."""
    today = timezone.localdate()
    found = list(certificates_of(acting).filter(staff=staff).order_by("-issued_on", "-number")[: _SHOWN + 1])
    rows = [_row(one, today) for one in found[:_SHOWN]]
    context = {
        "rows": rows, "more": len(found) > _SHOWN,
        "records": acting.may(May.KEEP_STAFF, staff.region_code) and staff.person_id != acting.person_id,
    }  # fmt: skip
    return _("Sertifikat"), "certificates/section.html", context


def _row(one: Certificate, day: date) -> dict[str, Any]:
    words, tone = state_of(one, day)
    return {"certificate": one, "words": words, "tone": tone}

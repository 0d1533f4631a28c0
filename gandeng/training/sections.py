"""This package's part of the page about somebody: what she was invited to and what came of it."""

from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.facilitators.models import Staff
from gandeng.training.event_lists import PARTICIPANT_TONES
from gandeng.training.models import Participant
from gandeng.web.sections import Shown

_SHOWN = 12


def of_staff(acting: Acting, staff: Staff) -> Shown | None:
    """The latest first; drafts only for whoever sees staff there."""
    sees = acting.may(May.SEE_STAFF, staff.region_code)
    rows = Participant.objects.filter(staff=staff).select_related("event", "result").order_by("-starts_on", "-pk")
    if not sees:
        rows = rows.filter(invited_at__isnull=False)
    found = list(rows[: _SHOWN + 1])
    if not found:
        return None
    told = [
        {"row": one, "event": one.event, "tone": PARTICIPANT_TONES[one.state], "result": getattr(one, "result", None)}
        for one in found[:_SHOWN]
    ]
    return _("Pelatihan"), "training/section.html", {"rows": told, "more": len(found) > _SHOWN, "sees": sees}

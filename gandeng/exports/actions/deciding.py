"""Yes or no of the second person."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting, acting_for
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.exports.files import HOURS
from gandeng.exports.models import ExportRequest
from gandeng.exports.refused import Refused
from gandeng.exports.sources import KINDS
from gandeng.jobs.work import start

State = ExportRequest.State
MAKE = "exports.make"


def decide(acting: Acting, export: ExportRequest, *, approve: bool, reason: str) -> None:
    """Decide over a request of somebody else; yes puts the making of it into the queue, as work of the asker.

    Raises Refused, PermissionDenied. The view has asked for the second factor before.
    """
    authority = acting.authority(May.APPROVE_EXPORT, export.region_code, export.channel or None)
    KINDS[export.kind].authority(acting, export.region_code, export.channel or None)
    with transaction.atomic():
        held = ExportRequest.objects.select_for_update(no_key=True).get(pk=export.pk)
        if held.asked_by_id == acting.person_id:
            raise Refused(_("Anda sendiri yang meminta; orang lain yang memutuskan."))
        if held.state != State.ASKED:
            words = _("Permintaan ini tidak menunggu keputusan lagi: %(state)s.")
            raise Refused(words % {"state": held.get_state_display()})
        if not approve and not reason.strip():
            raise Refused(_("Tulis alasan menolak."))
        held.state = State.APPROVED if approve else State.REFUSED
        held.decided_by_id, held.decided_authority = acting.person_id, authority
        held.decided_at, held.decided_reason = timezone.now(), reason.strip()
        held.expires_at = held.decided_at + timedelta(hours=HOURS) if approve else None
        held.save()
        verb = "export.approved" if approve else "export.refused"
        record(
            acting, verb, held, region=held.region_code, authority=authority, reason=held.decided_reason,
            kind=held.kind, rows=held.rows_asked,
        )  # fmt: skip
        if approve:
            asker = acting_for(held.asked_by_id, timezone.localdate())
            start(asker, MAKE, f"Menyiapkan unduhan: {held.title}"[:200], export=str(held.pk))

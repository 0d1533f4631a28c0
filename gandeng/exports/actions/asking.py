"""Asking for a long export, and taking it back."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.audit.actions import record
from gandeng.exports.models import ExportRequest
from gandeng.exports.refused import Refused
from gandeng.exports.sources import KINDS, Listing

State = ExportRequest.State


def ask(acting: Acting, slug: str, arguments: Mapping[str, str], listing: Listing, purpose: str) -> ExportRequest:
    """Ask for the list as the asker sees it. Raises Refused, PermissionDenied."""
    authority = KINDS[slug].authority(acting)
    if not purpose.strip():
        raise Refused(_("Tulis keperluannya."))
    rows = listing.count()
    if not rows:
        raise Refused(_("Daftar ini kosong."))
    with transaction.atomic():
        made = ExportRequest.objects.create(
            kind=slug, title=listing.title, arguments={name: value for name, value in arguments.items() if value},
            region_code=listing.region, channel=listing.channel, rows_asked=rows, purpose=purpose.strip(),
            asked_by_id=acting.person_id, asked_authority=authority,
        )  # fmt: skip
        record(
            acting, "export.asked", made, region=made.region_code, authority=authority, reason=made.purpose, kind=slug,
            rows=rows, narrowed_by=sorted(made.arguments),
        )  # fmt: skip
    return made


def withdraw(acting: Acting, export: ExportRequest) -> None:
    """Take one's own request back while nobody has decided. Raises Refused."""
    with transaction.atomic():
        held = ExportRequest.objects.select_for_update(no_key=True).get(pk=export.pk)
        if held.asked_by_id != acting.person_id or held.state != State.ASKED:
            raise Refused(_("Permintaan ini sudah diputuskan."))
        held.state = State.WITHDRAWN
        held.save(update_fields=["state"])
        record(acting, "export.withdrawn", held, region=held.region_code)

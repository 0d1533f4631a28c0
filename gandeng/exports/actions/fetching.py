"""The asker fetches: the password once, the locked file until its time is over."""

from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.acting import Acting
from gandeng.audit.actions import record
from gandeng.audit.sealing import unseal
from gandeng.exports.files import path_of
from gandeng.exports.models import ExportRequest
from gandeng.exports.refused import Refused
from gandeng.exports.sources import KINDS
from gandeng.exports.words import password_place
from gandeng.files.digests import sha256_of

State = ExportRequest.State
OVER = _("Masa unduhnya sudah habis. Mintalah lagi.")


def show_password(acting: Acting, export: ExportRequest) -> str:
    """The password, once: it is kept nowhere afterwards. Raises Refused, PermissionDenied."""
    with transaction.atomic():
        held = _there(acting, export)
        if not bytes(held.password_sealed):
            raise Refused(_("Kata sandinya sudah ditampilkan dan tidak disimpan. Bila hilang, mintalah unduhan lagi."))
        password = unseal(bytes(held.password_sealed), password_place(held))
        held.password_sealed = b""
        held.save(update_fields=["password_sealed"])
        record(acting, "export.password_shown", held, region=held.region_code, authority=held.asked_authority)
    return password


def download(acting: Acting, export: ExportRequest) -> tuple[Path, str]:
    """The file and its name; each time is written down. Raises Refused, PermissionDenied."""
    with transaction.atomic():
        held = _there(acting, export)
        path = path_of(held.pk)
        if not path.is_file():
            raise Refused(OVER)
        if sha256_of(path) != held.sha256:
            raise Refused(_("Berkasnya tidak sama lagi dengan yang disiapkan, jadi tidak diserahkan. Mintalah lagi."))
        record(
            acting, "export.downloaded", held, region=held.region_code, authority=held.asked_authority,
            reason=held.purpose, kind=held.kind, rows=held.rows, sha256=held.sha256,
        )  # fmt: skip
    return path, held.name


def _there(acting: Acting, export: ExportRequest) -> ExportRequest:
    """Of the asker alone, who still holds the right over all of it, and not over yet."""
    KINDS[export.kind].authority(acting, export.region_code, export.channel or None)
    held = ExportRequest.objects.select_for_update(no_key=True).get(pk=export.pk)
    if held.asked_by_id != acting.person_id:
        raise Refused(_("Hanya peminta yang mengunduh."))
    if held.state != State.READY or held.expires_at is None or held.expires_at <= timezone.now():
        raise Refused(OVER if held.state in (State.READY, State.EXPIRED) else _("Berkasnya belum siap."))
    return held

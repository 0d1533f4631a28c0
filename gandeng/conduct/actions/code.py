"""Versions of the code of ethics: entered, withdrawn before their day, signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import from_address, record
from gandeng.conduct.actions.common import ConductRefused, refusing
from gandeng.conduct.code_queries import digest, in_force
from gandeng.conduct.models import Code, Signature
from gandeng.facilitators.models import Staff

TO_COMPLETE = "[lengkapi"
"""Marks what the published list begins and the office has yet to write out."""


@dataclass(frozen=True)
class Text:
    """What an office enters."""

    region: str
    title: str
    source: str
    articles: Sequence[str]
    valid_from: date


@transaction.atomic
def enter(acting: Acting, text: Text) -> Code:
    """A version from its day on. Raises ConductRefused, PermissionDenied."""
    authority = acting.authority(May.KEEP_CODE, text.region)
    if text.valid_from < timezone.localdate():
        raise ConductRefused(_("Mulai berlaku paling awal hari ini."), "valid_from")
    if not text.articles:
        raise ConductRefused(_("Tulis pasal-pasalnya."), "articles")
    if any(TO_COMPLETE in article for article in text.articles):
        raise ConductRefused(_("Masih ada pasal yang bertanda [lengkapi]. Tulis bunyi pasalnya dahulu."), "articles")
    twice = ConductRefused(_("Kantor ini sudah punya versi yang mulai berlaku pada tanggal itu."), "valid_from")
    with refusing("", {"code_from_once": twice}):
        code = Code.objects.create(
            region_code=text.region, title=text.title, source=text.source, articles=[*text.articles],
            text_sha256=digest(text.title, text.source, text.articles), valid_from=text.valid_from,
            entered_by_id=acting.person_id,
        )  # fmt: skip
    record(
        acting, "code.entered", code, region=text.region, authority=authority, sha256=code.text_sha256,
        valid_from=text.valid_from.isoformat(),
    )  # fmt: skip
    return code


@transaction.atomic
def withdraw(acting: Acting, code: Code, reason: str) -> None:
    """A version whose day has not come. Raises ConductRefused, PermissionDenied."""
    authority = acting.authority(May.KEEP_CODE, code.region_code)
    locked = Code.objects.select_for_update(of=("self",), no_key=True).get(pk=code.pk)
    if locked.withdrawn_at is not None or locked.valid_from <= timezone.localdate():
        raise ConductRefused(_("Versi ini sudah berlaku atau sudah ditarik. Masukkan versi baru sebagai gantinya."))
    Code.objects.filter(pk=code.pk).update(
        withdrawn_by_id=acting.person_id, withdrawn_at=timezone.now(), withdrawn_because=reason
    )
    record(acting, "code.withdrawn", code, region=code.region_code, authority=authority, reason=reason)


@transaction.atomic
def sign(acting: Acting, staff: Staff, code: Code, shown_sha256: str, *, second_factor: bool) -> Signature:
    """She read the text with that digest and will keep to it; once. Raises ConductRefused, PermissionDenied."""
    if staff.person_id != acting.person_id:
        raise PermissionDenied("only she herself")
    now = in_force(staff.region_code, timezone.localdate())
    if now is None or now.pk != code.pk or shown_sha256 != code.text_sha256:
        raise ConductRefused(_("Teks yang Anda baca bukan lagi versi yang berlaku. Baca versi yang tampil sekarang."))
    if digest(code.title, code.source, code.articles) != code.text_sha256:
        raise ConductRefused(_("Teks versi ini tidak sama dengan sidik yang tercatat. Hubungi administrator."))
    if again := Signature.objects.filter(code=code, staff=staff).first():
        return again
    made = Signature.objects.create(
        code=code, staff=staff, region_code=staff.region_code, text_sha256=shown_sha256, from_address=from_address(),
        second_factor=second_factor,
    )  # fmt: skip
    held = acting.first
    record(
        acting, "code.signed", staff, region=staff.region_code, authority=held.words if held else "",
        code=str(code.pk), sha256=shown_sha256, second_factor=second_factor,
    )  # fmt: skip
    return made


def note_unsigned_export(acting: Acting, region: str, rows: int) -> None:
    """Who has not signed was taken away."""
    held = acting.held(May.SEE_STAFF)
    record(
        acting, "code.unsigned_exported", object_type="Code", region=region or held.region_code, authority=held.words,
        rows=rows,
    )  # fmt: skip

"""The file of an approved export: the rows as CSV and a manifest, locked with a password of its own."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.audit.actions import record
from gandeng.audit.sealing import seal
from gandeng.exports.files import HOURS, in_the_open, path_of
from gandeng.exports.models import ExportRequest
from gandeng.exports.refused import Refused
from gandeng.exports.sources import KINDS, Listing, Marked
from gandeng.exports.tables import ENCODING, write_table
from gandeng.exports.words import password_place
from gandeng.files.digests import sha256_of
from gandeng.files.locked_zip import new_password, write_locked_zip

type Report = Callable[[str, int, int], None]

State = ExportRequest.State
_BATCH = 5_000


def make(acting: Acting, export: ExportRequest, report: Report) -> ExportRequest:
    """Write the file, in the asker's territory of now. Raises Refused, PermissionDenied."""
    kind = KINDS[export.kind]
    kind.authority(acting)
    with transaction.atomic():
        held = ExportRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=export.pk)
        if held.state != State.APPROVED or held.asked_by_id != acting.person_id:
            raise Refused(_("Permintaan ini tidak menunggu disiapkan."))
        listing = kind.source(acting, {name: held.arguments.get(name, "") for name in kind.arguments})
        if not listing.region.startswith(held.region_code) or listing.channel != held.channel:
            raise Refused(_("Wilayah tugas Anda berubah sejak meminta. Mintalah lagi."))
        held.expires_at = timezone.now() + timedelta(hours=HOURS)
        held.name = f"{held.kind}-{timezone.localdate():%Y%m%d}-{held.pk.hex[:8]}.zip"
        password = new_password()
        with in_the_open(held.pk) as folder:
            listed = folder / f"{held.kind}.csv"
            marked = listing.mark() if listing.mark else None
            if marked:
                held.mark_no, held.mark_name = marked.number, marked.name
            held.rows = _write(listed, listing, held.rows_asked, report, marked)
            held.rows_sha256 = sha256_of(listed)
            manifest = folder / "manifest.json"
            manifest.write_text(json.dumps(_manifest(held, listing), ensure_ascii=False, indent=2), encoding="utf-8")
            report("Mengunci berkas", 0, 0)
            write_locked_zip(path_of(held.pk), (listed, manifest), password)
        held.sha256 = sha256_of(path_of(held.pk))
        held.password_sealed = seal(password, password_place(held))
        held.state = State.READY
        held.save()
        record(
            acting, "export.made", held, region=held.region_code, authority=held.asked_authority, kind=held.kind,
            rows=held.rows, sha256=held.sha256, rows_sha256=held.rows_sha256,
        )  # fmt: skip
    return held


def _write(path: Path, listing: Listing, expected: int, report: Report, marked: Marked | None) -> int:
    """Gives the rows written, without the invented one, which stands where its number would."""
    rows = 0

    def counted() -> Iterator[Sequence[str | int]]:
        nonlocal rows
        waits = marked
        for line in listing.lines():
            if waits and str(line[0]) > waits.number:
                yield waits.line
                waits = None
            yield line
            rows += 1
            if rows % _BATCH == 0:
                report("Menulis baris", rows, max(rows, expected))
        if waits:
            yield waits.line

    with path.open("w", encoding=ENCODING, newline="") as file:
        write_table(file, listing.header, counted())
    return rows


def _manifest(held: ExportRequest, listing: Listing) -> dict[str, Any]:
    """Who, why, what, how much, whose yes, until when: whoever finds the file knows where it came from."""
    decider = held.decided_by
    return {
        "id": str(held.pk), "title": held.title, "purpose": held.purpose,
        "region": {"code": held.region_code, "name": region_name(held.region_code)}, "channel": held.channel,
        "asked_by": {"name": held.asked_by.name, "authority": held.asked_authority,
                     "at": held.asked_at.isoformat()},
        "approved_by": {"name": decider.name if decider else "", "authority": held.decided_authority,
                        "at": held.decided_at.isoformat() if held.decided_at else "", "reason": held.decided_reason},
        "filter": held.arguments, "columns": list(listing.header), "rows": held.rows,
        "invented_rows": int(bool(held.mark_no)),
        "rows_sha256": held.rows_sha256, "made_at": timezone.now().isoformat(),
        "expires_at": held.expires_at.isoformat() if held.expires_at else "",
    }  # fmt: skip

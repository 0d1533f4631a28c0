"""Figures and lists of the caseload leave the office: written down, and families by the thousand only by two people."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.exports.actions import take_alone
from gandeng.exports.refused import Refused
from gandeng.exports.sources import ROWS_ALONE
from gandeng.facilitators.act_queries import BY_FAMILY, families_of
from gandeng.facilitators.caseload_exports import ACT_HEADER, FORMATS, WITHOUT_HEADER, act_cells, without_cells
from gandeng.facilitators.load_queries import without_facilitator
from gandeng.facilitators.models import CaseloadChange
from gandeng.web.language import indonesian


class ExportRefused(ValueError):
    """The message, in the language of the page, says why and what to do."""


def export_figures(
    acting: Acting, region: str, day: date, kind: str, header: Sequence[str], rows: Sequence[Sequence[str | int]],
    form: str,
) -> bytes:  # fmt: skip
    """Figures of places or of facilitators; no family is named. Raises PermissionDenied."""
    authority = acting.authority(May.SEE_STAFF, region)
    with indonesian():
        told = FORMATS[form][0](header, rows)
    record(
        acting, "caseload.exported", object_type=kind, region=region, authority=authority, rows=len(rows),
        day=day.isoformat(),
    )  # fmt: skip
    return told


def export_act(acting: Acting, change: CaseloadChange, purpose: str, form: str) -> bytes:
    """The families an act moved, by village. Raises ExportRefused, PermissionDenied."""
    authority = acting.authority(May.SEE_STAFF, change.region_code)
    rows = list(families_of(change).order_by(*BY_FAMILY)[: ROWS_ALONE + 1])
    if len(rows) > ROWS_ALONE:
        raise ExportRefused(
            _("Unduhan langsung paling banyak 1.000 keluarga. Minta unduhan panjang, yang disetujui orang kedua.")
        )
    try:
        take_alone(acting, "CaseloadChange", len(rows), region=change.region_code)
    except Refused as refused:
        raise ExportRefused(str(refused)) from refused
    with indonesian():
        cells: Iterable[Sequence[str | int]] = list(act_cells(rows, change.effective_on.isoformat()))
        told = FORMATS[form][0](ACT_HEADER, cells)
    record(
        acting, "hand_over.exported", change, region=change.region_code, authority=authority, reason=purpose,
        rows=len(rows),
    )  # fmt: skip
    return told


def export_unaccompanied(acting: Acting, region: str, day: date, purpose: str, form: str) -> bytes:
    """Families of a region whom nobody accompanies on the day. Raises ExportRefused, PermissionDenied.

    Written down as a list of families, so that whoever asks who received a family's data, or what leaked, finds it.
    """
    authority = acting.authority(May.SEE_STAFF, region)
    found = without_facilitator(region, day).select_related("collector").order_by("village_code", "family_no")
    rows = list(found[: ROWS_ALONE + 1])
    if len(rows) > ROWS_ALONE:
        raise ExportRefused(_("Unduhan langsung paling banyak 1.000 keluarga. Pilih tempat yang lebih kecil."))
    try:
        take_alone(acting, "Family", len(rows), region=region)
    except Refused as refused:
        raise ExportRefused(str(refused)) from refused
    with indonesian():
        cells: Iterable[Sequence[str | int]] = list(without_cells(rows, day.isoformat()))
        told = FORMATS[form][0](WITHOUT_HEADER, cells)
    record(
        acting, "families.exported", object_type="Family", region=region, authority=authority, reason=purpose,
        rows=len(rows), narrowed_by={"without_facilitator_on": day.isoformat()},
    )  # fmt: skip
    return told

"""Lists of staff and of the caseload leave the office: for a purpose, few rows alone, and written down."""

from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.exports.actions import take_alone
from gandeng.exports.refused import Refused
from gandeng.exports.sources import ROWS_ALONE
from gandeng.facilitators.caseload_exports import FORMATS
from gandeng.facilitators.listing import count_of, header_of, lines_of, whole_for
from gandeng.facilitators.models import Import
from gandeng.web.language import indonesian


class ListRefused(Exception):
    """The list is not handed out; the message, in the language of the page, says why."""


def export_list(acting: Acting, kind: str, region: str, purpose: str, form: str) -> bytes:
    """The list of the region as CSV or XLSX. Raises ListRefused, PermissionDenied.

    A caseload is written down as a list of families: whoever asks what leaked, or who got a family's data, finds it.
    """
    authority = acting.authority(May.SEE_STAFF, region)
    if kind == Import.Kind.CASELOAD:
        acting.authority(May.SEE_FAMILIES, region)
    rows = count_of(kind, region)
    if rows > ROWS_ALONE:
        raise ListRefused(
            _("Unduhan langsung paling banyak 1.000 baris. Pilih wilayah yang lebih kecil, atau minta unduhan panjang.")
        )
    try:
        take_alone(acting, kind, rows, region=region)
    except Refused as refused:
        raise ListRefused(str(refused)) from refused
    whole = whole_for(acting, region)
    with indonesian():
        told = FORMATS[form][0](header_of(kind, whole=whole), lines_of(kind, region, whole=whole))
    action = "families.exported" if kind == Import.Kind.CASELOAD else "staff_list.exported"
    record(
        acting, action, object_type=kind, region=region, authority=authority, reason=purpose.strip(),
        rows=rows,
    )  # fmt: skip
    return told

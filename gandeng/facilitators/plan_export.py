"""Tables of plans as files: few rows, no family by name; each is counted against the day and written down."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.core.money import format_number
from gandeng.exports.actions import take_alone
from gandeng.exports.refused import Refused
from gandeng.exports.sources import ROWS_ALONE
from gandeng.facilitators.caseload_exports import FORMATS

KINDS = {form: kind for form, (_make, kind) in FORMATS.items()}

type Row = Sequence[str | int]


def export_table(
    acting: Acting, what: str, region: str, header: Sequence[str], rows: Sequence[Row], form: str, **facts: str
) -> bytes:
    """The file. Raises exports.refused.Refused for more than one person takes away alone, at once or in a day."""
    authority = acting.authority(May.SEE_STAFF, region)
    return taken(acting, "caseload.exported", authority, what, region, header, rows, form, **facts)


def taken(
    acting: Acting, action: str, authority: str, what: str, region: str, header: Sequence[str], rows: Sequence[Row],
    form: str, **facts: str,
) -> bytes:  # fmt: skip
    """The file of whoever may have it, told to the log as `action`. Raises exports.refused.Refused."""
    if len(rows) > ROWS_ALONE:
        raise Refused(
            _("Daftarnya lebih dari %(most)s baris. Cetak dari halaman ini.") % {"most": format_number(ROWS_ALONE)}
        )
    take_alone(acting, what, len(rows), region=region)
    record(
        acting, action, object_type=what, region=region, authority=authority, rows=len(rows), form=form, **facts
    )  # fmt: skip
    make, _kind = FORMATS[form]
    return make(header, rows)

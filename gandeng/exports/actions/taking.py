"""A short list, taken away at once by one person."""

from collections.abc import Mapping
from itertools import islice

from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.audit.actions import record
from gandeng.exports.actions.budget import take_alone
from gandeng.exports.refused import Refused
from gandeng.exports.sources import KINDS, ROWS_ALONE, Listing
from gandeng.exports.tables import table_bytes
from gandeng.web.language import indonesian


def take(acting: Acting, slug: str, arguments: Mapping[str, str], listing: Listing, purpose: str) -> bytes:
    """The list as the asker sees it, as CSV. Raises Refused, PermissionDenied."""
    authority = KINDS[slug].authority(acting)
    with indonesian():  # what leaves the office
        rows = list(islice(listing.lines(), ROWS_ALONE + 1))
        content = table_bytes(listing.header, rows)
    if not rows:
        raise Refused(_("Daftar ini kosong."))
    if len(rows) > ROWS_ALONE:
        raise Refused(_("Daftar ini lebih panjang dari yang dibawa satu orang. Kirim permintaan, atau persempit."))
    take_alone(acting, slug, len(rows), region=listing.region)
    record(
        acting, "export.taken", object_type="ExportRequest", region=listing.region, authority=authority,
        reason=purpose, kind=slug, rows=len(rows), narrowed_by=sorted(name for name, told in arguments.items() if told),
    )  # fmt: skip
    return content

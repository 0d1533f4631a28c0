"""Pairs nobody has judged, as a list that leaves the office for a purpose: numbers and names, no identifier."""

from collections.abc import Iterator, Mapping
from itertools import batched

from django.db.models import QuerySet, Sum
from django.urls import reverse

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.duplicates import queries
from gandeng.duplicates.models import Found
from gandeng.duplicates.words import names_of, why
from gandeng.exports.sources import Listing, region_of, source
from gandeng.web.paging import narrowed

KIND = "mirip"
HEADER = ("keluarga", "desa", "nama", "keluarga_lain", "desa_lain", "nama_lain", "sebab", "satu_dari")
_BATCH = 500


@source(KIND, May.JUDGE_DUPLICATES, queries.FILTERS)
def pairs(acting: Acting, arguments: Mapping[str, str]) -> Listing:
    """A line for each two people, the strongest first."""
    filters = queries.known(dict(arguments))
    region = region_of(acting, May.JUDGE_DUPLICATES, filters)
    rows = queries.found(acting, filters) & queries.waiting(acting)
    return Listing(
        title=f"Data mirip, {region_name(region)}", region=region, channel="", header=HEADER,
        count=lambda: rows.aggregate(n=Sum("people"))["n"] or 0, lines=lambda: _lines(rows),
        back=narrowed(reverse("duplicates:pairs"), filters),
    )  # fmt: skip


def _lines(rows: QuerySet[Found]) -> Iterator[list[str | int]]:
    for some in batched(rows.order_by("-score", "pk").iterator(), _BATCH):
        people = queries.members(each[side] for one in some for each in one.pairs for side in ("member", "other"))
        for one in some:
            for each in one.pairs:
                names = names_of(each, people) or ("", "")
                yield [
                    one.family.family_no, region_name(one.village_code), names[0], one.other.family_no,
                    region_name(one.other_village_code), names[1], why(each), each["one_in"],
                ]  # fmt: skip

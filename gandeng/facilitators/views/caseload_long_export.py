"""The hand-over list of an act as a long export: what its page shows, without any identifier."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from django.http import Http404
from django.urls import reverse

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.exports.sources import Listing, source
from gandeng.facilitators.act_queries import BY_FAMILY, families_of
from gandeng.facilitators.caseload_exports import ACT_HEADER, Cells, act_cells
from gandeng.facilitators.queries import access_change

KIND = "serah-terima"
_TITLE = "Serah terima keluarga dampingan, {place}, mulai {day}"


@source(KIND, May.SEE_STAFF, ("change",))
def hand_over_list(acting: Acting, arguments: Mapping[str, str]) -> Listing:
    """Families of one act, by village."""
    try:
        change = access_change(acting, UUID(arguments.get("change", "")))
    except ValueError as error:
        raise Http404 from error
    rows = families_of(change).order_by(*BY_FAMILY)
    day = change.effective_on.isoformat()

    def lines() -> Iterator[Cells]:
        yield from act_cells(rows.iterator(), day)

    return Listing(
        title=_TITLE.format(place=region_name(change.region_code), day=day), region=change.region_code, channel="",
        header=ACT_HEADER, count=rows.count, lines=lines, back=reverse("caseload:change", args=[change.pk]),
    )  # fmt: skip

"""The education form of a whole territory as a long export: its pupils in one list, school by school."""

from collections.abc import Iterator, Mapping
from itertools import batched

from django.db.models import QuerySet
from django.urls import reverse

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.commitments.actions.education import facilitators_of
from gandeng.commitments.education_file import HEADER, NPSN, SCHOOL, pupil_line
from gandeng.commitments.models import Enrolment, Facility, Obligation
from gandeng.commitments.queries import Quarter, expected, recorded_now
from gandeng.commitments.views.common import asked
from gandeng.exports.sources import Listing, one_region, source

KIND = "formulir-pendidikan"
_BATCH = 500


@source(KIND, May.SEE_FAMILIES, ("quarter", "wilayah"))
def education_form(acting: Acting, arguments: Mapping[str, str]) -> Listing:
    """Pupils who live there and are enrolled at a school one sees, in the columns of the form."""
    quarter, region = asked(dict(arguments))
    region = region or one_region(acting.where(May.SEE_FAMILIES).regions)
    acting.authority(May.SEE_FAMILIES, region)
    rows = expected(quarter).filter(
        obligation=Obligation.EDUCATION, facility__in=Facility.objects.filter(kind=Facility.Kind.SCHOOL),
        village_code__startswith=region,
    )  # fmt: skip
    return Listing(
        title=f"Formulir pendidikan, {quarter.words}, {region_name(region)}", region=region, channel="",
        header=(NPSN, SCHOOL, *HEADER), count=rows.count, lines=lambda: _lines(rows, quarter),
        back=reverse("commitments:education_out"),
    )  # fmt: skip


def _lines(rows: QuerySet[Enrolment], quarter: Quarter) -> Iterator[list[str | int]]:
    ordered = rows.select_related("member", "facility", "family__collector").order_by(
        "facility__name", "facility_id", "member__name", "pk"
    )
    for some in batched(enumerate(ordered.iterator(chunk_size=_BATCH), start=1), _BATCH):
        now = recorded_now([each.member_id for _number, each in some], quarter, Obligation.EDUCATION)
        with_whom = facilitators_of([each.family_id for _number, each in some])
        for number, each in some:
            _verdict, months = now.get(each.member_id, (None, ()))
            school = (each.facility.code, each.facility.name) if each.facility else ("", "")
            yield [*school, *pupil_line(number, each, months, with_whom.get(each.family_id, ""))]

"""Lists that leave the office: pupils of a whole territory in the columns of the education form, and decisions."""

from collections.abc import Iterator, Mapping
from itertools import batched

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localdate

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.commitments.actions.education import facilitators_of
from gandeng.commitments.education_file import HEADER, NPSN, SCHOOL, pupil_line
from gandeng.commitments.models import Decision, Enrolment, Facility, Obligation, Step
from gandeng.commitments.queries import Quarter, decisions, expected, families_of, recorded_now
from gandeng.commitments.views.common import BOTH, asked
from gandeng.exports.sources import Listing, one_region, source
from gandeng.web.templatetags.gandeng import tahap

KIND, DECISIONS = "formulir-pendidikan", "keputusan-komitmen"
_DECISIONS_HEADER = (
    "Nomor keluarga", "Keluarga", "Desa/kelurahan", "Triwulan", "Keputusan", "Tahap", "Diputuskan pada", "Oleh",
    "Diberi tahu pada", "Keberatan pada", "Jawaban", "Dijawab pada",
)  # fmt: skip
_BATCH = 500


@source(KIND, May.SEE_FAMILIES, ("quarter", "wilayah"))
def education_form(acting: Acting, arguments: Mapping[str, str]) -> Listing:
    """Pupils who live there and are enrolled at a school one sees, in the columns of the form."""
    quarter, region = asked(dict(arguments))
    region = region or one_region(acting.where(May.SEE_FAMILIES).regions)
    acting.authority(May.SEE_FAMILIES, region)
    rows = expected(quarter).filter(
        obligation=Obligation.EDUCATION, facility__in=Facility.objects.filter(kind=Facility.Kind.SCHOOL),
        member__village_code__startswith=region,
    )  # fmt: skip
    return Listing(
        title=f"Formulir pendidikan, {quarter.words}, {region_name(region)}", region=region, channel="",
        header=(NPSN, SCHOOL, *HEADER), count=rows.count, lines=lambda: _lines(rows, quarter),
        back=reverse("commitments:education_out"),
    )  # fmt: skip


def _lines(rows: QuerySet[Enrolment], quarter: Quarter) -> Iterator[list[str | int]]:
    ordered = rows.select_related("member__family__collector", "facility").order_by(
        "facility__name", "facility_id", "member__name", "pk"
    )
    for some in batched(enumerate(ordered.iterator(chunk_size=_BATCH), start=1), _BATCH):
        now = recorded_now([each.member_id for _number, each in some], quarter, Obligation.EDUCATION)
        with_whom = facilitators_of([each.member.family_id for _number, each in some])
        for number, each in some:
            _verdict, months = now.get(each.member_id, (None, ()))
            school = (each.facility.code, each.facility.name) if each.facility else ("", "")
            yield [*school, *pupil_line(number, each, months, with_whom.get(each.member.family_id, ""))]


@source(DECISIONS, May.SEE_FAMILIES, (), alone=True, shown_to=BOTH)
def decided(acting: Acting, _arguments: Mapping[str, str]) -> Listing:
    """Decisions of the territory and what followed, newest first; without anybody's words."""
    region, rows = one_region(acting.where(May.SEE_FAMILIES).regions), decisions()
    return Listing(
        title=f"Keputusan komitmen, {region_name(region)}", region=region, channel="", header=_DECISIONS_HEADER,
        count=rows.count, lines=lambda: _decisions(rows), back=reverse("commitments:decisions"),
    )  # fmt: skip


def _decisions(rows: QuerySet[Decision]) -> Iterator[list[str | int]]:
    for some in batched(rows.order_by("-at", "pk").iterator(chunk_size=_BATCH), _BATCH):
        families = families_of(some)
        for each in some:
            family, about = families[each.family_id], each.recommendation
            days = {step.kind: step.on_day.isoformat() for step in each.steps.all()}
            answer = next(
                (step for step in each.steps.all() if step.kind in (Step.Kind.UPHELD, Step.Kind.REJECTED)), None
            )
            yield [
                family.family_no, family.called, region_name(each.village_code),
                Quarter(about.year, about.quarter).words, str(each.get_outcome_display()),
                tahap(f"{about.cycle_year}-{about.cycle_stage}"), localdate(each.at).isoformat(), each.by.name,
                days.get(Step.Kind.TOLD, ""), days.get(Step.Kind.APPEALED, ""),
                str(answer.get_kind_display()) if answer else "", answer.on_day.isoformat() if answer else "",
            ]  # fmt: skip

"""Cases: the register, one's own, and what one may do in a case now. Row security beneath shows each its own alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from django.db.models import BooleanField, Func, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from gandeng.accounts.acting import Acting, grants_on
from gandeng.accounts.models import Person
from gandeng.accounts.roles import May, Role
from gandeng.audit.sealing import Place, unseal
from gandeng.conduct.models import Case, CaseFile, Dismissal, Matter, Party, Step
from gandeng.conduct.published import UNFOUNDED
from gandeng.facilitators.models import Staff
from gandeng.web.finding import found_or_404

PANEL_ROLES = (
    Role.DISTRICT_OPERATOR, Role.DISTRICT_HEAD, Role.PROVINCE_OFFICER, Role.PROVINCE_HEAD, Role.MINISTRY_OFFICER,
    Role.MINISTRY_HEAD,
)  # fmt: skip
"""Offices out of the line of the field, of whom one may be asked to investigate (`0002_guards`)."""
OPEN = (Case.State.REPORTED, Case.State.HEARING, Case.State.DECIDED, Case.State.APPEALED)
_DECISIONS = (Step.Kind.DECIDED, Step.Kind.APPEAL_DECIDED)
_FOUND = 20


def own_cases(acting: Acting) -> QuerySet[Case]:
    """Cases one takes part in, those that waited longest first."""
    mine = Party.objects.filter(person_id=acting.person_id).values("case_id")
    return Case.objects.filter(pk__in=mine).order_by("changed_at", "pk")


def own_reports(acting: Acting) -> QuerySet[Case]:
    """Cases one reported, newest first: number, day and state."""
    return Case.objects.filter(reporter__person_id=acting.person_id).order_by("-opened_at", "pk")


def against(acting: Acting) -> QuerySet[Case]:
    """Cases in which one is accused and something may still be done."""
    mine = Party.objects.filter(person_id=acting.person_id, part=Party.Part.ACCUSED).values("case_id")
    return Case.objects.filter(pk__in=mine, state__in=OPEN).order_by("changed_at", "pk")


def register(acting: Acting) -> QuerySet[Case]:
    """The register of one's regions, newest first."""
    return Case.objects.filter(region_code__within=acting.where(May.SEE_CONDUCT)).order_by("-opened_at", "-pk")


UNTAKEN = Func("pk", function="conduct_untaken", output_field=BooleanField())
"""Of a case: nobody handles it, or its appeal, who still may."""


def open_for(acting: Acting) -> QuerySet[Case]:
    """What waits: cases and appeals nobody has in hand, for whoever may take them, and open ones of one's own."""
    mine = Party.objects.filter(person_id=acting.person_id).exclude(part=Party.Part.ACCUSED).values("case_id")
    handles = acting.where(May.HANDLE_CONDUCT)
    below = Q(region_code="") | ~Q(region_code__in=handles.regions)
    untaken = Q(UNTAKEN, region_code__within=handles) & (~Q(state=Case.State.APPEALED) | (below & ~Q(pk__in=mine)))
    return Case.objects.filter(untaken | Q(pk__in=mine), state__in=OPEN)


def reportable(acting: Acting, words: str) -> Sequence[Staff]:
    """Staff of one's own regions and the ones around, by name or number; oneself never."""
    if len(words) < 3:
        return []
    rows = _reportable(acting).filter(Q(person__name__icontains=words) | Q(staff_no__iexact=words))
    return list(rows.order_by("person__name", "staff_no")[:_FOUND])


def access_reportable(acting: Acting, staff_id: UUID) -> Staff:
    """Somebody one may report. Http404."""
    return found_or_404(_reportable(acting), staff_id)


def _reportable(acting: Acting) -> QuerySet[Staff]:
    where = acting.where(May.REPORT_CONDUCT)
    rows = Staff.objects.filter(region_code__touches=where).select_related("person")
    return rows.exclude(person_id=acting.person_id)


@dataclass(frozen=True)
class Standing:
    """A case, and what one is in it."""

    acting: Acting
    case: Case
    parties: tuple[Party, ...]
    steps: tuple[Step, ...] = field(default=())
    files: tuple[CaseFile, ...] = field(default=())
    """Papers one may open, without their content; those without a step came with the report."""

    @cached_property
    def parts(self) -> frozenset[str]:
        """One's own parts."""
        return frozenset(one.part for one in self.parties if one.person_id == self.acting.person_id)

    @property
    def accused(self) -> bool:
        """True for whoever is accused."""
        return Party.Part.ACCUSED in self.parts

    @property
    def panel(self) -> bool:
        """True for its panel."""
        return bool(self.parts) and not self.accused

    @cached_property
    def decision(self) -> Step | None:
        """The one in force."""
        corrected = {step.corrects_id for step in self.steps}
        found = [step for step in self.steps if step.kind in _DECISIONS and step.pk not in corrected]
        return found[-1] if found else None

    @property
    def takes(self) -> bool:
        """True where one may take it in hand, or its appeal; the database knows who is in the line of the accused."""
        handles = self.acting.may(May.HANDLE_CONDUCT, self.case.region_code)
        return handles and not self.parts and bool(vars(self.case)["untaken"])

    @property
    def deeds(self) -> list[str]:
        """What one may do now, in the words of its address (`views.cases`)."""
        return [name for name, (parts, can) in _DEEDS.items() if self.parts & parts and can(self)]


def _state(*states: str) -> "_Can":
    return lambda standing: standing.case.state in states


def _heard(standing: Standing) -> bool:
    return standing.case.state == Case.State.HEARING and any(one.kind == Step.Kind.HEARD for one in standing.steps)


def _in_time(standing: Standing) -> bool:
    last = standing.decision
    open_still = last is not None and (last.on_day is None or last.on_day >= timezone.localdate())
    return standing.case.state == Case.State.DECIDED and open_still


def _over(standing: Standing) -> bool:
    last = standing.decision
    over = last is not None and (
        last.outcome == UNFOUNDED or (last.on_day is not None and last.on_day < timezone.localdate())
    )
    return standing.case.state == Case.State.DECIDED and over


def _corrects(kind: str, *states: str) -> "_Can":
    def can(standing: Standing) -> bool:
        return standing.case.state in states and standing.decision is not None and standing.decision.kind == kind

    return can


type _Can = Callable[[Standing], bool]

_P = Party.Part
_S = Case.State
_DEEDS: dict[str, tuple[frozenset[str], _Can]] = {
    "tunjuk": (frozenset({_P.OPENER, _P.DECIDER}), _state(_S.REPORTED, _S.HEARING, _S.DECIDED)),
    "undang": (frozenset({_P.INVESTIGATOR}), _state(_S.REPORTED, _S.HEARING)),
    "berita-acara": (frozenset({_P.INVESTIGATOR}), _state(_S.HEARING)),
    "putusan": (frozenset({_P.DECIDER}), _heard),
    "banding": (frozenset({_P.ACCUSED}), _in_time),
    "terima": (frozenset({_P.ACCUSED}), _state(_S.DECIDED)),
    "tetap": (frozenset({_P.DECIDER}), _over),
    "putusan-banding": (frozenset({_P.APPEAL}), _state(_S.APPEALED)),
    "koreksi": (frozenset({_P.DECIDER}), _corrects(Step.Kind.DECIDED, _S.DECIDED, _S.FINAL)),
    "koreksi-banding": (frozenset({_P.APPEAL}), _corrects(Step.Kind.APPEAL_DECIDED, _S.FINAL)),
    "catatan": (
        frozenset({_P.OPENER, _P.INVESTIGATOR, _P.DECIDER, _P.APPEAL}),
        lambda standing: standing.case.state != _S.WITHDRAWN,
    ),
    "hentikan": (frozenset({_P.OPENER, _P.DECIDER}), _state(_S.REPORTED, _S.HEARING)),
}  # fmt: skip
"""Whose deed, and when. The database holds the same (`conduct_step_done`, `conduct_party_comes`)."""


def access_case(acting: Acting, case_id: UUID) -> Standing:
    """A case one takes part in or finds in the register. Http404 for anybody else, its reporter too."""
    case = found_or_404(Case.objects.annotate(untaken=UNTAKEN), case_id)
    parties = tuple(Party.objects.filter(case=case).select_related("person").order_by("added_at", "pk"))
    steps = tuple(Step.objects.filter(case=case).select_related("by", "corrects").order_by("at"))
    files = tuple(CaseFile.objects.filter(case=case).defer("content_sealed").order_by("pk"))
    standing = Standing(acting, case, parties, steps, files)
    if not standing.parts and not acting.may(May.SEE_CONDUCT, case.region_code):
        raise Http404
    return standing


def access_member(acting: Acting, case_id: UUID) -> Standing:
    """A case one takes part in. Http404 for anybody else."""
    standing = access_case(acting, case_id)
    if not standing.parts:
        raise Http404
    return standing


def matter_of(standing: Standing) -> Matter | None:
    """Who is accused of what, for the panel."""
    return Matter.objects.filter(case=standing.case).select_related("staff__person").first()


def told(matter: Matter) -> str:
    """What the report says."""
    return unseal(bytes(matter.what_sealed), Place("conduct_matter", "what", str(matter.pk)))


def text_of(step: Step) -> str:
    """What a step says."""
    return unseal(bytes(step.text_sealed), Place("conduct_step", "text", str(step.pk)))


def label_of(file: CaseFile) -> str:
    """Name of a paper."""
    return unseal(bytes(file.label_sealed), Place("conduct_casefile", "label", str(file.pk)))


def access_file(standing: Standing, file_id: UUID) -> CaseFile:
    """A paper of the case one may open. Http404."""
    return found_or_404(CaseFile.objects.filter(case=standing.case), file_id)


def candidates(standing: Standing, part: str) -> list[Person]:
    """Who may be asked: officials over the region out of the field, with a right to decide for a decider."""
    roles = (Role.DISTRICT_HEAD, Role.PROVINCE_HEAD, Role.MINISTRY_HEAD) if part == _P.DECIDER else PANEL_ROLES
    region = standing.case.region_code
    above = [region[:length] for length in (0, 2, 4) if length <= len(region)]
    held = grants_on(timezone.localdate()).filter(role__in=roles, region_code__in=above)
    return list(Person.objects.filter(pk__in=held.values("person_id")).order_by("name", "pk"))


def dismissals(acting: Acting) -> QuerySet[Dismissal]:
    """Final decisions to dismiss whose service has not ended, for whoever keeps staff there."""
    rows = Dismissal.objects.filter(
        region_code__within=acting.where(May.KEEP_STAFF), revoked_on=None, staff__left_on=None
    )
    return rows.select_related("staff__person").order_by("final_on", "pk")


def dismissal_of(acting: Acting, staff: Staff) -> Dismissal | None:
    """The same for one of them."""
    return dismissals(acting).filter(staff=staff).first()

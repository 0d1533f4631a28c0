"""Records of a sheet become verdicts, and verdicts of a family a recommendation: in the sheet's own transaction."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from gandeng.accounts.acting import in_territory
from gandeng.accounts.machine import MACHINE
from gandeng.commitments.models import Effect, Obligation, Recommendation, Record, Sheet, Verdict
from gandeng.commitments.queries import Quarter, newest_verdicts
from gandeng.core import commitment as core
from gandeng.core.benefit_policy import Ages
from gandeng.core.cycle import Cycle
from gandeng.core.region_code import DISTRICT_DIGITS
from gandeng.policy.commitment_rules import commitment_rules, duty_ages
from gandeng.policy.entitlement import months_of
from gandeng.registry.history import Stood, stood_at
from gandeng.registry.models import Family, Member
from gandeng.web.days import midnight


def judge(sheet: Sheet, members: Mapping[UUID, Member], records: Iterable[Record]) -> list[Verdict]:
    """One verdict per member and obligation of the sheet."""
    quarter = Quarter(sheet.year, sheet.quarter)
    rules = commitment_rules(quarter.year, quarter.number)
    by_duty: dict[tuple[UUID, str], list[Record]] = {}
    for each in records:
        by_duty.setdefault((each.member_id, each.obligation), []).append(each)
    held = duties(members.values(), quarter)
    made = [
        _verdict(sheet, members[member], obligation, rows, rules, quarter, has_duty=(member, obligation) in held)
        for (member, obligation), rows in by_duty.items()
    ]
    return Verdict.objects.bulk_create(made, batch_size=500)


def recommend(families: Sequence[Family], quarter: Quarter) -> list[Recommendation]:
    """What is new for each family; nothing where the same verdicts say the same again. Families are locked before.

    What was recorded and recommended where a family lived before counts with the rest, whoever records now.
    """
    rules = commitment_rules(quarter.year, quarter.number)
    with in_territory(MACHINE):
        return Recommendation.objects.bulk_create(_recommended(families, quarter, rules))


def _recommended(families: Sequence[Family], quarter: Quarter, rules: core.Rules) -> list[Recommendation]:
    verdicts = newest_verdicts([each.pk for each in families], quarter)
    before = _newest([each.pk for each in families], quarter)
    gone = _gone({each.member_id for rows in verdicts.values() for each in rows}, quarter)
    made = []
    for family in families:
        counted = [each for each in verdicts[family.pk] if each.member_id not in gone]
        against = [each for each in counted if each.verdict == Verdict.Kind.NOT_MET]
        said = core.recommendation(rules, (core.Verdict(each.verdict) for each in counted))
        effect = Effect.SUSPEND if said == Effect.SUSPEND else Effect.NONE
        last = before.get(family.pk)
        if _says_the_same(last, effect, against):
            continue
        made.append(_recommendation(family, quarter, effect, against, rules.digest, last))
    return made


def _gone(members: Collection[UUID], quarter: Quarter) -> set[UUID]:
    """Who had died or left the family by the last day of the quarter, as the registry knows by now."""
    by_then = Q(deceased_on__lte=quarter.ends) | Q(left_on__lte=quarter.ends)
    return set(Member.objects.filter(by_then, pk__in=members).values_list("pk", flat=True))


def concerned(members: Collection[Member], quarter: Quarter) -> set[UUID]:
    """Their families, and those they were in when something was recorded about them in the quarter, if seen."""
    before = Verdict.objects.filter(member__in=members, year=quarter.year, quarter=quarter.number)
    return {*(each.family_id for each in members), *before.values_list("family_id", flat=True)}


def _verdict(
    sheet: Sheet, member: Member, obligation: str, rows: Sequence[Record], rules: core.Rules, quarter: Quarter, *,
    has_duty: bool,
) -> Verdict:  # fmt: skip
    months = [
        core.Month(one.month, one.service, one.days, one.absent, one.leave, one.sick, one.visits)
        for one in sorted(rows, key=lambda one: one.month)
    ]
    found = judged(member, obligation, months, rules, quarter, has_duty=has_duty)
    told = json.dumps([[vars(one)[name] for name in sorted(vars(one))] for one in months])
    return Verdict(
        sheet=sheet, year=quarter.year, quarter=quarter.number, member=member, family_id=member.family_id,
        village_code=member.village_code, obligation=obligation, verdict=found.verdict.value,
        reason=found.reason.value, reached=found.reached, wanted=found.wanted,
        inputs_digest=hashlib.sha256(told.encode()).hexdigest(), policy_digest=rules.digest,
    )  # fmt: skip


def judged(
    member: Member,
    obligation: str,
    months: Sequence[core.Month],
    rules: core.Rules,
    quarter: Quarter,
    *,
    has_duty: bool,
) -> core.Judged:
    """What these months come to, without writing it down: who stays on the sheet without a duty is excused."""
    if obligation == Obligation.WELFARE:
        return core.judge_welfare(months)
    if obligation == Obligation.EDUCATION:
        found = core.judge_education(rules, months)
    else:
        pregnant = bool(member.pregnancy_no)
        wanted = core.visits_wanted(rules, born=member.birth_date, pregnant=pregnant, ends=quarter.ends)
        found = core.judge_health(wanted, months)
    return found if has_duty else core.without_duty(found)


def duties(members: Collection[Member], quarter: Quarter) -> set[tuple[UUID, str]]:
    """Who of them is bound by which duty: by what the registry says now, and said on the quarter's last day.

    What it learned later, a pregnancy, a school, a family that came, binds nobody for a quarter that was over.
    """
    with in_territory(MACHINE):
        then = stood_at([each.pk for each in members], midnight(quarter.ends + timedelta(days=1)))
        known = _known_districts(members, then, quarter)
    return {
        (each.pk, duty)
        for each in members
        if _in_programme(then[each.pk], quarter, known=each.village_code[:DISTRICT_DIGITS] in known)
        for duty in _duties(each, then[each.pk], quarter)
    }


def _duties(member: Member, then: Stood, quarter: Quarter) -> Iterable[str]:
    """As `unplaced_queries.unplaced` asks of many: whoever brings a component on the quarter's last day."""
    ages = duty_ages(quarter.ends)
    if member.school_level and then.school_level and _aged(member, ages.school, quarter):
        yield Obligation.EDUCATION
    young = not member.school_level and _aged(member, ages.early_childhood, quarter)
    if (member.pregnancy_no and then.pregnancy_no) or young:
        yield Obligation.HEALTH


def _in_programme(then: Stood, quarter: Quarter, *, known: bool) -> bool:
    """Whether the family was; `known` where its district had families in the registry by then.

    With a district's first list all of them come into it: their day of entering says nothing then.
    """
    if then.status not in (Family.Status.ACTIVE, Family.Status.SUSPENDED):
        return False
    return not (known and _came_later(then, quarter))


def _came_later(then: Stood, quarter: Quarter) -> bool:
    return then.entered_on is not None and then.entered_on > quarter.ends


def _known_districts(members: Iterable[Member], then: Mapping[UUID, Stood], quarter: Quarter) -> set[str]:
    """Of those from whom a family came after the quarter, districts with families from before."""
    asked = {each.village_code[:DISTRICT_DIGITS] for each in members if _came_later(then[each.pk], quarter)}
    before = Family.objects.filter(entered_on__lte=quarter.ends)
    return {each for each in asked if before.filter(village_code__startswith=each).exists()}


def _aged(member: Member, ages: Ages, quarter: Quarter) -> bool:
    last, first = ages.born(quarter.ends)
    return member.birth_date <= last and (first is None or member.birth_date > first)


def _newest(families: Sequence[UUID], quarter: Quarter) -> dict[UUID, Recommendation]:
    own = Recommendation.objects.filter(family_id__in=families, year=quarter.year, quarter=quarter.number)
    return {each.family_id: each for each in own.order_by("family_id", "-number").distinct("family_id")}


def _says_the_same(last: Recommendation | None, effect: str, against: Sequence[Verdict]) -> bool:
    """The same duties of the same members, whatever sheet says so now."""
    if last is None:
        return effect == Effect.NONE
    duties = {(each.member_id, each.obligation) for each in against}
    before = set(Verdict.objects.filter(pk__in=last.verdicts).values_list("member_id", "obligation"))
    return last.effect == effect and (effect == Effect.NONE or duties == before)


def _recommendation(
    family: Family, quarter: Quarter, effect: str, against: Sequence[Verdict], digest: str, last: Recommendation | None
) -> Recommendation:
    cycle = core.decided_cycle(quarter.year, quarter.number, months=months_of(Cycle(quarter.year, 1)))
    return Recommendation(
        year=quarter.year, quarter=quarter.number, family=family, village_code=family.village_code, effect=effect,
        verdicts=[str(each.pk) for each in against], cycle_year=cycle.year, cycle_stage=cycle.stage,
        policy_digest=digest, number=(last.number if last else 0) + 1,
    )  # fmt: skip

"""The entitlement contract read literally, one family and one member at a time; shares no code with the calculation."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

ORDER = (
    "PREGNANCY",
    "EARLY_CHILDHOOD",
    "PRIMARY",
    "JUNIOR_SECONDARY",
    "SENIOR_SECONDARY",
    "SEVERE_DISABILITY",
    "ELDERLY",
    "RIGHTS_VICTIM",
)
SCHOOL = {"SD": "PRIMARY", "SMP": "JUNIOR_SECONDARY", "SMA": "SENIOR_SECONDARY"}


@dataclass(frozen=True)
class Family:
    family_id: str
    collector_member_id: str
    village_code: str = "63.71.01.1001"
    status: str = "ACTIVE"
    channel: str = "BRI"
    account_no: str = "000123456789012"


@dataclass(frozen=True)
class Member:
    family_id: str
    member_id: str
    birth_date: date
    nik: str = "6371014101900001"
    name: str = "CONTOH"
    sex: str = "F"
    school_level: str = ""
    pregnancy_no: int | None = None
    severe_disability: bool = False
    rights_victim: bool = False
    deceased_on: date | None = None


@dataclass(frozen=True)
class Verdict:
    member_id: str
    commitment: str
    verdict: str


@dataclass(frozen=True)
class Answer:
    components: list[tuple[object, ...]]
    entitlements: list[tuple[object, ...]]
    payments: list[tuple[object, ...]]
    recommendations: list[tuple[object, ...]]


def reference_day(year: int, stage: int, months: int) -> date:
    return date(year, (stage - 1) * months + 1, 1)


def rates(day: date) -> dict[str, int]:
    if day.year < 2019:
        return dict.fromkeys(ORDER[:7], 0)
    young = 2_400_000 if day.year == 2019 else 3_000_000
    table = dict(zip(ORDER, (young, young, 900_000, 1_500_000, 2_000_000, 2_400_000, 2_400_000), strict=False))
    if day >= date(2024, 5, 1):
        table["RIGHTS_VICTIM"] = 10_800_000
    return table


def completed_years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def candidates(member: Member, day: date) -> list[str]:
    age = completed_years(member.birth_date, day)
    found = []
    if member.pregnancy_no in (1, 2):
        found.append("PREGNANCY")
    if 0 <= age <= 6 and not member.school_level:
        found.append("EARLY_CHILDHOOD")
    if member.school_level and 6 <= age <= 21:
        found.append(SCHOOL[member.school_level])
    if member.severe_disability:
        found.append("SEVERE_DISABILITY")
    if age >= (60 if 2018 <= day.year <= 2021 else 70):
        found.append("ELDERLY")
    if member.rights_victim and day >= date(2024, 5, 1):
        found.append("RIGHTS_VICTIM")
    return found


def most_per_family(day: date) -> dict[str, int]:
    most = {"EARLY_CHILDHOOD": 2}
    if day.year >= 2022:
        most |= {"ELDERLY": 1, "SEVERE_DISABILITY": 1}
    return most


def flat(year: int, stage: int, counted: list[str]) -> int:
    """2017 and 2018: one flat amount; 2019: the fixed part of stage 1."""
    if not counted:
        return 0
    if year == 2018 and set(counted) <= {"ELDERLY", "SEVERE_DISABILITY"}:
        return 500_000
    if year in (2017, 2018):
        return (500_000, 500_000, 500_000, 390_000)[stage - 1]
    return 550_000 if year == 2019 and stage == 1 else 0


def judge(people: list[Member], day: date, months: int) -> dict[str, tuple[str | None, str]]:
    """Member -> the candidate that decides and why it counts or not, for a family that is ACTIVE."""
    table = rates(day)
    verdict: dict[str, tuple[str | None, str]] = {}
    left = []
    for member in people:
        found = candidates(member, day)
        if member.deceased_on is not None and member.deceased_on <= day:
            verdict[member.member_id] = (None, "DECEASED")
        elif not found:
            verdict[member.member_id] = (None, "NO_COMPONENT")
        else:
            left.append((member.member_id, min(found, key=lambda each: (-table[each], ORDER.index(each)))))
    kept: list[tuple[str, str]] = []
    for member_id, component in sorted(left):
        same = [each for each in kept if each[1] == component]
        if len(same) >= most_per_family(day).get(component, 99):
            verdict[member_id] = (component, "OVER_COMPONENT_LIMIT")
        else:
            kept.append((member_id, component))
    kept.sort(key=lambda each: (-(table[each[1]] * months // 12), each[0]))
    for place, (member_id, component) in enumerate(kept):
        verdict[member_id] = (component, "COUNTED" if place < 4 else "OVER_FAMILY_LIMIT")
    return verdict


def entitle(
    families: list[Family], members: list[Member], verdicts: list[Verdict], year: int, stage: int, months: int
) -> Answer:
    day = reference_day(year, stage, months)
    by_family = defaultdict(list)
    for member in members:
        by_family[member.family_id].append(member)
    answer = Answer([], [], [], [])
    for family in families:
        _family(answer, family, by_family[family.family_id], year, stage, months)
    of = {member.member_id: member for member in members}
    active = {family.family_id for family in families if family.status == "ACTIVE"}
    for member_id, commitment in sorted({(v.member_id, v.commitment) for v in verdicts if v.verdict == "NOT_MET"}):
        member = of[member_id]
        if member.family_id in active and not (member.deceased_on and member.deceased_on <= day):
            code = "SUSPEND" if day >= date(2020, 3, 14) else "REDUCE_OR_END"
            row = (member.family_id, member_id, commitment, "NOT_MET", code, "sanction/not_met")
            answer.recommendations.append(row)
    return answer


def _family(answer: Answer, family: Family, people: list[Member], year: int, stage: int, months: int) -> None:
    day = reference_day(year, stage, months)
    if family.status != "ACTIVE":
        rows = [(family.family_id, m.member_id, None, None, 0, False, "FAMILY_NOT_ACTIVE") for m in people]
        answer.components.extend(rows)
        answer.entitlements.append((family.family_id, f"{year}-{stage}", months, 0, 0, 0, len(people)))
        return
    table, verdict = rates(day), judge(people, day, months)
    total, counted = 0, []
    for member in people:
        component, why = verdict[member.member_id]
        amount = table[component] * months // 12 if component and why == "COUNTED" else 0
        rate = None if component is None else table[component]
        row = (family.family_id, member.member_id, component, rate, amount, why == "COUNTED", why)
        answer.components.append(row)
        total += amount
        if component and why == "COUNTED":
            counted.append(component)
        others = [] if why == "DECEASED" else [each for each in candidates(member, day) if each != component]
        for other in others:
            answer.components.append(
                (family.family_id, member.member_id, other, table[other], 0, False, "NOT_THE_BEST")
            )
    fixed = flat(year, stage, counted)
    amount = total + fixed
    answer.entitlements.append((family.family_id, f"{year}-{stage}", months, len(counted), amount, fixed, len(people)))
    if amount:
        collector = next(m for m in people if m.member_id == family.collector_member_id)
        key = f"{year}-{stage}"
        answer.payments.append(
            (
                f"{key}-{family.family_id}",
                key,
                family.family_id,
                collector.nik,
                collector.name,
                family.channel,
                family.account_no,
                family.village_code[:5],
                amount,
            )
        )

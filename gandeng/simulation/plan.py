"""Where the families live and who accompanies them: whole numbers per village, before any family is made."""

from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby

import pyarrow.parquet as pq

from gandeng.core.channels import BANKS
from gandeng.core.region_code import Level, RegionCode
from gandeng.regions import places
from gandeng.regions.places import Kind, Place
from gandeng.simulation.allotment import largest_remainder, runs_of
from gandeng.simulation.chance import SPAN, Chance

NATION = "ID"
PUBLISHED = {"63": (98_636, 414), "1371": (23_964, 94), NATION: (10_000_000, 32_843)}
"""Region -> families, facilitators as published: South Kalimantan 2023, Padang stage II 2024, Indonesia 2021 and 2025
(docs/programme.md; the nation's two figures are of different years)."""

FAMILIES_PER_THOUSAND_PEOPLE = 35
"""For places without a published count: ten million families among about 284 million people."""

FAMILIES_PER_FACILITATOR = 240
FAMILIES_PER_SUB_DISTRICT_MAX = 10_000
"""On average; more would not fit the serial numbers of a NIK, nor memory; real ones have far fewer."""

FAMILIES_MAX = 20_000_000
"""As many as account numbers and draws are made for: twice the nation's."""
_URBAN_WEIGHT = 160
_RURAL_WEIGHT = 100
_REMOTE_SHARE = 0.06
_ISLAMIC_BANK_PROVINCE = "11"
_MAIN_BANKS = (("BRI", 45), ("BNI", 25), ("MANDIRI", 20), ("BTN", 6), ("BSI", 4))


class UnknownRegion(ValueError):
    """No province, district or `ID` of that code."""


class FamiliesDoNotFit(ValueError):
    """Fewer families than villages, or more than the region can hold; `low` and `high` are the bounds."""

    def __init__(self, families: int, low: int, high: int) -> None:
        self.families, self.low, self.high = families, low, high
        super().__init__(f"{families}: {low}-{high}")


@dataclass(frozen=True)
class VillagePlan:
    """A village, how many families it has and through whom they are paid.

    `first_family` numbers from 0 within the run, `number_in_province` of its first family from 1 within the province.
    """

    code: RegionCode
    name: str
    families: int
    first_family: int
    number_in_province: int
    bank: str
    remote: bool


@dataclass(frozen=True)
class Part:
    """Neighbouring families of one village, mostly all of them; `first_family` as in the run."""

    village: RegionCode
    first_family: int
    families: int


@dataclass(frozen=True)
class FacilitatorPlan:
    """A facilitator: parts of villages that are neighbours by code, and the sub-district most families live in."""

    facilitator_id: str
    home: RegionCode
    parts: tuple[Part, ...]

    @property
    def families(self) -> int:
        """Families in all parts."""
        return sum(part.families for part in self.parts)


def plan_villages(region: str, families: int | None, chance: Chance) -> list[VillagePlan]:
    """Every village of `region` (`63`, `63.71`, `ID`) with at least one family, in order of code.

    Raises UnknownRegion, FamiliesDoNotFit.
    """
    code = region if region == NATION else _known(region).digits
    provinces = [one.code.digits for one in places.provinces()] if code == NATION else [code[:2]]
    people = _people()
    districts = [
        one for province in provinces for one in places.districts_of(province)
        if code == NATION or RegionCode(code).contains(one.code) or one.code.contains(RegionCode(code))
    ]  # fmt: skip
    total = families if families is not None else _published(code, sum(people[one.code.digits] for one in districts))
    villages = [one for district in districts for one in _villages(district, code)]
    _refuse_misfit(total, villages)
    shares = _family_counts(total, districts, villages, people, chance)
    return _numbered([_village_plan(one, count, chance) for one, count in zip(villages, shares, strict=True)])


def plan_facilitators(villages: list[VillagePlan], count: int | None, region: str) -> list[FacilitatorPlan]:
    """`count` facilitators (or the published number) over the villages, district by district, at least one in each.

    Whole villages where their size allows; one with more than half a facilitator's families is split.
    """
    total = count if count is not None else _facilitators(region, sum(one.families for one in villages))
    by_district = [list(group) for _, group in groupby(villages, key=lambda one: one.code.above(Level.DISTRICT))]
    sizes = [sum(one.families for one in group) for group in by_district]
    counts = largest_remainder(max(total, len(by_district)), sizes, least=1)
    plans: list[FacilitatorPlan] = []
    for group, size, wanted in zip(by_district, sizes, counts, strict=True):
        parts = [part for village in group for part in _split(village, max(1, size // wanted // 2))]
        for run in runs_of([part.families for part in parts], min(wanted, len(parts))):
            held = tuple(parts[run.start : run.stop])
            plans.append(FacilitatorPlan(f"P{len(plans) + 1:06d}", _home(held), held))
    return plans


def _split(village: VillagePlan, size_max: int) -> list[Part]:
    pieces = -(-village.families // size_max)
    sizes = largest_remainder(village.families, [1] * pieces, least=0)
    starts = [village.first_family + sum(sizes[:piece]) for piece in range(pieces)]
    return [Part(village.code, start, size) for start, size in zip(starts, sizes, strict=True)]


def _home(parts: tuple[Part, ...]) -> RegionCode:
    held: dict[RegionCode, int] = {}
    for part in parts:
        home = part.village.above(Level.SUB_DISTRICT)
        held[home] = held.get(home, 0) + part.families
    return max(held, key=lambda home: (held[home], home))


def _known(region: str) -> RegionCode:
    try:
        code = RegionCode.parse(region)
    except ValueError as unreadable:
        raise UnknownRegion(region) from unreadable
    if code.level not in (Level.PROVINCE, Level.DISTRICT) or places.place(code) is None:
        raise UnknownRegion(region)
    return code


def _people() -> dict[str, int]:
    table = pq.ParquetFile(places.data_file("districts.parquet")).read(["code", "population"])
    return dict(zip(table["code"].to_pylist(), table["population"].to_pylist(), strict=True))


def _published(code: str, people: int) -> int:
    return PUBLISHED[code][0] if code in PUBLISHED else max(1, people * FAMILIES_PER_THOUSAND_PEOPLE // 1000)


def _facilitators(region: str, families: int) -> int:
    published = PUBLISHED.get(region.replace(".", ""))
    if published and published[0] == families:
        return published[1]
    return max(1, families // FAMILIES_PER_FACILITATOR)


def _villages(district: Place, code: str) -> list[Place]:
    return [one for one in places.villages_of(district.code) if code == NATION or RegionCode(code).contains(one.code)]


def _refuse_misfit(total: int, villages: list[Place]) -> None:
    sub_districts = len({one.code.above(Level.SUB_DISTRICT) for one in villages})
    high = min(FAMILIES_MAX, sub_districts * FAMILIES_PER_SUB_DISTRICT_MAX)
    if not len(villages) <= total <= high:
        raise FamiliesDoNotFit(total, len(villages), high)


def _family_counts(
    total: int, districts: list[Place], villages: list[Place], people: dict[str, int], chance: Chance
) -> list[int]:
    """Districts by population and a poverty factor of their own, villages in them by kind and chance."""
    in_district: dict[str, list[Place]] = {one.code.digits: [] for one in districts}
    for one in villages:
        in_district[one.code.digits[:4]].append(one)
    weights = [people[code] * (70 + chance.number("poverty", int(code)) * 60 // SPAN) for code in in_district]
    least = [len(held) for held in in_district.values()]
    rest = largest_remainder(total - sum(least), weights, least=0)
    counts: list[int] = []
    for held, more in zip(in_district.values(), rest, strict=True):
        counts += largest_remainder(more + len(held), [_weight(one, chance) for one in held], least=1)
    return counts


def _weight(village: Place, chance: Chance) -> int:
    kind = _URBAN_WEIGHT if village.kind is Kind.URBAN_VILLAGE else _RURAL_WEIGHT
    return kind * (40 + chance.number("village size", int(village.code.digits[:10]) % SPAN) * 150 // SPAN)


def _village_plan(village: Place, families: int, chance: Chance) -> VillagePlan:
    return VillagePlan(village.code, village.name, families, 0, 0, _main_bank(village.code, chance), _remote(village))


def _main_bank(code: RegionCode, chance: Chance) -> str:
    """One bank serves most families of a district; in Aceh the Islamic one. An assumption, not a published list."""
    if code.digits[:2] == _ISLAMIC_BANK_PROVINCE:
        return "BSI"
    mark = chance.number("main bank", int(code.digits[:4])) * sum(share for _, share in _MAIN_BANKS) // SPAN
    for bank, share in _MAIN_BANKS:
        mark -= share
        if mark < 0:
            return bank
    return BANKS[0]


def _remote(village: Place) -> bool:
    """Farther from the middle of its district than nineteen of twenty villages; towns have none."""
    limit = _remote_beyond(village.code.above(Level.DISTRICT))
    return limit is not None and _distance(village, village.code.above(Level.DISTRICT)) > limit


@cache
def _remote_beyond(district: RegionCode) -> float | None:
    centre = places.place(district)
    held = sorted(_distance(one, district) for one in places.villages_of(district))
    rural = centre is not None and centre.kind is Kind.REGENCY and held
    return held[int(len(held) * (1 - _REMOTE_SHARE))] if rural else None


def _distance(village: Place, district: RegionCode) -> float:
    """Square of the distance in degrees: only compared. 0 where a coordinate is missing."""
    centre = places.place(district)
    if centre is None or village.latitude is None or village.longitude is None:
        return 0.0
    return (village.latitude - (centre.latitude or 0)) ** 2 + (village.longitude - (centre.longitude or 0)) ** 2


def _numbered(villages: list[VillagePlan]) -> list[VillagePlan]:
    numbered, first, province, number = [], 0, "", 1
    for village in villages:
        if village.code.digits[:2] != province:
            province, number = village.code.digits[:2], 1
        numbered.append(replace(village, first_family=first, number_in_province=number))
        first, number = first + village.families, number + village.families
    return numbered

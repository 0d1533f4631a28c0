"""Skills that families need and people have, as plans of the caseload ask for them.

Who has which skill is kept by a package above, which tells us through `register_skills`. A family counts for one skill:
the most urgent of those its members call for. Without anybody who tells, no family needs any.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gandeng.facilitators.moving import ACCOMPANIED, IN_FORCE
from gandeng.policy.figures import load_figures

_ELDERLY_AGE = "component/elderly_age_min"


class Trait(StrEnum):
    """What a member is like that may call for somebody with a skill."""

    SEVERE_DISABILITY = "SEVERE_DISABILITY"
    ELDERLY = "ELDERLY"
    PREGNANT = "PREGNANT"
    RIGHTS_VICTIM = "RIGHTS_VICTIM"


TRAITS: dict[Trait, Promise] = {
    Trait.SEVERE_DISABILITY: _("Penyandang disabilitas berat"),
    Trait.ELDERLY: _("Lanjut usia"),
    Trait.PREGNANT: _("Ibu hamil"),
    Trait.RIGHTS_VICTIM: _("Korban pelanggaran HAM berat"),
}

_IS = {
    Trait.SEVERE_DISABILITY: "m.severe_disability",
    Trait.ELDERLY: "m.birth_date <= %(day)s::date - make_interval(years => %(elderly)s)",
    Trait.PREGNANT: "m.pregnancy_no is not null",
    Trait.RIGHTS_VICTIM: "m.rights_victim",
}


@dataclass(frozen=True)
class Wanted:
    """A skill by its name, and the members who call for it."""

    name: str
    traits: tuple[Trait, ...]


@dataclass(frozen=True)
class Needing:
    """Families of a village that need a skill, by who accompanies them; None: nobody does."""

    village_code: str
    holder: UUID | None
    skill: str
    families: int


type Wanting = Callable[[str, date], Sequence[Wanted]]
"""Skills wanted for families of a region on a day, the most urgent first."""
type Able = Callable[[Sequence[UUID], date], Mapping[UUID, frozenset[str]]]
"""Names of the skills that staff hold on a day; whoever has none is left out."""

_TOLD: list[tuple[Wanting, Able]] = []
"""Who tells, once there is a package that does."""


def register_skills(wanting: Wanting, able: Able) -> None:
    """Who tells of skills."""
    _TOLD[:] = [(wanting, able)]


def able(staff: Iterable[UUID], day: date) -> dict[UUID, frozenset[str]]:
    """Skills by person; whoever has none is left out."""
    return dict(_TOLD[0][1]([*staff], day)) if _TOLD else {}


_TABLE = """
create temporary table if not exists caseload_needing (family_id uuid primary key, skill text) on commit drop;
truncate caseload_needing;
"""

_FILL = """
insert into caseload_needing
select distinct f.id, %(skill)s from registry_family f join registry_member m on m.family_id = f.id
where f.status = any(%(accompanied)s) and f.village_code ^@ %(region)s and m.deceased_on is null and m.left_on is null
    and ({calls})
on conflict (family_id) do nothing
"""

_GROUPED = f"""
select f.village_code, a.staff_id, n.skill, count(*) from caseload_needing n
join registry_family f on f.id = n.family_id
left join facilitators_accompaniment a on a.family_id = f.id and {IN_FORCE}
group by 1, 2, 3 order by 1, 2 nulls last, 3
"""


def needing(region: str, day: date) -> tuple[Needing, ...]:
    """Families of a region that need a skill on a day.

    Where there are any, they also stand in the
    table `caseload_needing`."""
    wants = _TOLD[0][0](region, day) if _TOLD else ()
    if not wants:
        return ()
    elderly = load_figures().on(_ELDERLY_AGE, day)
    values: dict[str, Any] = {
        "region": region, "day": day, "accompanied": list(ACCOMPANIED), "elderly": elderly.value if elderly else None,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        for wanted in wants:
            calls = [_IS[one] for one in wanted.traits if one is not Trait.ELDERLY or values["elderly"] is not None]
            if calls:
                cursor.execute(_FILL.format(calls=" or ".join(calls)), values | {"skill": wanted.name})
        cursor.execute(_GROUPED, values)
        return tuple(Needing(*row) for row in cursor.fetchall())

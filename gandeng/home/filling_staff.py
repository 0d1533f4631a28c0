"""Who works in the field in the try-out, and who accompanies whom: the simulator's facilitators, each on terms of hers.

Everything follows from the number of a person: the same province gives the same people on the same terms.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol
from uuid import UUID

import duckdb
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.models import Person
from gandeng.core.region_code import SUB_DISTRICT_DIGITS
from gandeng.engine.duckdb_engine import parquet
from gandeng.facilitators.actions.caseload import set_load_limit
from gandeng.facilitators.loading import ASSIGNMENTS, FACILITATORS, load_caseload, load_staff
from gandeng.facilitators.models import Equipment, Leave, Post, Staff
from gandeng.home.filling_certificates import fill_certificates
from gandeng.home.filling_people import Cast

REGISTERED = date(2024, 3, 1)
SWORN_IN = date(2025, 10, 1)
"""Since then many are PPPK (docs/programme.md)."""
NEWEST = 8
"""Families of each district that came last and have nobody yet."""
LIMIT_FAMILIES = 300
LIMIT_REASON_KEPT = "Di atas 300 keluarga kunjungan bulanan tidak tercapai (rapat koordinasi kabupaten/kota)"
_ON_LEAVE, _EQUIPPED = 17, 12
"""One in so many is away now; so many of the main district have things, some not acknowledged yet."""

_FACILITATORS = """
with numbered as (select *, cast(facilitator_id[2:] as bigint) as n from {rows})
select facilitator_id as staff_no, name,
    date '2012-01-01' + cast((n * 7919) % 4400 as integer) as joined_on, home_sub_district[:5] as region_code,
    home_sub_district as home_code,
    case when n * 31 % 10 < 3 then 'SMA' when n * 31 % 10 < 5 then 'D3' else 'S1' end as education,
    {employment} as employment, '' as job_title,
    {number} as service_no, 'FACILITATOR' as role, {since} as valid_from, null::date as left_on, '' as left_because,
    row_number() over (order by n) as row
from numbered {where}
"""
_CONTRACT = {
    "employment": "'CONTRACT'", "number": "'SPK/' || n || '/2012'",
    "since": "date '2012-01-01' + cast((n * 7919) % 4400 as integer)", "where": "",
}  # fmt: skip
_PPPK = {
    "employment": "'PPPK'", "number": "'N' || lpad(cast(n * 104729 % 10000000 as varchar), 7, '0')",
    "since": f"date '{SWORN_IN.isoformat()}'", "where": "where n * 53 % 10 < 7",
}  # fmt: skip
_OFFICERS = """
select *, 'S1' as education, 'CONTRACT' as employment, '' as job_title, '' as service_no,
    date '2024-01-01' as joined_on, date '2024-01-01' as valid_from, null::date as left_on, '' as left_because
from (values {rows}) t(staff_no, name, region_code, home_code, role, row)
"""


class Doing(Protocol):
    """One person's act, whole or not at all."""

    def __call__(self, acting: Acting) -> AbstractContextManager[Acting]:
        """Enter it."""
        ...


def fill_staff(cast: Cast, registry: Path, doing: Doing) -> None:
    """Staff, first caseload and what an office has to look at; nothing where the registry has no facilitators."""
    if not (registry / FACILITATORS).is_file():
        return
    today, officer = timezone.localdate(), cast.province_officer
    people = {_hers(cast, registry): cast.facilitator.person_id}
    with doing(officer):
        load_staff(officer, _rows(registry, _CONTRACT), cast.province, today=today, people=people)
        if today >= SWORN_IN:
            load_staff(officer, _rows(registry, _PPPK), cast.province, today=today, people=people)
        officers = list(_officers(cast, registry))
        load_staff(
            officer, _OFFICERS.format(rows=", ".join(row for row, _, _ in officers)), cast.province, today=today,
            people={number: person for _, number, person in officers},
        )  # fmt: skip
    for district, coordinator in cast.coordinators.items():
        if not _assigned(registry, district):
            continue
        with doing(coordinator):
            load_caseload(coordinator, registry, district, on=REGISTERED, newest=NEWEST)
    main = cast.facilitator.grants[0].region_code[:4]
    with doing(cast.coordinators[main]) as coordinator:
        set_load_limit(coordinator, main, LIMIT_FAMILIES, day=today, reason=LIMIT_REASON_KEPT)
        _away_and_equipped(main, cast.operators[main].person_id, today)
    with doing(cast.province_head) as head:
        fill_certificates(officer, head, cast.province)


def _rows(registry: Path, terms: dict[str, str]) -> str:
    return _FACILITATORS.format(rows=parquet(registry / FACILITATORS), **terms)


def _hers(cast: Cast, registry: Path) -> str:
    """The number of whoever accompanies the first families of the village behind the facilitator's door."""
    village = cast.facilitator.grants[0].region_code
    dotted = f"{village[:2]}.{village[2:4]}.{village[4:6]}.{village[6:]}"
    with duckdb.connect() as con:
        found = con.execute(
            f"""select facilitator_id from {parquet(registry / ASSIGNMENTS)} where village_code = ?
                order by first_family_id limit 1""",
            [dotted],
        ).fetchone()
    return str(found[0]) if found else ""


def _assigned(registry: Path, district: str) -> bool:
    dotted = f"{district[:2]}.{district[2:]}"
    with duckdb.connect() as con:
        rows = con.execute(
            f"select count(*) from {parquet(registry / ASSIGNMENTS)} where village_code[:5] = ?", [dotted]
        ).fetchone()
    return bool(rows and rows[0])


def _officers(cast: Cast, registry: Path) -> Iterator[tuple[str, str, UUID]]:
    """A row, number and person for the coordinators, data operators and the lead of the doors."""
    with duckdb.connect() as con:
        last = con.execute(f"select max(facilitator_id) from {parquet(registry / FACILITATORS)}").fetchone()
    number = int(str(last[0])[1:]) if last else 0
    held = [
        *((one, code, Post.Role.DISTRICT_COORDINATOR) for code, one in cast.coordinators.items()),
        *((one, code, Post.Role.DATA_ADMINISTRATOR) for code, one in cast.operators.items()),
        (cast.lead, cast.lead.grants[0].region_code, Post.Role.SUB_DISTRICT_LEAD),
    ]  # fmt: skip
    for place, (one, code, role) in enumerate(held, start=1):
        staff_no, home = f"P{number + place:06d}", code if len(code) == SUB_DISTRICT_DIGITS else ""
        name = one.person_name.replace("'", "''")
        yield f"('{staff_no}', '{name}', '{code}', '{home}', '{role}', {place})", staff_no, one.person_id


def _away_and_equipped(district: str, issuer: UUID, today: date) -> None:
    """Some are on leave; some have a vest and a card, and a few have not said yet that they received them."""
    staff = list(Staff.objects.filter(region_code=district, posts__role=Post.Role.FACILITATOR).order_by("staff_no"))
    Leave.objects.bulk_create(
        Leave(
            staff=one, region_code=district, kind=Leave.Kind.ANNUAL, valid_from=today - timedelta(days=3 + place % 5),
            valid_until=today + timedelta(days=4 + place % 7),
        )
        for place, one in enumerate(staff[1:], start=1) if place % _ON_LEAVE == 0
    )  # fmt: skip
    issued = Person.objects.get(pk=issuer)
    Equipment.objects.bulk_create(
        Equipment(
            staff=one, region_code=district, kind=kind, serial_no=f"{kind[:1]}-{one.staff_no}",
            issued_on=today - timedelta(days=20), issued_by=issued,
            received_at=None if (place + len(kind)) % 4 == 0 else timezone.now() - timedelta(days=18),
        )
        for place, one in enumerate(staff[:_EQUIPPED]) for kind in (Equipment.Kind.VEST, Equipment.Kind.CARD)
    )  # fmt: skip

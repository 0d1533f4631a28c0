"""What a list would change: counts by kind against the registry, and rupiah of one cycle before and after."""

import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from gandeng.core.benefit import benefit
from gandeng.core.benefit_policy import BenefitPolicy
from gandeng.core.calculation import CheckFailed
from gandeng.core.duplicates import strength
from gandeng.core.duplicates_tables import LEFT_BEHIND
from gandeng.engine import calculate, connect, open_engine, parquet
from gandeng.jobs.work import Report
from gandeng.registry.alike import alike
from gandeng.registry.merging import ANEW, GIVES_WAY, OTHER_NIK
from gandeng.registry.models import Member

_MEMORY = "900MB"

_OTHER_ACCOUNT = """(a.channel is distinct from i.channel
        or (i.account_index is not null or i.channel = 'POS') and a.account_index is distinct from i.account_index)"""
"""A list that tells no number of a family with a bank leaves the account it has."""

_FAMILIES = f"""
select count(*) as listed,
    count(*) filter (where f.id is null) as added,
    count(*) filter (where f.status <> i.status) as status,
    count(*) filter (where f.village_code <> i.village_code) as village,
    count(*) filter (where f.id is not null and c.member_no is distinct from nullif(i.collector_no, '')) as collector,
    count(*) filter (where f.id is not null and {_OTHER_ACCOUNT}) as account,
    count(*) filter (where i.status = 'ACTIVE' and i.channel <> 'POS' and i.account_index is null
        and (a.account_index is null or a.channel <> i.channel)) as unaccounted,
    count(*) filter (where f.id is not null and f.status = i.status and f.village_code = i.village_code
        and c.member_no is not distinct from nullif(i.collector_no, '') and not {_OTHER_ACCOUNT}) as same
from incoming_family i left join registry_family f on f.id = i.id
left join registry_member c on c.id = f.collector_id
left join registry_account a on a.family_id = f.id and a.valid_until is null
"""
_FAMILIES_LEAVING = """
select count(*) as leaving from registry_family f where f.village_code ^@ %(region)s
    and f.status not in ('ENDED', 'GRADUATED') and not exists (select from incoming_family i where i.id = f.id)
"""
_MEMBERS = """
select count(*) as listed,
    count(*) filter (where m.id is null) as added,
    count(*) filter (where (m.name, m.birth_date, m.sex) is distinct from (i.name, i.birth_date, i.sex)
        and m.id is not null) as identity,
    count(*) filter (where m.id is not null and m.nik_index is distinct from i.nik_index) as nik,
    count(*) filter (where m.id is not null and m.school_level <> i.school_level) as school,
    count(*) filter (where m.id is not null and m.pregnancy_no is distinct from i.pregnancy_no::smallint) as pregnancy,
    count(*) filter (where m.severe_disability <> i.severe_disability or m.rights_victim <> i.rights_victim)
        as disability,
    count(*) filter (where m.id is not null and m.deceased_on is distinct from i.deceased_on) as death,
    count(*) filter (where m.id is not null and f.family_no <> i.family_no) as family,
    count(*) filter (where m.left_on is not null) as back
from incoming_member i left join registry_member m on m.id = i.id left join registry_family f on f.id = m.family_id
"""
_MEMBERS_LEAVING = """
select count(*) as leaving from registry_member m join incoming_family i on m.family_id = i.id
where m.left_on is null and m.deceased_on is null and not exists (select from incoming_member n where n.id = m.id)
"""
_SHARED = f"""
select count(*) as shared from (
    select i.id from incoming_family i join (select account_index from incoming_family
        where account_index is not null group by 1 having count(*) > 1) twice using (account_index)
    union
    select i.id from incoming_family i join registry_account a on a.account_index = i.account_index
        and a.valid_until is null and a.family_id <> i.id
    where not {GIVES_WAY.format("a")}) found
"""


_ANEW = f"select count(*) as anew from {ANEW}"
_COLLECTORS = f"select count(*) as nik from registry_family f join {OTHER_NIK} on m.id = f.collector_id"
_COLLECTORS_ELSEWHERE = """
select count(*) as elsewhere from (
    select i.id from incoming_family i join incoming_member n on n.member_no = i.collector_no
    where n.family_no <> i.family_no and i.status <> all(%(left_behind)s)
    union all
    select f.id from registry_family f join incoming_member n on n.id = f.collector_id
    where n.family_no <> f.family_no and f.status <> all(%(left_behind)s) and not f.village_code ^@ %(region)s
      and not exists (select from incoming_family i where i.id = f.id)) found
"""
"""Families whose collector the list puts into another one: suspended ones of it, and those of other districts."""
_DECILES = """
select count(i.decile) as listed, count(*) filter (where i.decile is null) as without,
    count(*) filter (where i.decile is not null and r.decile is null) as first,
    count(*) filter (where i.decile_on >= r.read_on and i.decile > r.decile) as risen,
    count(*) filter (where i.decile_on >= r.read_on and i.decile < r.decile) as fallen,
    count(*) filter (where i.decile_on >= r.read_on and i.decile = r.decile) as same,
    count(*) filter (where i.decile_on < r.read_on) as older
from incoming_family i left join lateral (select d.decile, d.read_on from registry_decilereading d
    where d.family_id = i.id order by d.read_on desc, d.id desc limit 1) r on true
"""
"""Against the reading in force; one of an earlier day is recorded, and stays behind it."""


_LISTED = """
select i.family_no as family_id, i.member_no as member_id, i.name, i.birth_date, i.sex, f.village_code
from incoming_member i join incoming_family f on f.family_no = i.family_no
where i.deceased_on is null and f.status <> all(%(left_behind)s)
"""
_PAIRS_SHOWN = 50


def counts(region: str) -> dict[str, dict[str, int]]:
    """`families`, `members`, `collectors` and `deciles` by what would happen to them; nobody's name."""
    families = _one(_FAMILIES, region) | _one(_FAMILIES_LEAVING, region) | _one(_SHARED, region)
    members = _one(_MEMBERS, region) | _one(_MEMBERS_LEAVING, region) | _one(_ANEW, region)
    collectors = _one(_COLLECTORS, region) | _one(_COLLECTORS_ELSEWHERE, region)
    deciles = _one(_DECILES, region)
    return {"families": families, "members": members, "collectors": collectors, "deciles": deciles}


def looks_alike(report: Report) -> dict[str, Any]:
    """New members of the list who look like others of it: how many, and the numbers of the strongest pairs."""
    told = _("Membandingkan nama dan tanggal lahir")
    rows = alike(_LISTED, {"left_behind": list(LEFT_BEHIND)}, progress=lambda _, place, of: report(told, place, of))
    numbers = {row[name] for row in rows for name in ("member_id", "other_member_id")}
    known = set(Member.objects.filter(member_no__in=numbers).values_list("member_no", flat=True))
    pairs = [
        (-strength(row), row["member_id"], row["other_member_id"])
        for row in rows if not {row["member_id"], row["other_member_id"]} <= known
    ]  # fmt: skip
    new = {number for _, *both in pairs for number in both} - known
    return {"members": len(new), "pairs": [both for _, *both in sorted(pairs)[:_PAIRS_SHOWN]]}


def _one(sql: str, region: str) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"region": region, "left_behind": list(LEFT_BEHIND)})
        row = cursor.fetchone()
        return dict(zip([column[0] for column in cursor.description], row, strict=True))


def moves_away() -> dict[str, int]:
    """Village -> how many of its families the list tells elsewhere, but for changes of codes in force."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select f.village_code, count(*) from incoming_family i
                join registry_family f on f.id = i.id
                where f.village_code <> i.village_code and not registry_same_place(f.village_code, i.village_code)
                group by 1"""
        )
        return dict(cursor.fetchall())


def strays(region: str) -> tuple[int, list[str]]:
    """Families of the list outside its region: how many, and the villages of all families of the list."""
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from incoming_family where not village_code ^@ %s", [region])
        outside = cursor.fetchone()[0]
        cursor.execute("select distinct village_code from incoming_family order by 1")
        return outside, [code for (code,) in cursor.fetchall()]


def rupiah(policy: BenefitPolicy, sources: dict[str, str], work: Path) -> dict[str, Any] | None:
    """Families paid and rupiah of the policy's cycle, in all and by district; None where the tables do not allow it."""
    out = work / "out"
    shutil.rmtree(work, ignore_errors=True)
    out.mkdir(parents=True)
    verdicts = {"verdicts": "select '' as member_id, '' as commitment, '' as verdict where false"}
    try:
        with closing(open_engine("duckdb", work / "engine", memory_limit=_MEMORY)) as engine:
            calculate(engine, benefit(policy), sources | verdicts, out)
    except CheckFailed:
        return None
    with closing(connect(work / "spill", memory_limit=_MEMORY)) as con:
        rows = con.execute(f"""
            select substr(f.village_code, 1, 5), count(*) filter (where e.amount > 0), cast(sum(e.amount) as bigint)
            from {parquet(out / "entitlements.parquet")} e join ({sources["families"]}) f on f.family_id = e.family_id
            group by 1 order by 1""").fetchall()
    districts = {code: {"families": int(paid), "rupiah": int(total)} for code, paid, total in rows}
    total = {name: sum(one[name] for one in districts.values()) for name in ("families", "rupiah")}
    return {"districts": districts, **total}

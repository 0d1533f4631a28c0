"""Calculate a cycle: the frozen registry through the engine, every row copied back, the identities proved again."""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
from django.db import connection, transaction

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.core.benefit import benefit
from gandeng.core.benefit_policy import BenefitPolicy
from gandeng.core.calculation import CheckFailed
from gandeng.engine import calculate as run_on
from gandeng.engine import connect, open_engine, parquet, quoted
from gandeng.entitlements.frozen import digest_of
from gandeng.entitlements.models import Run
from gandeng.files.flushed import flush

type Report = Callable[[str, int, int], None]

ENTITLEMENTS, COMPONENTS = "entitlements.parquet", "components.parquet"
_MEMORY = "1200MB"
_BLOCK = 1 << 20

_NO_VERDICTS = "select '' as member_id, '' as commitment, '' as verdict where false"


class IdentityBroken(Exception):
    """What went in is not what came out; nothing of the calculation stays."""


def calculate(
    acting: Acting, policy: BenefitPolicy, region: str, frozen: Path, out: Path, report: Report, *, kept_as: str
) -> Run:
    """What each family of the frozen folder is due under `policy`: a new Run with its rows, all in one transaction.

    `out`, a folder that is not there yet, then holds the engine's own files; `kept_as` is how the run names it.
    Raises CheckFailed or IdentityBroken where an identity does not hold: neither rows nor files then stay.
    """
    authority = acting.authority(May.RUN_CYCLE, region)
    try:
        with transaction.atomic():
            on_engine(policy, frozen, out, report)
            for folder in (frozen, out):
                flush(folder)
            run = _recorded(acting, policy, region, frozen, out, report, kept_as)
            facts: dict[str, Any] = {"families": run.families, "rupiah": run.amount_rupiah, "policy": policy.digest}
            record(acting, "entitlement.calculated", run, region=region, authority=authority, **facts)
    except BaseException:
        shutil.rmtree(out, ignore_errors=True)
        raise
    return run


def on_engine(policy: BenefitPolicy, frozen: Path, out: Path, report: Report) -> None:
    """The core's calculation of a frozen folder into `out`, which is made; nothing is recorded."""
    out.mkdir(parents=True)
    work = out / "work"
    with closing(open_engine("duckdb", work, memory_limit=_MEMORY)) as engine:
        told: Report = lambda _step, done, total: report("Menghitung hak tiap keluarga", done, total)  # noqa: E731
        run_on(engine, benefit(policy), sources(frozen), out, progress=told)
    for left in (work, out / "payments.parquet", out / "recommendations.parquet"):
        shutil.rmtree(left) if left.is_dir() else left.unlink()


def gives_the_same(policy: BenefitPolicy, frozen: Path, before: Path, out: Path, report: Report) -> bool:
    """Whether every family of the frozen folder is due under `policy` what the run of folder `before` gave it.

    `out` is made and gone afterwards. False where the files of `before` are not there any more.
    """
    if not (before / ENTITLEMENTS).exists():
        return False
    try:
        on_engine(policy, frozen, out, report)
        then, now = (
            f"select family_id, members_counted, fixed_amount, amount from {parquet(folder / ENTITLEMENTS)}"
            for folder in (before, out)
        )
        with closing(connect(out / "spill", memory_limit=_MEMORY)) as con:
            differs = f"select exists(({then}) except ({now})) or exists(({now}) except ({then}))"
            return not con.execute(differs).fetchall()[0][0]
    finally:
        shutil.rmtree(out, ignore_errors=True)


def sources(frozen: Path) -> dict[str, str]:
    """The contract's tables. The engine's own payment list is not used, so a missing collector is no reason to stop.

    `payments` makes the lists and holds back, with a reason, what has nobody to collect it; the contract's check on
    collectors is therefore answered with a stand-in, which no amount depends on.
    """
    families, members = (parquet(frozen / name) for name in ("families.parquet", "members.parquet"))
    stand_in = f"select family_id, min(member_id) as member_id from {members} group by family_id"
    collectors = f"select family_id, member_id from {members}"
    return {
        "families": f"""select f.family_id, coalesce(c.member_id, s.member_id, '') as collector_member_id,
            f.village_code, f.status, f.channel, f.account_no from {families} f
            left join ({collectors}) c on c.family_id = f.family_id and c.member_id = f.collector_member_id
            left join ({stand_in}) s on s.family_id = f.family_id""",
        "members": f"""select family_id, member_id, left(nik || repeat('0', 16), 16) as nik, name, birth_date, sex,
            school_level, cast(pregnancy_no as bigint) as pregnancy_no, severe_disability, rights_victim, deceased_on
            from {members}""",
        "verdicts": _NO_VERDICTS,
    }


def _recorded(
    acting: Acting, policy: BenefitPolicy, region: str, frozen: Path, out: Path, report: Report, kept_as: str
) -> Run:
    with closing(connect(out / "spill", memory_limit=_MEMORY)) as con:
        families, members = _count(con, frozen / "families.parquet"), _count(con, frozen / "members.parquet")
        told = con.sql(
            f"""select cast(coalesce(sum(amount), 0) as bigint), count(*) filter (amount > 0), count(*)
                from {parquet(out / ENTITLEMENTS)}"""
        ).fetchall()[0]
        run = Run.objects.create(
            id=uuid4(), year=policy.cycle.year, stage=policy.cycle.stage, months=policy.months, region_code=region,
            policy_digest=policy.digest, input_digest=digest_of(frozen), folder=kept_as, families=families,
            members=members, amount_rupiah=int(told[0]), families_paid=int(told[1]), made_by_id=acting.person_id,
        )  # fmt: skip
        report("Menyimpan hak tiap keluarga", 0, 0)
        _copied(con, out, _entitlements_sql(frozen, out), _ENTITLEMENT_COLUMNS)
        with connection.cursor() as cursor:
            cursor.execute(_KEEP_ENTITLEMENTS, [run.pk])
        report("Menyimpan alasan tiap anggota", 0, 0)
        _copied(con, out, _components_sql(frozen, out), _COMPONENT_COLUMNS)
        with connection.cursor() as cursor:
            cursor.execute(_KEEP_COMPONENTS, [run.pk])
    shutil.rmtree(out / "spill", ignore_errors=True)
    _prove(run)
    return run


def _count(con: duckdb.DuckDBPyConnection, path: Path) -> int:
    return int(con.sql(f"select count(*) from {parquet(path)}").fetchall()[0][0])


def _entitlements_sql(frozen: Path, out: Path) -> str:
    return f"""select f.family_uuid, replace(f.village_code, '.', '') as village_code, e.members_counted,
        e.fixed_amount, e.amount from {parquet(out / ENTITLEMENTS)} e
        join {parquet(frozen / "families.parquet")} f on f.family_id = e.family_id"""


def _components_sql(frozen: Path, out: Path) -> str:
    return f"""select f.family_uuid, m.member_uuid, replace(f.village_code, '.', '') as village_code,
        coalesce(c.component, '') as component, c.rate, c.amount, c.counted, c.why
        from {parquet(out / COMPONENTS)} c
        join {parquet(frozen / "members.parquet")} m on m.member_id = c.member_id
        join {parquet(frozen / "families.parquet")} f on f.family_id = c.family_id"""


_ENTITLEMENT_COLUMNS = (
    "family_uuid uuid, village_code text, members_counted smallint, fixed_amount bigint, amount bigint"
)
_COMPONENT_COLUMNS = """family_uuid uuid, member_uuid uuid, village_code text, component text, rate bigint,
    amount bigint, counted boolean, why text"""

_KEEP_ENTITLEMENTS = """
insert into entitlements_entitlement (run_id, family_id, village_code, members_counted, fixed_rupiah, amount_rupiah)
select %s, family_uuid, village_code, members_counted, fixed_amount, amount from calculated"""

_KEEP_COMPONENTS = """
insert into entitlements_componentrow
    (run_id, family_id, member_id, village_code, component, rate_rupiah, amount_rupiah, counted, why)
select %s, family_uuid, member_uuid, village_code, component, rate, amount, counted, why from calculated"""


def _copied(con: duckdb.DuckDBPyConnection, out: Path, sql: str, columns: str) -> None:
    """The rows of `sql` as the temporary table `calculated`: row security takes no COPY into its own tables."""
    told = out / "rows.csv"
    con.execute(
        f"copy ({sql}) to '{quoted(told)}' (format csv, header false, nullstr '\\N', force_quote (village_code))"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"drop table if exists pg_temp.calculated; create temporary table calculated ({columns}) on commit drop"
        )
        with cursor.copy("copy calculated from stdin (format csv, null '\\N')") as copy, told.open("rb") as file:
            while block := file.read(_BLOCK):
                copy.write(block)
    told.unlink()


_IDENTITIES = """
select e.families, e.paid, e.rupiah, e.fixed, c.rupiah, e.counted, c.counted, c.members
from (select count(*) as families, count(*) filter (where amount_rupiah > 0) as paid,
        coalesce(sum(amount_rupiah), 0)::bigint as rupiah, coalesce(sum(fixed_rupiah), 0)::bigint as fixed,
        coalesce(sum(members_counted), 0)::bigint as counted from entitlements_entitlement where run_id = %(run)s) e,
    (select coalesce(sum(amount_rupiah) filter (where counted), 0)::bigint as rupiah,
        count(*) filter (where counted) as counted,
        count(*) filter (where why <> 'NOT_THE_BEST') as members
        from entitlements_componentrow where run_id = %(run)s) c
"""


def _prove(run: Run) -> None:
    """Families in = out, members in = told, components + fixed parts = entitlements: asked of the stored rows."""
    with connection.cursor() as cursor:
        cursor.execute(_IDENTITIES, {"run": run.pk})
        families, paid, rupiah, fixed, components, counted, told, members = cursor.fetchone()
    there = (families, paid, rupiah, members)
    if there != (run.families, run.families_paid, run.amount_rupiah, run.members):
        raise IdentityBroken(f"stored {there}, calculated for {run.families} families and {run.members} members")
    if components + fixed != rupiah or counted != told:
        raise IdentityBroken(f"components {components} + fixed {fixed} <> {rupiah}")


__all__ = ["CheckFailed", "IdentityBroken", "calculate"]

"""The lists of a cycle, one per district and channel: made by set from the frozen registry and its calculation."""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pyarrow as pa
from django.db import IntegrityError, connection
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.audit.sealing import NotOurs, Place, unseal
from gandeng.audit.sealing_many import resealed_all
from gandeng.core.channels import POST
from gandeng.core.cycle import Cycle as Stage
from gandeng.engine import connect, parquet
from gandeng.engine.to_postgres import bytea, copy_into
from gandeng.entitlements.actions import ENTITLEMENTS
from gandeng.payments.actions.cycles import Report, folder_of, frozen_of
from gandeng.payments.actions.locking import locked
from gandeng.payments.models import Cycle, HeldPayment, PaymentList
from gandeng.payments.refused import Refused
from gandeng.payments.roots import write_roots
from gandeng.registry.queries import held_now
from gandeng.registry.snapshots import FAMILIES, MEMBERS, SEALS

State = PaymentList.State
Reason = HeldPayment.Reason
_BATCH = 20_000
_MEMORY = "800MB"

_DUE_COLUMNS = """
payment_id text, family_id uuid, village_code text, channel text, name text, nik_sealed bytea, nik_index bytea,
nik_last4 text, account_sealed bytea, account_index bytea, account_last3 text, amount_rupiah bigint,
collector_deceased boolean, held text, usable_from date, reissue_of text, owed_by uuid"""


def make_lists(acting: Acting, cycle: Cycle, report: Report) -> Cycle:
    """Make the lists, or make those anew that are DRAFT; the others stay as they were handed in.

    Every family that is due money then stands on one list, or is held back with a reason that is kept. The ids come
    from stage and family, so the same families have the same ids however often this runs. Raises Refused
    where nothing is due, or where a row of the calculation is in neither.
    """
    authority = acting.authority(May.RUN_CYCLE, cycle.region_code)
    with locked(cycle, Cycle.State.CALCULATED, Cycle.State.LISTED) as found:
        with connection.cursor() as cursor:
            cursor.execute("set local work_mem = '64MB'")
            load_due(found, frozen_of(found), _entitled(found), report)
            cursor.execute(_PROVE_DUE, {"run": found.run_id})
            if (broken := cursor.fetchone()) is not None:
                raise Refused("identity", check=f"rows of the calculation = rows for the lists {broken}")
            cursor.execute("select exists (select from due)")
            if cursor.fetchone() == (False,):
                raise Refused("nothing_due")
            report("Menyusun daftar per kabupaten/kota dan penyalur", 0, 0)
            made = _fill(cursor, found)
        write_roots(made)
        _prove(found)
        found.state = Cycle.State.INSTRUCTED if _all_sent(found) else Cycle.State.LISTED
        found.save(update_fields=["state"])
        held = HeldPayment.objects.filter(run=found.run).count()
        facts: dict[str, Any] = {"lists": len(made), "held": held}
        record(acting, "lists.made", found, region=found.region_code, authority=authority, **facts)
    return found


def _all_sent(cycle: Cycle) -> bool:
    """Whether each list with anybody on it is ordered: what else there was is held back now, and nothing waits."""
    states = {each.state for each in PaymentList.objects.filter(cycle=cycle, round=0, payments__gt=0).only("state")}
    return states == {State.INSTRUCTED}


def list_id(cycle: Cycle, district: str, channel: str, number: int = 0) -> UUID:
    """The same list has the same id, however often it is made."""
    return uuid5(cycle.pk, f"{district} {channel} {number}" if number else f"{district} {channel}")


def _fill(cursor: object, cycle: Cycle) -> list[UUID]:
    """Rows of the DRAFT lists and what is held back. Gives the lists that were made."""
    made = fill_lists(cursor, cycle, 0)
    hold(cursor, cycle, cycle)
    return made


def hold(cursor: object, cycle: Cycle, owing: Cycle) -> None:
    """Keep what holds back the rows of `due` that `owing` owes, where it is another reason or day than was told last.

    `cycle` is the one that pays: `owing` itself, or a later one where that is closed.
    """
    owed_by = None if owing.pk == cycle.pk else owing.pk
    cursor.execute(_HOLD, {"cycle": owing.pk, "run": owing.run_id, "owed_by": owed_by})  # type: ignore[attr-defined]


def fill_lists(cursor: object, cycle: Cycle, number: int) -> list[UUID]:
    """The rows of `due` that nothing holds back become those of the round's DRAFT lists, instead of the old ones.

    Gives the lists. Raises Refused where another region has listed one of the families in this very moment.
    """
    run = cursor.execute  # type: ignore[attr-defined]
    values = {"cycle": cycle.pk, "round": number}
    run("select distinct left(village_code, 4), channel from due where held is null order by 1, 2")
    wanted = cursor.fetchall()  # type: ignore[attr-defined]
    PaymentList.objects.bulk_create(
        [
            PaymentList(
                id=list_id(cycle, district, channel, number), cycle=cycle, district_code=district, channel=channel,
                round=number, payments=0, total_rupiah=0, root="",
            )
            for district, channel in wanted
        ],
        ignore_conflicts=True, batch_size=500,
    )  # fmt: skip
    in_draft = PaymentList.objects.filter(cycle=cycle, round=number, state=State.DRAFT)
    drafts = list(in_draft.values_list("pk", flat=True))
    run(_TAKE_OUT, {"drafts": drafts})
    try:
        run(_PUT_IN, values | {"drafts": drafts})
    except IntegrityError as error:
        if "payments_payment_pkey" not in str(error):
            raise
        raise Refused("listed_elsewhere") from error
    return drafts


_PROVE_DUE = """
select coalesce(d.n, 0), coalesce(d.rupiah, 0), coalesce(e.n, 0), coalesce(e.rupiah, 0), x.n
from (select count(*) as n, sum(amount_rupiah) as rupiah from due) d,
    (select count(*) as n, sum(amount_rupiah) as rupiah from entitlements_entitlement
        where run_id = %(run)s and amount_rupiah > 0) e,
    (select count(*) as n from due d join entitlements_entitlement e on e.run_id = %(run)s
        and e.family_id = d.family_id and e.amount_rupiah = d.amount_rupiah) x
where d.n <> e.n or d.rupiah is distinct from e.rupiah or x.n <> d.n"""
"""A row where the calculation's file and its stored rows differ in any family or rupiah."""

_TAKE_OUT = "delete from payments_payment where list_id = any(%(drafts)s)"

_PUT_IN = """
insert into payments_payment (payment_id, cycle_id, list_id, family_id, village_code, channel, name, nik_sealed,
    nik_index, nik_last4, account_sealed, account_index, account_last3, amount_rupiah, collector_deceased,
    reissue_of_id, owed_by_id)
select d.payment_id, %(cycle)s, l.id, d.family_id, d.village_code, d.channel, d.name, d.nik_sealed, d.nik_index,
    d.nik_last4, d.account_sealed, d.account_index, d.account_last3, d.amount_rupiah, d.collector_deceased,
    d.reissue_of, d.owed_by
from due d join payments_paymentlist l on l.cycle_id = %(cycle)s and l.district_code = left(d.village_code, 4)
    and l.channel = d.channel and l.round = %(round)s
where d.held is null and l.id = any(%(drafts)s)
order by d.payment_id collate "C" """

_OWN = "p.owed_by_id is null and p.reissue_of_id is null"
"""Of a payment `p` on a list of a cycle: what that cycle owes itself, and pays for the first time."""

_HOLD = f"""
insert into payments_heldpayment (cycle_id, run_id, family_id, village_code, channel, amount_rupiah, reason,
    usable_from, at)
select %(cycle)s, %(run)s, d.family_id, d.village_code, d.channel, d.amount_rupiah, d.held, d.usable_from, now()
from due d
left join lateral (select h.reason, h.usable_from from payments_heldpayment h
    where h.run_id = %(run)s and h.family_id = d.family_id order by h.id desc limit 1) told on true
where d.held is not null and d.reissue_of is null and d.owed_by is not distinct from %(owed_by)s::uuid
    and (d.held, d.usable_from) is distinct from (told.reason, told.usable_from)
    and not exists (select from payments_payment p where p.cycle_id = %(cycle)s and p.family_id = d.family_id
        and {_OWN})"""

_IDENTITY = f"""
select e.n - p.n - h.n, e.rupiah - p.rupiah - h.rupiah from
    (select count(*) as n, coalesce(sum(amount_rupiah), 0) as rupiah from entitlements_entitlement
        where run_id = %(run)s and amount_rupiah > 0) e,
    (select count(*) as n, coalesce(sum(amount_rupiah), 0) as rupiah from payments_payment p
        where cycle_id = %(cycle)s and {_OWN}) p,
    (select count(*) as n, coalesce(sum(amount_rupiah), 0) as rupiah from (
        select distinct on (h.family_id) h.amount_rupiah from payments_heldpayment h where h.run_id = %(run)s
            and not exists (select from payments_payment p where p.cycle_id = %(cycle)s
                and p.family_id = h.family_id and {_OWN})) held) h"""


def _prove(cycle: Cycle) -> None:
    """Families due = families on a list + families held back, in rupiah too."""
    with connection.cursor() as cursor:
        cursor.execute(_IDENTITY, {"cycle": cycle.pk, "run": cycle.run_id})
        if (differ := cursor.fetchone()) != (0, 0):
            raise Refused("identity", check=f"due = listed + held {differ}")


def load_due(cycle: Cycle, frozen: Path, amounts: str, report: Report) -> None:
    """One row per payment to be made, into the temporary table `due`; identifiers sealed for their new place.

    `amounts` is SQL for the engine: payment_id, family_id, amount, reissue_of (the original's id or null), owed_by
    (the id of the closed cycle that owes it, or null), village (where it stood, for a family outside the region). What
    is held since the registry was frozen is held too, what the lists of another cycle pay, and what would pay one
    family twice.
    """
    work = folder_of(cycle) / "lists-work"
    work.mkdir(parents=True, exist_ok=True)
    due = _due(cycle, frozen, amounts)
    with closing(connect(work, memory_limit=_MEMORY)) as con, connection.cursor() as cursor:
        con.execute("create temp table denied (id varchar)")
        if now := [[str(one)] for one in held_now()]:
            con.executemany("insert into denied values (?)", now)
        total, done = con.sql(f"select count(*) from ({amounts}) e").fetchall()[0][0], 0
        cursor.execute(f"drop table if exists pg_temp.due; create temp table due ({_DUE_COLUMNS}) on commit drop")
        for batch in con.sql(due).to_arrow_reader(_BATCH):
            with closing(con.cursor()) as beside:
                beside.register("listed", _resealed(batch))
                copy_into(cursor, "pg_temp.due", beside, _LISTED, work / "due.csv")
            done += batch.num_rows
            report("Menyegel NIK dan rekening untuk daftar", done, total)
        cursor.execute(_HOLD_DOUBLES, {"cycle": cycle.pk})
        cursor.execute(_HOLD_ELSEWHERE, {"cycle": cycle.pk})
        cursor.execute("analyze pg_temp.due (family_id, village_code, channel, held)")


_HOLD_DOUBLES = """
update pg_temp.due d set held = double.reason, usable_from = null
from (select distinct split_part(payment_id, '-', 1) as year, split_part(payment_id, '-', 2) as stage
        from pg_temp.due) s,
    payments_doubles(s.year::int, s.stage::int, %(cycle)s) double (family_id, reason)
where d.family_id = double.family_id
    and (split_part(d.payment_id, '-', 1), split_part(d.payment_id, '-', 2)) = (s.year, s.stage)"""
"""Of the stage that owes, which the payment's id names."""

_HOLD_ELSEWHERE = f"""
with asked as (select array_agg(payment_id) as ids from (
    select payment_id, (row_number() over (order by payment_id) - 1) / {_BATCH:d} as part from pg_temp.due
        where reissue_of is null) numbered group by part)
update pg_temp.due d set held = '{Reason.PAID_ELSEWHERE}', usable_from = null
from asked, payments_paid_elsewhere(%(cycle)s, asked.ids) paid (payment_id)
where d.payment_id = paid.payment_id"""
"""A family that moved stands on the lists of the region it lived in when those were made. Whatever else holds it."""


_LISTED = f"""
select payment_id, family_uuid, village, channel, name, {bytea("nik_sealed")}, nullif('\\x' || nik, '\\x'), nik_last4,
    {bytea("account_sealed")}, nullif('\\x' || account_no, '\\x'), account_last3, amount, deceased, held, usable,
    reissue_of, owed_by
from listed"""


_SEALED = (
    ("nik", "registry_member", "member_uuid", "nik"),
    ("account", "registry_account", "account_uuid", "account_no"),
)
"""Identifier, the registry's table of it, and the columns of its row's key and of its index."""


def _resealed(batch: pa.RecordBatch) -> pa.Table:
    """The rows with both identifiers sealed for the payment instead of the registry. Raises Refused("damaged_row")."""
    table, payments = pa.Table.from_batches([batch]), batch.column("payment_id").to_pylist()
    for column, of, key, index in _SEALED:
        keys, sealed, indexes = (batch.column(name).to_pylist() for name in (key, f"{column}_sealed", index))
        try:
            anew = resealed_all((of, column), keys, sealed, ("payments_payment", column), payments)
        except NotOurs as error:
            damaged = _damaged(of, column, zip(payments, keys, sealed, strict=True))
            raise Refused("damaged_row", payment=damaged) from error
        if (missing := next((at for at, each in enumerate(anew) if not each and indexes[at]), None)) is not None:
            raise Refused("damaged_row", payment=payments[missing])
        place = table.column_names.index(f"{column}_sealed")
        table = table.set_column(place, f"{column}_sealed", pa.array(anew, pa.binary()))
    return table


def _damaged(of: str, column: str, rows: Iterable[tuple[str, str, bytes | None]]) -> str:
    """The payment whose identifier does not open."""
    for payment, key, sealed in rows:
        try:
            unseal(sealed or b"", Place(of, column, key))
        except NotOurs:
            return payment
    return ""


def _entitled(cycle: Cycle) -> str:
    """SQL: what the calculation says each family is due; the id is stage and family."""
    return f"""select '{cycle.key}-' || family_id as payment_id, family_id, amount, cast(null as varchar) as reissue_of,
        cast(null as varchar) as owed_by, cast(null as varchar) as village
        from {parquet(_run_folder(cycle) / ENTITLEMENTS)} where amount > 0"""


def _due(cycle: Cycle, frozen: Path, amounts: str) -> str:
    """SQL: what is to be paid, its collector and account, and what holds it back on the day of the lists."""
    day = timezone.localdate().isoformat()
    reference = Stage(cycle.year, cycle.stage).starts_on(months=cycle.months).isoformat()
    families, members, accounts, niks = (parquet(frozen / name) for name in (FAMILIES, MEMBERS, *SEALS))
    here = "replace(f.village_code, '.', '')"
    kept = ", ".join(f"if(held is null, {name}, {nothing}) as {name}" for name, nothing in _IDENTIFIERS.items())
    return f"""
        select payment_id, family_uuid, village, channel, name, member_uuid, amount, deceased, held, usable, reissue_of,
            owed_by, account_uuid, {kept}
        from (
        select e.payment_id, f.family_uuid, f.channel,
            if(starts_with({here}, '{cycle.region_code}'), {here}, e.village) as village,
            coalesce(m.name, '') as name, m.member_uuid, n.nik_sealed, coalesce(m.nik, '') as nik,
            coalesce(m.nik_last4, '') as nik_last4, f.account_uuid, a.account_sealed, f.account_no, f.account_last3,
            e.amount, coalesce(m.deceased_on <= greatest(date '{day}', date '{reference}'), false) as deceased,
            case when m.member_id is null or coalesce(m.nik, '') = '' then '{Reason.NO_COLLECTOR}'
                when f.channel = '' or (f.channel <> '{POST}' and f.account_no = ''
                    and coalesce(year(f.usable_from), 0) <> 9999) then '{Reason.NO_ACCOUNT}'
                when denied_account.id is not null or (year(f.usable_from) = 9999
                    and (f.channel = '{POST}' or f.account_no <> '')) then '{Reason.ACCOUNT_DENIED}'
                when year(f.usable_from) = 9999 then '{Reason.ACCOUNT_SHARED}'
                when denied_collector.id is not null or year(f.collector_usable_from) = 9999
                    then '{Reason.COLLECTOR_DENIED}'
                when f.usable_from > date '{day}' then '{Reason.ACCOUNT_NEW}'
                when f.collector_usable_from > date '{day}' then '{Reason.COLLECTOR_NEW}' end as held,
            case when year(f.usable_from) = 9999 or held in ('{Reason.NO_ACCOUNT}', '{Reason.ACCOUNT_DENIED}',
                '{Reason.COLLECTOR_DENIED}') then null else nullif(greatest(coalesce(f.usable_from, date '{day}'),
                    coalesce(f.collector_usable_from, date '{day}')), date '{day}') end as usable,
            e.reissue_of, e.owed_by
        from ({amounts}) e join {families} f on f.family_id = e.family_id
        left join {members} m on m.member_id = f.collector_member_id and m.family_id = f.family_id
        left join {niks} n on n.member_uuid = m.member_uuid
        left join {accounts} a on a.account_uuid = f.account_uuid
        left join denied denied_account on denied_account.id = f.account_uuid
        left join denied denied_collector on denied_collector.id = m.member_uuid) told"""


_IDENTIFIERS = {"nik_sealed": "''::blob", "nik": "''", "nik_last4": "''", "account_sealed": "''::blob",
                "account_no": "''", "account_last3": "''"}  # fmt: skip
"""What a family that is held back stands without."""


def _run_folder(cycle: Cycle) -> Path:
    return folder_of(cycle) / Path(cycle.run.folder if cycle.run else "").name

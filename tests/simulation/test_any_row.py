"""Any single row altered past every guard, by somebody who is superuser: `gandeng verify` finds it.

An office at the end of its second stage; for each table that is held, each column of one row is changed, the row is
taken out, and a copy of it is put in. Each time verify looks at everything, and the change is taken back.
"""

from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings

from conftest import Cast
from gandeng.audit.heads import seal_log
from gandeng.audit.log_keys import log_key
from gandeng.office import verify_held
from gandeng.office.verify import look
from gandeng.office.verify_files import SUMS
from gandeng.office.verify_held import HOLDINGS, NotHeld, Rows
from tests.simulation.filled import fill

HELD = sorted(table for table, holding in HOLDINGS.items() if not isinstance(holding, NotHeld))

BARE = """
do $$ declare c record; begin
    for c in select conrelid::regclass as of_table, conname from pg_constraint
            where connamespace = 'public'::regnamespace and contype in ('f', 'c', 'x') loop
        execute format('alter table %s drop constraint %I', c.of_table, c.conname);
    end loop;
    for c in select conrelid::regclass as of_table, conname from pg_constraint
            where connamespace = 'public'::regnamespace and contype = 'u' loop
        execute format('alter table %s drop constraint %I cascade', c.of_table, c.conname);
    end loop;
    for c in select indexrelid::regclass as name from pg_index join pg_class i on i.oid = indexrelid
            where relnamespace = 'public'::regnamespace and indisunique and not indisprimary loop
        execute format('drop index %s', c.name);
    end loop;
end $$"""
"""No constraint is left but keys: what is found is found by verify, not by the database."""

OTHER = {
    "bigint": "-7 - coalesce({0}, 0)", "integer": "-7 - coalesce({0}, 0)", "smallint": "-7 - coalesce({0}, 0)",
    "boolean": "not coalesce({0}, false)", "date": "coalesce({0}, date '2024-01-01') + 1",
    "timestamp with time zone": "coalesce({0}, '2024-01-01') + interval '1 microsecond'",
    "time without time zone": "coalesce({0}, '07:00') + interval '1 microsecond'",
    "uuid": "gen_random_uuid()", "text": "coalesce({0}, '') || 'x'", "character varying": "coalesce({0}, '') || 'x'",
    "text[]": "array_append({0}, 'x')", "uuid[]": "array_append({0}, gen_random_uuid())",
    "jsonb": "case jsonb_typeof({0}) when 'array' then {0} || '[7]' else coalesce({0}, '{{}}') || '{{\"x\": 7}}' end",
    "bytea": "case when coalesce({0}, '') = '' then '\\x07'::bytea else set_byte({0}, 0, 255 - get_byte({0}, 0)) end",
}  # fmt: skip
"""By type: SQL for another value of column {0}."""
IN_USE = {"audit_audithead.held": """{0} || '{{"rows": 7}}'"""}
"""Of JSON that is no object to put something into."""


@pytest.fixture(scope="module")
def office(every_stage, django_db_blocker):
    """The filled office without constraints, sealed: a superuser's connection."""
    with django_db_blocker.unblock(), every_stage.at("next reported"):
        fill(Cast())
        seal_log()
        with psycopg.connect(every_stage.address, autocommit=True) as con:
            assert wrong(con) == {}
            con.execute(BARE)
            yield con


def looked(con):
    """Everything verify looks at."""
    return look(con, keys=[log_key().public_text], data=settings.DATA_DIR, key_file=settings.KEY_FILE)


def wrong(con):
    """All it finds."""
    with con.transaction():
        return {found.check: found.examples for found in looked(con) if found.wrong}


def noticed(con, table=""):
    """Whether it finds anything: looked at first is the table that was altered, the part that most often tells."""
    with con.transaction():
        return bool(table and at_once(con, table)) or any(found.wrong for found in looked(con))


def at_once(con, table):
    """What the looking at all tables finds in this one."""
    con.execute("set local statement_timeout = 0")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verify_held, "HOLDINGS", {table: HOLDINGS[table]})
        return any(found.wrong for found in verify_held.held(con) if found.check != verify_held.KNOWN)


@contextmanager
def altered(con, statement):
    """Past every trigger, and taken back."""
    with con.transaction(force_rollback=True):
        con.execute("set local session_replication_role = replica")
        assert con.execute(statement).rowcount == 1, statement
        con.execute("set local session_replication_role = origin")
        yield


def columns(con, table):
    """Name and type of each, but those the database makes."""
    told = con.execute(
        """select attname::text, format_type(atttypid, null) from pg_attribute where attrelid = %s::regclass
            and attnum > 0 and not attisdropped and attgenerated = ''""",
        [table],
    )
    return dict(told.fetchall())


def key_of(con, table):
    return con.execute(
        """select attname::text from pg_index join pg_attribute on attrelid = indrelid and attnum = indkey[0]
            where indrelid = %s::regclass and indisprimary""",
        [table],
    ).fetchone()[0]


def other(table, name, kind):
    return IN_USE.get(f"{table}.{name}", OTHER[kind]).format(f'"{name}"')


@pytest.mark.parametrize("table", HELD)
def test_any_single_row_altered_is_found(office, table):
    key = key_of(office, table)
    one = f"ctid = (select ctid from {table} order by {key} limit 1)"
    assert office.execute(f"select count(*) from {table}").fetchone()[0], "nothing to alter"
    unseen = []
    apart = HOLDINGS[table].apart if isinstance(HOLDINGS[table], Rows) else frozenset()
    for name, kind in columns(office, table).items():
        if name in apart:
            continue
        with altered(office, f'update {table} set "{name}" = {other(table, name, kind)} where {one}'):
            if not noticed(office, table):
                unseen.append(name)
    assert unseen == []


@pytest.mark.parametrize("table", HELD)
def test_a_row_taken_out_is_found(office, table):
    key = key_of(office, table)
    for order in ("", "desc"):
        with altered(
            office, f"delete from {table} where ctid = (select ctid from {table} order by {key} {order} limit 1)"
        ):
            assert noticed(office, table)


@pytest.mark.parametrize("table", HELD)
def test_a_copy_of_a_row_put_in_is_found(office, table):
    key, there = key_of(office, table), columns(office, table)
    fresh = "gen_random_uuid()"
    if there[key] != "uuid":
        fresh = f"(select max({key}) {'|| 1' if there[key] == 'text' else '+ 1'} from {table})"
    told = ", ".join(f'"{name}"' for name in there)
    taken = ", ".join(fresh if name == key else f't."{name}"' for name in there)
    with altered(office, f"insert into {table} ({told}) select {taken} from {table} t order by t.{key} limit 1"):
        assert noticed(office, table)


DUE = "payments: who is due money is paid that or held, and nobody else is"
OF_OUTCOMES = "statements: those of districts in force are the sums of their outcomes"
FIRST = "payment_id = (select min(payment_id) from payments_payment where reissue_of_id is null)"
IN_FORCE = "id = (select id from reconciliation_statement where level = '{}' and voided_at is null order by id limit 1)"
MORE = (
    """update reconciliation_statement set figures = jsonb_set(jsonb_set(figures,
    '{{rows,0,net}}', to_jsonb((figures#>>'{{rows,0,net}}')::bigint + 1)),
    '{{total,net}}', to_jsonb((figures#>>'{{total,net}}')::bigint + 1)) where """
    + IN_FORCE
)


@pytest.mark.parametrize(
    ("check", "statement"),
    [
        (DUE, f"update payments_payment set amount_rupiah = amount_rupiah + 1 where {FIRST}"),
        (DUE, f"update payments_payment set family_id = gen_random_uuid() where {FIRST}"),
        (DUE, f"delete from payments_payment where {FIRST}"),
        (OF_OUTCOMES, MORE.format("DISTRICT")),
        (SUMS, MORE.format("PROVINCE")),
        (SUMS, "update reconciliation_statement set figures = jsonb_set(figures, '{total,net}', '7') where "
               + IN_FORCE.format("DISTRICT")),
    ],
)  # fmt: skip
def test_a_total_is_made_again(office, check, statement):
    """Whatever else is found of it: somebody who made ledger and digests fit would be found by the sum."""
    with altered(office, statement):
        assert check in wrong(office)


def test_what_was_covered_by_a_head_cannot_be_made_to_fit(office):
    """The row, and its entry in the ledger with it."""
    digest = office.execute("select audit_row_digest('accounts_grant', 't', '{}', '{}')").fetchone()[0]
    with altered(
        office,
        "update accounts_grant set role = 'MINISTRY_HEAD' where ctid = (select ctid from accounts_grant limit 1)",
    ):
        office.execute("set local session_replication_role = replica")
        office.execute(f"""update audit_heldrow h set digest = {digest} from accounts_grant t
            where h.table_name = 'accounts_grant' and h.key = t.id::text""")
        assert set(wrong(office)) == {"heads: the ledger still holds what each of them covers"}


@pytest.mark.parametrize(
    ("table", "how"),
    [("accounts_grant", "ROWS"), ("entitlements_componentrow", "BATCHES"), ("pghistory_context", "EACH")],
)
def test_a_release_with_other_columns_takes_its_rows_in(office, table, how):
    apart = sorted(HOLDINGS[table].apart) if isinstance(HOLDINGS[table], Rows) else []
    with office.transaction(force_rollback=True):
        office.execute(f"alter table {table} add column later integer not null default 7")
        assert noticed(office)
        office.execute("select audit_hold(%s::regclass, 'id', %s, %s, '{}')", [table, how, apart])
        assert wrong(office) == {}


@pytest.mark.parametrize("folder", ["results", "minutes", "instructions", "cycles"])
def test_a_file_changed_or_gone_is_found(office, folder):
    files = [path for path in sorted((settings.DATA_DIR / folder).rglob("*")) if path.is_file()]
    named = [path for path in files if "run-" not in str(path) and not path.name.endswith("-seals.parquet")]
    seen = set()
    for path in named:
        before = path.read_bytes()
        path.write_bytes(before + b"x")
        if noticed(office):
            seen.add(path)
        path.write_bytes(before)
    assert seen
    gone = max(seen)
    before = gone.read_bytes()
    gone.unlink()
    assert noticed(office) or gone.name.endswith(".rows.parquet"), "rows are read again from the file itself"
    gone.write_bytes(before)
    assert wrong(office) == {}


def test_every_table_of_the_database_is_known(office):
    assert set(verify_held.tables(office)) == set(HOLDINGS)

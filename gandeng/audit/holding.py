"""What each row was when it was last written, by digest: the ledger that `gandeng verify` holds every table against.

Triggers write it, in the transaction that writes the row; the role of the pages can neither write nor read it. A row
changed, taken out or put in past the triggers is no longer what the ledger says. The daily head covers the ledger
(audit.heads). Sealed columns count by their length alone, so that sealing again with a later key changes nothing.
"""

from collections.abc import Iterable, Mapping

from django.db.migrations.operations.special import RunSQL
from psycopg import sql

ROW_DIGEST = r"""
create function audit_row_digest(kept_in regclass, alias text, apart text[], instead jsonb) returns text
language sql stable set search_path = public, pg_temp as $$
    select 'sha256(convert_to(jsonb_build_array(' || string_agg(case
            when instead ? attname then instead->>attname
            when atttypid = 'bytea'::regtype and attname like '%\_sealed'
                then format('octet_length(%s.%I)', alias, attname)
            when atttypid = 'bytea'::regtype then format('encode(%s.%I, ''hex'')', alias, attname)
            when atttypid = 'timestamptz'::regtype then format('%s.%I at time zone ''UTC''', alias, attname)
            else format('%s.%I', alias, attname) end, ', ' order by attnum) || ')::text, ''UTF8''))'
    from pg_attribute
    where attrelid = kept_in and attnum > 0 and not attisdropped and attgenerated = '' and attname <> all(apart)
$$;
"""
"""SQL for the digest of a row: its columns in their order, instants in UTC; `office.verify_held` builds it again."""

_HEADED = """create or replace function held_%1$s() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $held$ begin """
_UNTIL = " return null; end $held$"

HOLD = f"""
create function audit_hold(kept_in regclass, key text, how text, apart text[], instead jsonb) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
    name text := kept_in::text;
    into_it text := 'insert into audit_heldrow (table_name, key, was, digest) ';
    of_new text := audit_row_digest(kept_in, 'n', apart, instead);
    of_old text := audit_row_digest(kept_in, 'o', apart, instead);
begin
    execute format('drop trigger if exists %1$s_held_added on %1$s', name);
    execute format('drop trigger if exists %1$s_held_changed on %1$s', name);
    execute format('drop trigger if exists %1$s_held_taken_out on %1$s', name);
    if how = 'BATCHES' then
        execute format('{_HEADED}
            insert into audit_heldrow (table_name, key, rows, digest)
            select %2$L, range_agg(int8range(n.%3$I, n.%3$I, ''[]''))::text, count(*),
                sha256(string_agg(%4$s, ''''::bytea order by n.%3$I)) from touched n group by n.%3$I >> 16;
            {_UNTIL}', name, name, key, of_new);
        insert into audit_heldrow (table_name, key, rows)
            select name, '', 0 where exists (select from audit_heldrow h where h.table_name = name);
        execute format('insert into audit_heldrow (table_name, key, rows, digest)
            select %2$L, range_agg(int8range(n.%3$I, n.%3$I, ''[]''))::text, count(*),
                sha256(string_agg(%4$s, ''''::bytea order by n.%3$I)) from %1$s n group by n.%3$I >> 16',
            name, name, key, of_new);
    else
        if how = 'EACH' then
            execute format('{_HEADED}
                if tg_op = ''INSERT'' then
                    insert into audit_heldrow (table_name, key, digest) values (%2$L, new.%3$I::text, %4$s);
                elsif tg_op = ''DELETE'' then
                    insert into audit_heldrow (table_name, key, was) values (%2$L, old.%3$I::text, %5$s);
                elsif %4$s <> %5$s then
                    insert into audit_heldrow (table_name, key, was, digest)
                        values (%2$L, new.%3$I::text, %5$s, %4$s);
                end if; {_UNTIL}', name, name, key, audit_row_digest(kept_in, 'new', apart, instead),
                audit_row_digest(kept_in, 'old', apart, instead));
        else
            execute format('{_HEADED}
                if tg_op = ''INSERT'' then
                    %6$s select %2$L, n.%3$I::text, null, %4$s from touched n;
                elsif tg_op = ''DELETE'' then
                    %6$s select %2$L, o.%3$I::text, %5$s, null from replaced o;
                else
                    %6$s select %2$L, coalesce(a.id, b.id)::text, b.digest, a.digest
                        from (select n.%3$I as id, %4$s as digest from touched n) a
                        full join (select o.%3$I as id, %5$s as digest from replaced o) b on b.id = a.id
                        where a.digest is distinct from b.digest;
                end if; {_UNTIL}', name, name, key, of_new, of_old, into_it);
        end if;
        execute format('%5$s select %2$L, n.%3$I::text, l.digest, %4$s from %1$s n
            left join (select distinct on (h.key) h.key, h.digest from audit_heldrow h where h.table_name = %2$L
                order by h.key, h.id desc) l on l.key = n.%3$I::text
            where l.digest is distinct from %4$s', name, name, key, of_new, into_it);
    end if;
    if how = 'EACH' then
        execute format('create trigger %1$s_held_added after insert or update or delete on %1$s
            for each row execute function held_%1$s()', name);
    else
        execute format('create trigger %1$s_held_added after insert on %1$s referencing new table as touched
            for each statement execute function held_%1$s()', name);
    end if;
    if how = 'ROWS' then
        execute format('create trigger %1$s_held_changed after update on %1$s
            referencing new table as touched old table as replaced
            for each statement execute function held_%1$s()', name);
        execute format('create trigger %1$s_held_taken_out after delete on %1$s referencing old table as replaced
            for each statement execute function held_%1$s()', name);
    end if;
end $$;
revoke all on function audit_hold(regclass, text, text, text[], jsonb) from public;
"""
"""Puts the triggers on a table and takes in the rows that are there; asked again, it follows the columns of now."""

UNSEALED = """
create function audit_unsealed() returns table (ids text, rows bigint, digest bytea)
language sql stable security definer set search_path = public, pg_temp as $$
    with gaps as (
        select unnest(int8multirange(int8range(1, (select max(id) + 1 from audit_heldrow)))
            - coalesce((select range_agg((held->>'ids')::int8multirange) from audit_audithead where held is not null),
                '{}')) as gap),
    chunks as (
        select h.id >> 16 as chunk, range_agg(int8range(h.id, h.id, '[]')) as ids, count(*) as rows,
            sha256(string_agg(sha256(convert_to(jsonb_build_array(h.id, h.table_name, h.key, h.rows,
                encode(h.was, 'hex'), encode(h.digest, 'hex'))::text, 'UTF8')), ''::bytea order by h.id)) as digest
        from gaps g join audit_heldrow h on h.id >= lower(g.gap) and h.id < upper(g.gap) group by h.id >> 16)
    select coalesce(range_agg(c.ids), '{}')::text, coalesce(sum(c.rows), 0)::bigint,
        sha256(coalesce(string_agg(c.digest, ''::bytea order by c.chunk), ''::bytea))
    from chunks c
$$;
"""
"""Entries of the ledger that no head covers yet, and their digest. Asked by their ids, for a transaction that began
before a head may end after it; then the next head covers its entries."""


def held(table: str, *, key: str = "id", apart: Iterable[str] = (), each: bool = False) -> RunSQL:
    """Every row of `table`, by its `key`, is held by the ledger as it was last written.

    Columns of `apart` are not: counters and times that change with every use. `each` for tables whose rows are written
    by triggers, one at a time. A migration that changes the columns of a held table says this again after it.
    """
    return _hold(table, key, "EACH" if each else "ROWS", apart, {})


def held_in_batches(table: str, *, instead: Mapping[str, str] | None = None) -> RunSQL:
    """The same for rows that come by the thousand and are never changed: one entry for what one statement adds.

    `instead` gives the SQL that stands for a column.
    """
    return _hold(table, "id", "BATCHES", (), instead or {})


def _hold(table: str, key: str, how: str, apart: Iterable[str], instead: Mapping[str, str]) -> RunSQL:
    told = ", ".join(f"'{name}'" for name in apart)
    pairs = ", ".join(f"'{name}', {sql.Literal(text).as_string()}" for name, text in instead.items())
    return RunSQL(
        f"select audit_hold('{table}', '{key}', '{how}', array[{told}]::text[], jsonb_build_object({pairs}))",
        f"drop function if exists held_{table}() cascade",
    )

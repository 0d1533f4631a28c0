"""Guards a migration puts on a table: rows nobody changes, rows only their region sees.

They hold for every program that connects, not for our code alone. `gandeng_app`, the role of pages and jobs, owns no
table, so row security binds it; the owner, who migrates and backs up, is not bound.
"""

from collections.abc import Mapping

from django.db.migrations.operations.special import RunSQL

APP_ROLE = "gandeng_app"

WITHIN = "({column} ^@ any ((select nullif(current_setting('gandeng.territory', true), '')::text[])::text[]))"
"""True where the region code lies in the territory of the request; without a territory it is never true."""

_CHANNELS = "any ((select nullif(current_setting('gandeng.channels', true), '')::text[])::text[])"
"""Asked once per statement: a subquery that names no column of the row."""

CHANNEL = f"('*' = {_CHANNELS} or {{column}} = {_CHANNELS})"
ALL_CHANNELS = f"('*' = {_CHANNELS})"

TOUCHES = """({column} ^@ any ((select nullif(current_setting('gandeng.territory', true), '')::text[])::text[])
    or exists (
        select from unnest(nullif(current_setting('gandeng.territory', true), '')::text[]) t where t ^@ {column}))"""
"""The same, or the territory lies in the region: what concerns a province is read by its districts."""

EVEN_ODDS = "coalesce({rule}, false)"
"""The same rule, which PostgreSQL then takes to hold for half of the rows.

Bare, it guesses one row in four hundred, for it does not know the territory when it plans: for a province it then read
and sorted all the rows there are where an index gives the first fifty.
"""

FUNCTIONS = """
create or replace function gandeng_never() returns trigger language plpgsql as $$
begin
    raise exception 'rows of % are never changed', tg_table_name using errcode = 'restrict_violation';
end $$;
"""


ONLY_RESEALED = """
create function gandeng_only_resealed(kept_in regclass, was jsonb, becomes jsonb, variadic places text[])
    returns boolean
    language plpgsql as $$
declare place text; old_value text; new_value text;
begin
    if coalesce(current_setting('gandeng.resealing', true), '') <> 'on'
            or not pg_has_role(current_user, (select relowner from pg_class where oid = kept_in), 'usage') then
        return false;
    end if;
    foreach place in array places loop
        old_value := was #>> place::text[];
        new_value := becomes #>> place::text[];
        if old_value is distinct from new_value and not coalesce(
                left(old_value, 2) = '\\x' and left(new_value, 2) = '\\x'
                and length(old_value) > 6 and length(new_value) = length(old_value)
                and substr(new_value, 3, 4) collate "C" > substr(old_value, 3, 4) collate "C", false) then
            return false;
        end if;
        was := was #- place::text[];
        becomes := becomes #- place::text[];
    end loop;
    return was = becomes;
end $$;
"""
"""Whether an update does nothing but seal those values again with a later key, as the owner of the table who says so.

`places` are paths in the row, `{nik_sealed}` or `{before,nik_sealed}`. The role of the pages never passes.
"""


def door_for_resealing(table: str, trigger: str, function: str, *places: str, others: str = "delete") -> RunSQL:
    """`trigger`, which stops updates and `others` of rows, lets one that only seals `places` again pass.

    The trigger of that name keeps the updates; the rest goes to a second one.
    """
    told = ", ".join(f"'{place}'" for place in places)
    rest = f"{trigger}_rest"
    events = " or ".join(["update", *others.split()])
    second = f"""create trigger {rest} before {" or ".join(others.split())} on {table}
        for each row execute function {function}();"""
    return RunSQL(
        f"""
        drop trigger {trigger} on {table};
        create trigger {trigger} before update on {table} for each row
            when (not gandeng_only_resealed('{table}'::regclass, to_jsonb(old), to_jsonb(new), {told}))
            execute function {function}();
        {second if others else ""}
        """,
        f"""
        drop trigger {trigger} on {table};
        {f"drop trigger {rest} on {table};" if others else ""}
        create trigger {trigger} before {events} on {table} for each row execute function {function}();
        """,
    )


def refused(when: str, why: str, name: str, code: str = "restrict_violation") -> str:
    """A statement of a trigger: where `when` holds, the row is refused by the constraint `name`."""
    return f"""if {when} then
        raise exception '{why}' using errcode = '{code}', constraint = '{name}';
    end if;"""


def append_only(table: str) -> RunSQL:
    """Nobody, the owner included, updates or deletes a row of `table`."""
    return RunSQL(
        f"""
        create trigger {table}_append_only before update or delete on {table}
            for each row execute function gandeng_never();
        create trigger {table}_no_truncate before truncate on {table}
            for each statement execute function gandeng_never();
        revoke update, delete, truncate on {table} from {APP_ROLE};
        """,
        f"""
        drop trigger {table}_append_only on {table};
        drop trigger {table}_no_truncate on {table};
        grant update, delete on {table} to {APP_ROLE};
        """,
    )


def stays(table: str, *, taken_out: bool = True) -> RunSQL:
    """Nobody, the owner included, deletes a row of `table` or gives it another id: what names one names it for good.

    `taken_out` False where another trigger stops the deleting already.
    """
    never = f"""create trigger {table}_never_out before delete on {table}
            for each row execute function gandeng_never();
        revoke delete on {table} from {APP_ROLE};"""
    undo = f"drop trigger {table}_never_out on {table}; grant delete on {table} to {APP_ROLE};"
    return RunSQL(
        f"""create trigger {table}_same_id before update on {table} for each row
            when (old.id is distinct from new.id) execute function gandeng_never();
        {never if taken_out else ""}""",
        f"""drop trigger {table}_same_id on {table};
        {undo if taken_out else ""}""",
    )


def held_by_a_guard(table: str, *columns: str) -> RunSQL:
    """Foreign keys of `columns` are no longer looked up row by row: a trigger asks once per statement.

    The key stays declared (NOT ENFORCED), so that what it names is neither dropped nor truncated. To be said only where
    a trigger refuses a row that names nothing, and what is named can no longer go (`stays`).
    """
    told = ", ".join(f"'{column}'" for column in columns)
    return RunSQL(_ENFORCED.format(table=table, columns=told, how="not enforced"),
                  _ENFORCED.format(table=table, columns=told, how="enforced"))  # fmt: skip


def names_what_stays(table: str, named: Mapping[str, str]) -> list[RunSQL]:
    """Columns of `named` hold the id of a row of the table it says, one that `stays`, or nothing.

    Their foreign keys are held by this, once per statement, which a province's rows of one list or person want.
    """
    checks = "\n".join(
        f"""if exists (select from (select distinct {column} as id from touched) t where t.id is not null
                and not exists (select from {parent} p where p.id = t.id)) then
            raise exception '{column} of {table} names nothing' using errcode = 'foreign_key_violation';
        end if;"""
        for column, parent in named.items()
    )
    made = f"""
        create function {table}_names() returns trigger language plpgsql security definer
        set search_path = public, pg_temp as $$ begin
        {checks}
        return null; end $$;
        create trigger {table}_names_added after insert on {table} referencing new table as touched
            for each statement execute function {table}_names();
        create trigger {table}_names_changed after update on {table} referencing new table as touched
            for each statement execute function {table}_names();"""
    return [RunSQL(made, f"drop function {table}_names() cascade"), held_by_a_guard(table, *named)]


_ENFORCED = """
do $$
declare key name;
begin
    for key in select c.conname from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid
            and c.conkey = array[a.attnum] where c.conrelid = '{table}'::regclass and c.contype = 'f'
            and a.attname in ({columns}) loop
        execute format('alter table {table} alter constraint %I {how}', key);
    end loop;
end $$;
"""


def seen_within(
    table: str, column: str, *, channel: str | None = None, every_channel: bool = False, touches: bool = False
) -> RunSQL:
    """Rows of `table` are there for those whose territory holds the region in `column`, and for nobody else.

    `channel` names the column of the channel, for tables a bank's officer reads; `every_channel` keeps the table from
    everyone bound to one channel (families are no business of a bank).
    """
    rule = (TOUCHES if touches else WITHIN).format(column=column)
    if channel:
        rule += f" and {CHANNEL.format(column=channel)}"
    if every_channel:
        rule += f" and {ALL_CHANNELS}"
    return secured(table, EVEN_ODDS.format(rule=rule))


def seen_through(table: str, column: str, parent: str, *, parent_key: str = "id") -> RunSQL:
    """Rows of `table` are there where their row of `parent` is."""
    return secured(table, f"exists (select from {parent} p where p.{parent_key} = {table}.{column})")


def secured(table: str, rule: str) -> RunSQL:
    """Row security with one rule for reading and writing."""
    return RunSQL(
        f"""
        alter table {table} enable row level security;
        create policy {table}_territory on {table} using ({rule}) with check ({rule});
        """,
        f"drop policy {table}_territory on {table}; alter table {table} disable row level security;",
    )


def instead(function: str, was: str, becomes: str) -> str:
    """SQL that writes `function`, named with its parameters, anew with `becomes` in the place of `was`.

    It fails where the function does not hold `was`.
    """
    return f"""do $instead$
    declare body text := pg_get_functiondef('{function}'::regprocedure);
    begin
        if position($was${was}$was$ in body) = 0 then
            raise exception '{function} does not hold what is to be replaced';
        end if;
        execute replace(body, $was${was}$was$, $becomes${becomes}$becomes$);
    end $instead$;"""

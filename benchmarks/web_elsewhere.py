"""The rest of the nation for a filled site: its province copied under the codes of others, row by row of every table.

Every copy has ids, keys and blind indexes of its own; stages are shared, as one stage of the nation would be. Written
as the database's superuser past triggers and foreign keys: for a site that is thrown away, whose ledger and log no
longer hold.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

PROVINCE = "63"
SHARED = (
    "payments_cycle", "payments_instruction", "entitlements_run", "reconciliation_reconciliation", "jobs_job",
    "accounts_user", "audit_heldrow", "audit_audithead",
)  # fmt: skip
"""One for all: what a stage of the nation has once, logins, and what no page reads."""
NUMBERS = {"audit_auditentry": "number", "certificates_certificate": "serial"}
"""Numbers of a series; a copy goes on from where the series ends."""
_ODD = 0x9E3779B1
"""Times a number, modulo 2^32: other eight digits for each, none of them near a number that counts from one."""
_STEP = 37
_FRAMEWORK = ("auth_", "django_", "procrastinate_", "pghistory_", "account_", "mfa_")

_TABLES = """select relname from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace order by pg_relation_size(oid)"""
_COLUMNS = """select attname, format_type(atttypid, null), attidentity <> '',
        (select confrelid::regclass::text from pg_constraint
            where contype = 'f' and conrelid = attrelid and conkey = array[attnum] limit 1),
        exists (select from pg_index where indrelid = attrelid and (indisunique or indisexclusion)
            and attnum = any(indkey))
    from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped and attgenerated = ''"""

_KEYS = (
    "payment_id", "family_no", "member_no", "staff_no", "number", "code", "source", "sha256", "serial_no", "outside_no",
)  # fmt: skip
"""Texts that name one row by themselves where they stand in a unique index. Families and payments are numbered by
province, so that one's own lie between those of others in every order."""
_LOOSEN = """do $$ declare told record; begin
    for told in select conrelid::regclass as owner, conname from pg_constraint
        where contype = 'c' and connamespace = 'public'::regnamespace and conrelid <> 0
    loop execute format('alter table %s drop constraint %I', told.owner, told.conname); end loop;
end $$"""
"""A copy's key need not look like one: what checks a form is no help to the planner, and goes."""


@dataclass(frozen=True)
class Column:
    """A column, and what tells how a copy of its row differs in it."""

    table: str
    name: str
    kind: str
    identity: bool
    points_at: str | None
    unique: bool

    @property
    def copied(self) -> str:
        """SQL of the copy's value; `elsewhere` has a number and a province for each copy."""
        name = f'own."{self.name}"'
        if self.points_at and _stays(self.points_at):
            return name
        if self.kind == "uuid":
            return f"overlay({name}::text placing elsewhere.digits from 25)::uuid"
        if self.kind == "bytea" and self.name.endswith(("_index", "_digest")):
            return f"case when {name} = '' then {name} else sha256({name} || elsewhere.digits::bytea) end"
        if self.identity or NUMBERS.get(self.table) == self.name:
            return f'{name} + elsewhere.number * (select max("{self.name}") + 1 from {self.table})'
        if self.kind == "text" and self.name.endswith("_code"):
            return (f"case when {name} like '{PROVINCE}%' then elsewhere.province || substr({name}, 3)"
                    f" else {name} end")  # fmt: skip
        if self.kind == "text" and (self.points_at or (self.unique and self.name in _KEYS)):
            numbered = f"replace({name}, 'K{PROVINCE}', 'K' || elsewhere.province)"
            return (f"case when {name} = '' then {name} when {name} like '%K{PROVINCE}%' then {numbered}"
                    f" else {name} || '-' || elsewhere.number end")  # fmt: skip
        return name


def _stays(table: str) -> bool:
    return table in SHARED or table.startswith(_FRAMEWORK)


def provinces(copies: int) -> list[str]:
    """Two digits for each copy, before and after the province's own."""
    codes = [str(number) for number in range(10, 100) if str(number) != PROVINCE]
    return sorted(codes, key=lambda code: int(code) * _STEP % 100)[:copies]


def fill_elsewhere(con: Any, copies: int) -> None:
    """Copy the province so many times (at most 89), each under a code of its own. `con`: a superuser's."""
    with con.transaction():
        con.execute("set local session_replication_role = replica")
        con.execute(_LOOSEN)
        con.execute("create temp table elsewhere (number int, digits text, province text) on commit drop")
        for number, province in enumerate(provinces(copies), start=1):
            con.execute("insert into elsewhere values (%s, %s, %s)", [number, f"{number * _ODD % 2**32:08x}", province])
        for table in _to_copy(con):
            columns = _columns(con, table)
            names = ", ".join(f'"{column.name}"' for column in columns)
            values = ", ".join(column.copied for column in columns)
            con.execute(
                f"insert into {table} ({names}) overriding system value select {values} from {table} own, elsewhere"
            )


def settle(con: Any) -> None:
    """Statistics and visibility as the database's own upkeep leaves them. `con`: a superuser's."""
    con.execute("vacuum analyze")


def _to_copy(con: Any) -> Iterator[str]:
    for (table,) in con.execute(_TABLES).fetchall():
        if not _stays(table) and con.execute(f"select exists (select from {table})").fetchone()[0]:
            yield table


def _columns(con: Any, table: str) -> list[Column]:
    return [Column(table, *told) for told in con.execute(_COLUMNS, [table]).fetchall()]

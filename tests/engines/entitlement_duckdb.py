"""Runs an entitlement on DuckDB in memory, for tests: steps in order, then every check."""

from collections.abc import Sequence
from dataclasses import astuple

import duckdb
import pyarrow as pa

from gandeng.core.benefit import benefit
from gandeng.core.benefit_policy import BenefitPolicy
from gandeng.core.calculation import Calculation
from gandeng.core.tables import Table, Type
from tests.engines.entitlement_oracle import Answer, Family, Member, Verdict

SQL_TYPES = {Type.TEXT: "varchar", Type.BIGINT: "bigint", Type.DATE: "date", Type.BOOLEAN: "boolean"}
ARROW_TYPES = {Type.TEXT: pa.string(), Type.BIGINT: pa.int64(), Type.DATE: pa.date32(), Type.BOOLEAN: pa.bool_()}
ANSWERS = {
    "components": "family_id, member_id, component, rate, amount, counted, why",
    "entitlements": "family_id, cycle, months, members_counted, amount, fixed_amount, members",
    "payments": "payment_id, stage, family_id, nik, name, channel, account_no, district_code, amount",
    "recommendations": "family_id, member_id, commitment, verdict, recommendation, figure",
}


def member_row(member: Member) -> tuple[object, ...]:
    return (
        member.family_id,
        member.member_id,
        member.nik,
        member.name,
        member.birth_date,
        member.sex,
        member.school_level,
        member.pregnancy_no,
        member.severe_disability,
        member.rights_victim,
        member.deceased_on,
    )


def load(
    con: duckdb.DuckDBPyConnection,
    calculation: Calculation,
    families: Sequence[Family],
    members: Sequence[Member],
    verdicts: Sequence[Verdict],
) -> None:
    rows = {
        "families": [astuple(family) for family in families],
        "members": [member_row(member) for member in members],
        "verdicts": [astuple(verdict) for verdict in verdicts],
        **calculation.parameters,
    }
    for table in calculation.reads:
        _create(con, table, rows[table.name])


def _create(con: duckdb.DuckDBPyConnection, table: Table, rows: Sequence[Sequence[object]]) -> None:
    fields = [pa.field(column.name, ARROW_TYPES[column.type]) for column in table.columns]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(fields)
    arrays = [pa.array(values, field.type) for values, field in zip(columns, fields, strict=True)]
    loaded = pa.table(arrays, schema=pa.schema(fields))  # noqa: F841 (DuckDB reads it by name)
    con.execute(f"create table {table.name} as select * from loaded")


def broken_checks(
    policy: BenefitPolicy, families: Sequence[Family], members: Sequence[Member], verdicts: Sequence[Verdict] = ()
) -> tuple[list[str], Answer]:
    """Names of the checks that do not hold, and what was calculated; columns as declared."""
    calculation = benefit(policy)
    with duckdb.connect(config={"threads": 1}) as con:
        load(con, calculation, families, members, verdicts)
        for step in calculation.steps:
            con.execute(f"create {'table' if step.stored else 'view'} {step.name} as {step.sql}")
        for table in calculation.gives:
            described = [(name, kind) for name, kind, *_ in con.execute(f"describe {table.name}").fetchall()]
            assert described == [(c.name, SQL_TYPES[c.type].upper()) for c in table.columns], table.name
        broken = [check.name for check in calculation.checks if con.execute(check.sql).fetchall()]
        return broken, Answer(
            **{name: con.execute(f"select {columns} from {name}").fetchall() for name, columns in ANSWERS.items()}
        )


def run(
    policy: BenefitPolicy, families: Sequence[Family], members: Sequence[Member], verdicts: Sequence[Verdict] = ()
) -> Answer:
    """The answer, after every check has held."""
    broken, answer = broken_checks(policy, families, members, verdicts)
    assert broken == []
    return answer

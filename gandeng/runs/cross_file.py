"""Files that are sound each by itself and do not fit each other: which rows, for the person who has to mend them."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow as pa

from gandeng.core.channels import POST
from gandeng.core.faults import Fault, FileRefused, all_refused
from gandeng.engine import connect
from gandeng.files.faults import shown_key
from gandeng.files.layouts import FAMILIES, MEMBERS, VERDICTS
from gandeng.files.taken import Taken

FAULTS_SHOWN = 100

_Rule = tuple[str, str, str, str]

_CHECKED: tuple[_Rule, ...] = (
    (
        MEMBERS.name,
        "family_id",
        "family_not_listed",
        "select m.row, m.family_id as value from members m anti join families f on f.family_id = m.family_id",
    ),
    (
        FAMILIES.name,
        "collector_member_id",
        "collector_not_in_family",
        """select f.row, f.collector_member_id as value from families f anti join members m
            on m.member_id = f.collector_member_id and m.family_id = f.family_id
            where f.paid and f.collector_member_id <> ''""",
    ),
    (
        FAMILIES.name,
        "collector_member_id",
        "collector_missing",
        "select f.row, f.family_id as value from families f where f.paid and f.collector_member_id = ''",
    ),
    (
        FAMILIES.name,
        "collector_member_id",
        "collector_without_nik",
        """select f.row, f.collector_member_id as value from families f join members m
            on m.member_id = f.collector_member_id and m.family_id = f.family_id
            where f.paid and m.nik = ''""",
    ),
    (
        FAMILIES.name,
        "account_no",
        "account_missing",
        f"""select f.row, f.family_id as value from families f
            where f.paid and f.account_no = '' and f.channel <> '{POST}'""",
    ),
    (
        VERDICTS.name,
        "member_id",
        "member_not_listed",
        "select v.row, v.member_id as value from verdicts v anti join members m on m.member_id = v.member_id",
    ),
    (
        VERDICTS.name,
        "commitment",
        "verdicts_differ",
        """select row, member_id as value from verdicts
            qualify min(verdict) over (partition by member_id, commitment)
                <> max(verdict) over (partition by member_id, commitment)""",
    ),
)
"""(file at fault, its column, code of `words/*/faults_between.yaml`, the rows)."""


def refuse_what_does_not_fit(
    taken: Mapping[str, Taken],
    spill: Path,
    memory_limit: str,
    *,
    paid: pa.Table | None = None,
    only: str | None = None,
) -> None:
    """Raise FileRefused with the rows of every file that does not fit the others; return where all fit.

    `paid` names the families that are due money, in its column `family_id`: they alone need a collector, and an account
    where a bank pays. Without it nobody has been reckoned yet: active families need a collector then, and no account.
    `only` is the code of the one rule to hold them to.
    """
    passed_over = () if paid is not None else _OF_THE_PAID
    held_to = [rule for rule in _CHECKED if rule[2] not in passed_over and only in (None, rule[2])]
    with closing(connect(spill, memory_limit=memory_limit)) as con:
        for name, file in taken.items():
            is_families = name == FAMILIES.name
            con.execute(f"create view {name} as {_with_paid(file, paid, con) if is_families else file.select}")
        refused = [found for name, file in taken.items() if (found := _unfit(con, name, file, held_to))]
    if refused:
        raise all_refused(refused)


_OF_THE_PAID = ("account_missing",)


def _unfit(con: duckdb.DuckDBPyConnection, name: str, file: Taken, held_to: Sequence[_Rule]) -> FileRefused | None:
    """The rows of one file that do not fit, whatever rule each breaks; None where all fit."""
    faults, count = list[Fault](), 0
    for checked, column, code, rows in held_to:
        if checked == name:
            many = int(con.execute(f"select count(*) from ({rows}) unfit").fetchall()[0][0])
            faults += _shown(con, rows, column, code) if many else []
            count += many
    faults.sort(key=lambda fault: fault.row or 0)
    return FileRefused(file.source, faults[:FAULTS_SHOWN], count) if count else None


def _shown(con: duckdb.DuckDBPyConnection, rows: str, column: str, code: str) -> list[Fault]:
    shown = con.execute(f"select * from ({rows}) unfit order by row limit {FAULTS_SHOWN}").fetchall()
    return [
        Fault(f"faults_between.{code}", int(row) + 1, column, {"value": shown_key(str(value))}) for row, value in shown
    ]


def _with_paid(families: Taken, paid: pa.Table | None, con: duckdb.DuckDBPyConnection) -> str:
    """SQL: the families with whether each is to be paid."""
    if paid is None:
        return f"select *, status = 'ACTIVE' as paid from ({families.select}) listed"
    con.register("due_money", paid)
    return f"select *, family_id in (select family_id from due_money) as paid from ({families.select}) listed"

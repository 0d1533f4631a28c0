"""Files that are sound each by itself and do not fit each other: which rows, for the person who has to mend them."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from gandeng.core.faults import Fault, FileRefused
from gandeng.engine import connect
from gandeng.files.faults import shown_key
from gandeng.files.layouts import FAMILIES, MEMBERS, VERDICTS
from gandeng.files.taken import Taken

FAULTS_SHOWN = 100

_CHECKED = (
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
            on m.member_id = f.collector_member_id and m.family_id = f.family_id where f.status = 'ACTIVE'""",
    ),
    (
        FAMILIES.name,
        "collector_member_id",
        "collector_without_nik",
        """select f.row, f.collector_member_id as value from families f join members m
            on m.member_id = f.collector_member_id and m.family_id = f.family_id
            where f.status = 'ACTIVE' and m.nik = ''""",
    ),
    (
        VERDICTS.name,
        "member_id",
        "member_not_listed",
        "select v.row, v.member_id as value from verdicts v anti join members m on m.member_id = v.member_id",
    ),
)
"""(file at fault, its column, code of `words/*/faults_between.yaml`, the rows)."""


def refuse_what_does_not_fit(taken: Mapping[str, Taken], spill: Path, memory_limit: str) -> None:
    """Raise FileRefused with the rows of the first file that does not fit the others; return where all fit."""
    with closing(connect(spill, memory_limit=memory_limit)) as con:
        for name, file in taken.items():
            con.execute(f"create view {name} as {file.select}")
        for name, column, code, rows in _CHECKED:
            if name not in taken:
                continue
            count = int(con.execute(f"select count(*) from ({rows}) unfit").fetchall()[0][0])
            if count:
                shown = con.execute(f"select * from ({rows}) unfit order by row limit {FAULTS_SHOWN}").fetchall()
                faults = [
                    Fault(f"faults_between.{code}", int(row) + 1, column, {"value": shown_key(str(value))})
                    for row, value in shown
                ]
                raise FileRefused(taken[name].source, faults, count)

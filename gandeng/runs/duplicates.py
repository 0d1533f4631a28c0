"""One duplicate search on files: take families and members, search, write the pairs, swap the folder in whole."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from gandeng.core.duplicates import ONE_IN_AT_LEAST, duplicates, strength
from gandeng.core.duplicates_tables import COUNTS, LEFT_BEHIND
from gandeng.core.faults import Fault
from gandeng.core.nik import masked
from gandeng.core.nik_slip import slip
from gandeng.engine import MEMORY_LIMIT, Progress, calculate, connect, no_progress, open_engine, parquet
from gandeng.files.instruction_csv import guarded
from gandeng.files.layouts import FAMILIES, MEMBERS
from gandeng.files.taken import Taken
from gandeng.runs.cross_file import refuse_what_does_not_fit
from gandeng.runs.manifest import InputFile, input_file, output_files, write_manifest
from gandeng.runs.publish import published, scratch
from gandeng.runs.taking import Given, take_all

ALIKE_PARQUET, ALIKE_CSV = "alike.parquet", "alike.csv"
STRONG = 10 * ONE_IN_AT_LEAST
"""Pairs of this strength are counted apart, as those to look at first."""

_WAYS = ("name_alike", "born_alike", "place_alike", "same_sex")
_PERSON = ("family_id", "member_id", "name", "birth_date", "sex", "village_code", "nik")

ROWS = pa.schema([
    ("one_in", pa.int64()),
    *((way, pa.bool_() if way == "same_sex" else pa.string()) for way in _WAYS),
    ("nik_slip", pa.string()),
    *(
        (prefix + name, pa.date32() if name == "birth_date" else pa.string())
        for prefix in ("", "other_")
        for name in _PERSON
    ),
    *((count, pa.int64()) for count in COUNTS),
])  # fmt: skip
"""Columns of the pairs, one row per pair, strongest first. A NIK shows its last four digits."""


@dataclass(frozen=True)
class DuplicatesRun:
    """What a search found: pairs by place they have in common, those of STRONG among them; people looked at."""

    inputs: tuple[InputFile, ...]
    people: int
    pairs: Mapping[str, int]
    strong: Mapping[str, int]
    notes: tuple[tuple[str, Fault], ...]


def search_duplicates(
    families: Path,
    members: Path,
    out: Path,
    *,
    at_least: int = ONE_IN_AT_LEAST,
    engine: str = "duckdb",
    master: str | None = None,
    memory_limit: str = MEMORY_LIMIT,
    progress: Progress = no_progress,
) -> DuplicatesRun:
    """Living members of families that may be paid, who look like one person; `out` then holds the pairs.

    Raises FileRefused for files that cannot be trusted or a member whose family is not listed, CheckFailed where an
    identity breaks, FolderNotOurs. In each case `out` is what it was.
    """
    given = [Given(families, FAMILIES, families.name), Given(members, MEMBERS, members.name)]
    with published(out, "duplicates") as folder, scratch(out) as work:
        taken = dict(zip((FAMILIES.name, MEMBERS.name), take_all(given, work, progress), strict=True))
        # a member whose family is not listed would drop out in silence
        refuse_what_does_not_fit(taken, work / "spill", memory_limit, only="family_not_listed")
        people = _people(taken)
        with closing(open_engine(engine, work / "engine", memory_limit=memory_limit, master=master)) as opened:
            columns = "family_id, member_id, name, birth_date, sex, village_code"
            sources = {"people": f"select {columns} from ({people}) living"}
            calculate(opened, duplicates(one_in_at_least=at_least), sources, work, progress=progress)
            count = int(opened.fetch("select people from everybody")["people"][0].as_py())
        progress(ALIKE_CSV, 0, 0)
        rows = _pairs(work, people, memory_limit)
        _write(folder, rows)
        inputs = tuple(input_file(one.layout.name, one.path, taken[one.layout.name]) for one in given)
        outputs = output_files(folder, {ALIKE_PARQUET: len(rows), ALIKE_CSV: len(rows)})
        write_manifest(
            folder, kind="duplicates", engine=engine, one_in_at_least=at_least, inputs=inputs, outputs=outputs
        )
    return DuplicatesRun(
        inputs=inputs,
        people=count,
        pairs=_by_place(rows),
        strong=_by_place(row for row in rows if int(str(row["one_in"])) >= STRONG),
        notes=tuple((file.source, note) for file in taken.values() for note in file.notes),
    )


def _people(taken: Mapping[str, Taken]) -> str:
    """SQL: members who live, of families that are paid or may be again, with their NIK."""
    left = ", ".join(f"'{status}'" for status in LEFT_BEHIND)
    return f"""select m.family_id, m.member_id, m.name, m.birth_date, m.sex, f.village_code, m.nik
        from ({taken[MEMBERS.name].select}) m join ({taken[FAMILIES.name].select}) f on f.family_id = m.family_id
        where m.deceased_on is null and f.status not in ({left})"""


def _pairs(work: Path, people: str, memory_limit: str) -> list[dict[str, object]]:
    """ROWS in their order; pairs are few, whatever the files hold."""
    persons = ", ".join(
        [f"{alias}.{name} as {prefix}{name}" for alias, prefix in (("p", ""), ("o", "other_")) for name in _PERSON]
    )
    kept = ", ".join(f"a.{name}" for name in (*_WAYS, *COUNTS))
    with closing(connect(work / "spill", memory_limit=memory_limit)) as con:
        found = con.sql(
            f"""select {kept}, {persons} from {parquet(work / ALIKE_PARQUET)} a
                join ({people}) p on p.member_id = a.member_id join ({people}) o on o.member_id = a.other_member_id"""
        )
        rows: list[dict[str, object]] = found.to_arrow_table().to_pylist()
    return sorted(map(_finished, rows), key=_strongest_first)


def _finished(row: dict[str, object]) -> dict[str, object]:
    niks = str(row["nik"]), str(row["other_nik"])
    whole = row | {"one_in": strength(row), "nik_slip": slip(*niks).value}
    return whole | dict(zip(("nik", "other_nik"), map(masked, niks), strict=True))


def _strongest_first(row: Mapping[str, object]) -> tuple[int, str, str]:
    return -int(str(row["one_in"])), str(row["member_id"]), str(row["other_member_id"])


def _write(folder: Path, rows: list[dict[str, object]]) -> None:
    """The pairs as a table and for a spreadsheet, where no text may be a formula."""
    pq.write_table(pa.Table.from_pylist(rows, ROWS), folder / ALIKE_PARQUET)
    with (folder / ALIKE_CSV).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ROWS.names, lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return guarded(value) if isinstance(value, str) else value


def _by_place(rows: Iterable[Mapping[str, object]]) -> Counter[str]:
    return Counter(str(row["place_alike"]) for row in rows)

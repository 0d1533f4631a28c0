"""A registry of synthetic families: written in pieces, the same bytes for the same seed, in bounded memory."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from gandeng.core.calculation import Step
from gandeng.core.region_code import Level, RegionCode
from gandeng.core.tables import Table
from gandeng.files.layouts import FAMILIES, MEMBERS, VERDICTS
from gandeng.runs.publish import published
from gandeng.simulation import households, services
from gandeng.simulation.accounts import account_step
from gandeng.simulation.chance import Chance
from gandeng.simulation.engine import connect, run_steps
from gandeng.simulation.names import invented_name, list_table, name_table, pool_of
from gandeng.simulation.origins import origin_table
from gandeng.simulation.output import Format, TableFile, write_manifest
from gandeng.simulation.plan import FacilitatorPlan, VillagePlan, plan_facilitators, plan_villages
from gandeng.simulation.tables import ASSIGNMENTS, CLINICS, ENROLMENTS, FACILITATORS, SCHOOLS

CHUNK_FAMILIES = 100_000
_MADE_BY = "gandeng simulate registry"
AS_OF = date(2024, 3, 1)
"""First day of stage 2 of 2024, the two months the demonstration pays."""

Progress = Callable[[int, int], None]
"""Called with families made and families in all."""


@dataclass(frozen=True)
class Registry:
    """What was written: rows per file name, and how many places the families live in."""

    folder: Path
    files: dict[str, int]
    villages: int
    sub_districts: int
    districts: int

    def rows(self, table: str) -> int:
        """Rows of a table: `families`, `members`, `facilitators` and so on."""
        return next(rows for name, rows in self.files.items() if name.partition(".")[0] == table)


def simulate_registry(
    out: Path,
    *,
    region: str,
    families: int | None = None,
    facilitators: int | None = None,
    seed: int = 1,
    as_of: date = AS_OF,
    form: Format = "parquet",
    progress: Progress | None = None,
) -> Registry:
    """Write families, members and verdicts in the contract's columns, and the tables of `simulation.tables`.

    `region` is a province (`63`), a district (`63.71`) or `ID`; counts not given are the published ones or follow the
    population. `out` appears whole or not at all. Raises UnknownRegion, FamiliesDoNotFit, FolderNotOurs.
    """
    chance = Chance(seed)
    villages = plan_villages(region, families, chance)
    helpers = plan_facilitators(villages, facilitators, region)
    with published(out, _MADE_BY) as folder:
        files = _write_small(folder, villages, helpers, chance, form)
        files |= _write_families(folder, villages, chance, as_of, form, progress or (lambda _done, _all: None))
        made = {"made_by": _MADE_BY, "region": region, "seed": seed, "as_of": as_of.isoformat()}
        write_manifest(folder, made, files)
    above = (len({one.code.above(level) for one in villages}) for level in (Level.SUB_DISTRICT, Level.DISTRICT))
    return Registry(out, files, len(villages), *above)


def chunks_of(villages: list[VillagePlan], size: int) -> Iterator[list[VillagePlan]]:
    """Whole sub-districts, together at least `size` families except for the last: NIK serials are counted within."""
    chunk: list[VillagePlan] = []
    held = 0
    for village in villages:
        full = held >= size
        if full and village.code.above(Level.SUB_DISTRICT) != chunk[-1].code.above(Level.SUB_DISTRICT):
            yield chunk
            chunk, held = [], 0
        chunk.append(village)
        held += village.families
    yield chunk


def _write_families(
    out: Path, villages: list[VillagePlan], chance: Chance, as_of: date, form: Format, progress: Progress
) -> dict[str, int]:
    """The big tables, chunk by chunk; returns the rows of each file."""
    total, done = sum(one.families for one in villages), 0
    with ExitStack() as files, connect() as con:
        sinks = [(files.enter_context(TableFile(out, table, form)), source) for table, source in _sinks().items()]
        _register_constants(con, villages)
        for chunk in chunks_of(villages, CHUNK_FAMILIES):
            _make(con, chunk, chance, as_of)
            for sink, source in sinks:
                sink.write(con.sql(source).to_arrow_table())
            done += sum(one.families for one in chunk)
            progress(done, total)
    return {sink.path.name: sink.rows for sink, _ in sinks}


def _sinks() -> dict[Table, str]:
    """Each big table and the query that gives its rows of one chunk, in a total order."""
    return {
        FAMILIES.table: "select * from families_paid order by family",
        MEMBERS.table: "select * from members_made order by person",
        VERDICTS.table: "select * from verdicts_made order by person, commitment_no",
        ENROLMENTS: "select * from verdicts_made where place_id <> '' order by person, commitment_no",
    }


def _register_constants(con: duckdb.DuckDBPyConnection, villages: list[VillagePlan]) -> None:
    con.register("names", name_table())
    con.register("name_lists", list_table())
    con.register("service_places", services.service_places(villages))
    con.register("every_origin", origin_table())


def _make(con: duckdb.DuckDBPyConnection, chunk: list[VillagePlan], chance: Chance, as_of: date) -> None:
    """Run the steps over one chunk, each into a table of its name."""
    con.register("villages_here", _village_table(chunk))
    first, last = (int(chunk[end].code.digits[:6]) for end in (0, -1))
    steps = [
        Step("origins", f"select * from every_origin where sub_district_no between {first} and {last}", stored=True),
        *households.family_steps(chance, as_of),
        account_step(chance),
        *households.member_steps(chance, as_of),
        *services.verdict_steps(chance, as_of),
    ]
    run_steps(con, steps)


def _village_table(chunk: list[VillagePlan]) -> pa.Table:
    return pa.Table.from_pylist([
        {
            "village_code": one.code.dotted(),
            "sub_district_no": int(one.code.digits[:6]),
            "province": one.code.digits[:2],
            "pool": pool_of(one.code.digits[:2]),
            "bank": one.bank,
            "remote": one.remote,
            "families": one.families,
            "first_family": one.first_family,
            "number_in_province": one.number_in_province,
        }
        for one in chunk
    ])  # fmt: skip


def _write_small(
    out: Path, villages: list[VillagePlan], helpers: list[FacilitatorPlan], chance: Chance, form: Format
) -> dict[str, int]:
    """Facilitators, assignments, schools, clinics; returns the rows of each file."""
    numbers = {one.code: one for one in villages}
    small = {
        FACILITATORS: pa.Table.from_pylist([_facilitator(place, one, chance) for place, one in enumerate(helpers)]),
        ASSIGNMENTS: pa.Table.from_pylist([row for one in helpers for row in _assignments(one, numbers)]),
        SCHOOLS: services.schools(villages),
        CLINICS: services.clinics(villages),
    }
    files = {}
    for table, rows in small.items():
        with TableFile(out, table, form) as file:
            file.write(rows)
        files[file.path.name] = file.rows
    return files


def _facilitator(place: int, one: FacilitatorPlan, chance: Chance) -> dict[str, str | int]:
    return {
        "facilitator_id": one.facilitator_id,
        "name": invented_name(place, one.home.digits[:2], chance),
        "home_sub_district": one.home.dotted(),
        "families": one.families,
        "villages": len({part.village for part in one.parts}),
    }


def _assignments(one: FacilitatorPlan, villages: dict[RegionCode, VillagePlan]) -> Iterator[dict[str, str | int]]:
    for part in one.parts:
        village = villages[part.village]
        first = village.number_in_province + part.first_family - village.first_family
        yield {
            "facilitator_id": one.facilitator_id,
            "village_code": part.village.dotted(),
            "first_family_id": family_id(village, first),
            "last_family_id": family_id(village, first + part.families - 1),
            "families": part.families,
        }


def family_id(village: VillagePlan, number: int) -> str:
    """`K630000001`: province and number within it."""
    return f"K{village.code.digits[:2]}{number:07d}"

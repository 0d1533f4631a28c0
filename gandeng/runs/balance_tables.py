"""What a balance gives as files: declared tables, whole numbers alone (metres, hundredths, parts per million)."""

from collections.abc import Iterable, Mapping
from math import ceil
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from gandeng.balancing.answer import Balance, Measures
from gandeng.balancing.what_if import Staffing
from gandeng.core.region_code import RegionCode
from gandeng.core.tables import Column, Table, Type, columns

Format = Literal["parquet", "csv"]
Rows = list[dict[str, object]]

ASSIGNMENTS = Table(
    "assignments",
    "one row per facilitator and village, as the balance would have it; part of parts where several share the village",
    (*columns(Type.TEXT, "facilitator_id", "village_code"), *columns(Type.BIGINT, "part", "parts", "families")),
)

HAND_OVERS = Table(
    "hand_overs",
    "one row per village, giver, receiver and skill; giver is empty where nobody accompanies the families today",
    (
        *columns(Type.TEXT, "district_code", "village_code"),
        *columns(Type.BIGINT, "part", "families"),
        *columns(Type.TEXT, "from_facilitator_id", "to_facilitator_id", "skill"),
    ),
)

LOADS = Table(
    "loads",
    "one row per facilitator who is there",
    (
        *columns(Type.TEXT, "facilitator_id", "district_code", "home_sub_district"),
        *columns(Type.BIGINT, "families_before", "families_after", "family_metres"),
    ),
)

_MEASURES = ("people", "families", "without", "load_most", "load_least", "load_deviation_hundredths")
_WAYS = ("family_metres", "median_metres", "families_measured")

DISTRICTS = Table(
    "districts",
    "one row per district and state (BEFORE, AFTER)",
    (
        *columns(Type.TEXT, "district_code", "state"),
        *columns(Type.BIGINT, *_MEASURES),
        Column("over_alarm", Type.BIGINT, nullable=True),
        *columns(Type.BIGINT, *_WAYS),
    ),
)

ALTERNATIVES = Table(
    "alternatives",
    "one row per district and number of families that may change hands (empty: any)",
    (
        Column("district_code"),
        Column("moves_max", Type.BIGINT, nullable=True),
        Column("chosen", Type.BOOLEAN),
        *columns(Type.BIGINT, "moved", "forced", "load_most", "load_least", "load_deviation_hundredths"),
        *columns(Type.BIGINT, "family_metres", "median_metres", "cost_metres", "bound_metres", "gap_ppm"),
        *columns(Type.BIGINT, "today_metres", "greedy_metres"),
        Column("stopped", Type.BOOLEAN),
    ),
)

STAFFING = Table(
    "staffing",
    "one row per district",
    (
        Column("district_code"),
        *columns(Type.BIGINT, "families", "people", "for_norm", "lacking_norm"),
        *columns(Type.BIGINT, "for_alarm", "lacking_alarm", nullable=True),
    ),
)

_ARROW = {Type.TEXT: pa.string(), Type.BIGINT: pa.int64(), Type.DATE: pa.date32(), Type.BOOLEAN: pa.bool_()}
_CSV = pyarrow.csv.WriteOptions(quoting_style="needed")


def write_table(folder: Path, table: Table, rows: Rows, form: Format) -> dict[str, int]:
    """Write one table; gives its file name and rows."""
    fields = [pa.field(one.name, _ARROW[one.type], nullable=one.nullable) for one in table.columns]
    content = pa.Table.from_pylist(rows, schema=pa.schema(fields))
    path = folder / f"{table.name}.{form}"
    if form == "parquet":
        pq.write_table(content, path)
    else:
        pyarrow.csv.write_csv(content, path, write_options=_CSV)
    return {path.name: content.num_rows}


def tables(
    chosen: Iterable[Balance], along: Iterable[tuple[Balance, ...]], needs: Iterable[Staffing]
) -> Mapping[Table, Rows]:
    """Every table with its rows."""
    chosen = list(chosen)
    return {
        ASSIGNMENTS: [row for one in chosen for row in _assignments(one)],
        HAND_OVERS: [row for one in chosen for row in _hand_overs(one)],
        LOADS: [row for one in chosen for row in _loads(one)],
        DISTRICTS: [
            row for one in chosen for row in (_state(one, "BEFORE", one.before), _state(one, "AFTER", one.after))
        ],
        ALTERNATIVES: [_alternative(one, any(one is other for other in chosen)) for each in along for one in each],
        STAFFING: [_staffing(one) for one in needs],
    }


def _assignments(one: Balance) -> Rows:
    return [
        {
            "facilitator_id": row.facilitator_id,
            "village_code": row.village.dotted(),
            "part": row.part,
            "parts": row.parts,
            "families": row.families,
        }
        for row in one.rows
    ]


def _hand_overs(one: Balance) -> Rows:
    return [
        {
            "district_code": one.district.dotted(),
            "village_code": row.village.dotted(),
            "part": row.part,
            "families": row.families,
            "from_facilitator_id": row.giver,
            "to_facilitator_id": row.receiver,
            "skill": row.skill,
        }
        for row in one.hand_overs
    ]


def _loads(one: Balance) -> Rows:
    return [
        {
            "facilitator_id": row.facilitator_id,
            "district_code": one.district.dotted(),
            "home_sub_district": _dotted(row.home),
            "families_before": row.before,
            "families_after": row.after,
            "family_metres": row.family_metres,
        }
        for row in one.loads
    ]


def _dotted(code: RegionCode | None) -> str:
    return code.dotted() if code else ""


def _state(one: Balance, state: str, told: Measures) -> dict[str, object]:
    return {
        "district_code": one.district.dotted(),
        "state": state,
        "people": told.people,
        "families": told.families,
        "without": told.without,
        "load_most": told.most,
        "load_least": told.least,
        "load_deviation_hundredths": told.deviation,
        "over_alarm": told.over_alarm,
        "family_metres": told.family_metres,
        "median_metres": told.median_metres,
        "families_measured": told.measured,
    }


def _alternative(one: Balance, chosen: bool) -> dict[str, object]:
    return {
        "district_code": one.district.dotted(),
        "moves_max": one.moves_max,
        "chosen": chosen,
        "moved": one.moved,
        "forced": one.forced,
        "load_most": one.after.most,
        "load_least": one.after.least,
        "load_deviation_hundredths": one.after.deviation,
        "family_metres": one.after.family_metres,
        "median_metres": one.after.median_metres,
        "cost_metres": ceil(one.cost * 1000),
        "bound_metres": int(one.bound * 1000),
        "gap_ppm": ceil(one.gap * 1_000_000),
        "today_metres": ceil(one.cost_today * 1000),
        "greedy_metres": ceil(one.cost_greedy * 1000),
        "stopped": one.stopped,
    }


def _staffing(one: Staffing) -> dict[str, object]:
    return {
        "district_code": one.district.dotted(),
        "families": one.families,
        "people": one.people,
        "for_norm": one.for_norm,
        "lacking_norm": one.lacking_norm,
        "for_alarm": one.for_alarm,
        "lacking_alarm": one.lacking_alarm,
    }

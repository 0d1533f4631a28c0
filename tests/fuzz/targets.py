"""One target for each parser: bytes in, and nothing out but what it reads or the refusal it has for them.

Targets are used twice: `tests/fuzz/test_mangled.py` mangles the seeds a few hundred times in every test run, and
`python -m tests.fuzz` searches for hours with atheris.
"""

import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

import duckdb
import xlsxwriter

from gandeng.core.cycle import Cycle, UnreadableCycle
from gandeng.core.faults import FileRefused
from gandeng.core.money import UnreadableAmount, format_rupiah, parse_rupiah
from gandeng.core.nik import UnreadableNik, explain_nik, masked, read_nik
from gandeng.core.region_code import RegionCode, UnreadableRegionCode
from gandeng.files import conversion, normalise, readers
from gandeng.files.layouts import PAYMENTS, RESULTS, Layout
from gandeng.files.limits import LIMITS
from gandeng.files.readers import Reading
from gandeng.policy import figures
from gandeng.policy.figures import PolicyBroken, load_figures
from gandeng.runs.tests.samples import CREDIT, PAID, SILENT, with_cells

GOLDEN = Path(readers.__file__).parent / "golden"
SMALL = replace(LIMITS, line=4_096)
"""Limits of a file, with lines as short as fuzzing likes them."""

Target = Callable[[bytes], None]


@dataclass(frozen=True)
class Fuzzed:
    """A parser under test: `target` raises for what is a fault of ours, `seeds` are sound inputs."""

    target: Target
    seeds: tuple[bytes, ...]


def _csv_of(layout: Layout, *rows: tuple[str, ...], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    return "".join(delimiter.join(row) + "\n" for row in (layout.names, *rows)).encode(encoding)


def _workbook_of(layout: Layout, *rows: tuple[str, ...]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate((layout.names, *rows)):
            sheet.write_row(place, 0, row)
    return file.getvalue()


def whole(layout: Layout) -> Target:
    """The whole way of a file, as the child process goes it."""

    def target(data: bytes) -> None:
        with tempfile.TemporaryDirectory(prefix="gandeng-fuzz-") as folder:
            path = Path(folder) / "sent.file"
            path.write_bytes(data)
            try:
                taken = conversion.convert(Reading(path, layout, SMALL), Path(folder))
            except FileRefused as refused:
                assert refused.faults, "a refusal without a reason"
                return
            _keeps_its_word(taken.select, taken.rows, layout)

    return target


def _keeps_its_word(select: str, rows: int, layout: Layout) -> None:
    """Every row is there once, in order; text is never null; money is whole and in bounds."""
    with duckdb.connect() as con:
        found = con.execute(
            f"""select count(*), count(distinct row), coalesce(min(row), 1), coalesce(bool_and(amount between 0 and
                {normalise.AMOUNT_MOST}), true), count(channel) from ({select}) taken"""
        ).fetchall()[0]
    assert found[:2] == (rows, rows)
    assert found[2] >= 1
    assert found[3] is True
    assert found[4] == rows
    assert rows > 0 or not layout.strict


def reader(form: str) -> Target:
    """A reader of a format of its own, alone: batches in the raw schema."""

    def target(data: bytes) -> None:
        with tempfile.NamedTemporaryFile(prefix="gandeng-fuzz-") as file:
            file.write(data)
            file.flush()
            try:
                for batch in readers.reader_of(form)(Reading(Path(file.name), RESULTS, SMALL, source="sent.file")):
                    batch.validate(full=True)
                    assert batch.schema.names == readers.raw_schema(RESULTS).names
            except FileRefused as refused:
                assert refused.faults, "a refusal without a reason"

    return target


def amounts(data: bytes) -> None:
    """The amount in Python and in SQL: the same number, or none in both."""
    text = data.decode("utf-8", "replace")
    try:
        amount: int | None = parse_rupiah(text)
    except UnreadableAmount:
        amount = None
    assert _sql(normalise.amount_sql("cell"), text) == amount
    if amount is not None:
        assert parse_rupiah(format_rupiah(amount)) == amount


def days(data: bytes) -> None:
    """A day of 1900 to 2099 in a form of the contract, or none; never another error."""
    text = data.decode("utf-8", "replace")
    day = _sql(normalise.day_sql("cell"), text)
    if day is not None:
        assert isinstance(day, date)
        assert text in {day.isoformat(), f"{day:%d/%m/%Y}", f"{day:%d-%m-%Y}"}
        assert 1900 <= day.year <= 2099


def _sql(expression: str, text: str) -> object:
    return _connection().execute(f"select {expression} from (select ? as cell) cells", [text]).fetchall()[0][0]


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


def niks(data: bytes) -> None:
    """Sixteen digits are explained, anything else is told to be none; a mask shows four of them."""
    text = data.decode("utf-8", "replace")
    masked(text)
    try:
        nik = read_nik(text)
    except UnreadableNik:
        return
    explain_nik(nik)


def codes(data: bytes) -> None:
    """Region codes and stages."""
    text = data.decode("utf-8", "replace")
    for parse, refused in ((RegionCode.parse, UnreadableRegionCode), (Cycle.parse, UnreadableCycle)):
        try:
            parse(text)
        except refused:
            continue


def policy(data: bytes) -> None:
    """One figure among the sound sources: it loads, or every fault of it is told."""
    with tempfile.TemporaryDirectory(prefix="gandeng-fuzz-") as folder:
        copy = Path(folder)
        (copy / "benefit").mkdir()
        (copy / "sources.yaml").write_bytes((figures.FOLDER / "sources.yaml").read_bytes())
        (copy / "benefit" / "primary_school.yaml").write_bytes(data)
        try:
            load_figures(copy)
        except PolicyBroken as broken:
            assert broken.faults


_RESULT_ROWS = (CREDIT, with_cells(RESULTS, CREDIT, amount="Rp1.250.000,00", occurred_on="17/05/2024", reason="F03"))
_MESSAGES = tuple(path.read_bytes() for path in sorted(GOLDEN.glob("*.xml")) if "pain.001" not in path.name)
_FIGURES = tuple(
    (figures.FOLDER / "benefit" / f"{name}.yaml").read_bytes() for name in ("primary_school", "flat_regular")
)

PARSERS = {
    "csv_payments": Fuzzed(whole(PAYMENTS), (_csv_of(PAYMENTS, PAID, SILENT), _csv_of(PAYMENTS, PAID, delimiter=";"))),
    "csv_results": Fuzzed(
        whole(RESULTS),
        (
            _csv_of(RESULTS, *_RESULT_ROWS),
            _csv_of(RESULTS, CREDIT, delimiter="\t", encoding="utf-16"),
            _csv_of(RESULTS, CREDIT, encoding="utf-8-sig"),
        ),
    ),
    "xlsx": Fuzzed(whole(RESULTS), (_workbook_of(RESULTS, *_RESULT_ROWS),)),
    "iso20022": Fuzzed(reader("iso20022"), _MESSAGES),
    "mt940": Fuzzed(reader("mt940"), tuple(path.read_bytes() for path in sorted(GOLDEN.glob("*.mt940")))),
    "amounts": Fuzzed(amounts, (b"Rp1.250.000", b"1.250.000,00", b"1250000.00", b"1.25")),
    "days": Fuzzed(days, (b"2024-05-17", b"17/05/2024", b"17-05-2024", b"0202-05-17")),
    "niks": Fuzzed(niks, (b"6371014101800001", b"9171234567890127", b"6.37101E+15")),
    "codes": Fuzzed(codes, (b"63.71.01.1001", b"2024-2", b"6371")),
    "policy": Fuzzed(policy, _FIGURES),
}

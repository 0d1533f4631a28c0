"""A file that breaks off anywhere: a verdict each time, never another figure, and the earlier result stays."""

from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from gandeng.core.faults import FileRefused
from gandeng.files.intake import take
from gandeng.files.layouts import PAYMENTS, RESULTS, Layout
from gandeng.files.taken import Taken
from gandeng.runs.reconcile import reconcile
from gandeng.runs.tests.samples import CREDIT, PAID, SILENT, STRANGER, content_of, with_cells, write

pytestmark = pytest.mark.usefixtures("no_child")

FILES: dict[Layout, list[tuple[str, ...]]] = {
    PAYMENTS: [PAID, SILENT],
    RESULTS: [CREDIT, with_cells(RESULTS, STRANGER, amount="1.250.000,00", reason="F03, NIK")],
}


@pytest.mark.parametrize("layout", FILES, ids=lambda layout: layout.name)
def test_cut_at_every_byte_it_is_refused_or_told(layout: Layout, tmp_path: Path) -> None:
    """A cut within the last cell alone leaves no trace but the missing line end, and that is told."""
    whole = write(tmp_path / "whole.csv", layout, FILES[layout]).read_bytes()
    last_row = whole.rindex(b"\n", 0, -1) + 1
    expected = read(take(tmp_path / "whole.csv", layout, tmp_path / "work"))
    for end in (*range(0, last_row, 11), *range(last_row, len(whole))):
        (tmp_path / "cut.csv").write_bytes(whole[:end])
        try:
            taken = take(tmp_path / "cut.csv", layout, tmp_path / "work")
        except FileRefused as refused:
            assert refused.faults, end
            continue
        told = {note.code for note in taken.notes}
        assert ("no_last_line_end" in told) is (whole[end - 1 : end] != b"\n")
        *sure, last = read(taken)
        assert sure == expected[: len(sure)]
        assert last == expected[len(sure)] or last.get("damage") or "no_last_line_end" in told


def read(taken: Taken) -> list[dict[str, object]]:
    with duckdb.connect() as con:
        rows: list[dict[str, object]] = con.sql(f"from ({taken.select}) order by row").to_arrow_table().to_pylist()
    return rows


@pytest.mark.parametrize("layout", FILES, ids=lambda layout: layout.name)
def test_a_run_on_a_cut_file_keeps_the_old_result_or_gives_a_whole_new_one(layout: Layout, tmp_path: Path) -> None:
    files = {one: write(tmp_path / f"{one.name}.csv", one, rows) for one, rows in FILES.items()}
    out, whole = tmp_path / "out", files[layout].read_bytes()
    for end in range(0, len(whole), 41):
        files[layout].write_bytes(whole)
        reconcile(files[PAYMENTS], [files[RESULTS]], out)
        before = content_of(out)
        files[layout].write_bytes(whole[:end])
        try:
            run = reconcile(files[PAYMENTS], [files[RESULTS]], out)
        except FileRefused:
            assert content_of(out) == before
        else:
            assert pq.read_metadata(out / "outcomes.parquet").num_rows == run.inputs[0].rows
            assert set(pq.read_table(out / "outcomes.parquet")["outcome"].to_pylist()) <= {"PAID", "UNREPORTED"}

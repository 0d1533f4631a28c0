"""The child process: what it takes comes back whole, and whatever a file does to it becomes a refusal in words."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from gandeng.core.faults import Fault, FileRefused
from gandeng.files import intake, profiles
from gandeng.files.layouts import PAYMENTS, RESULTS
from gandeng.files.limits import LIMITS, MEGABYTE
from gandeng.files.room import is_full
from gandeng.files.tests.tables import PAYMENT, csv, payment, rows, workbook
from gandeng.words import sentences

SAMPLE = csv(PAYMENTS, PAYMENT)


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    (tmp_path / "kiriman bank.csv").write_bytes(SAMPLE)
    return tmp_path / "kiriman bank.csv"


def test_it_works(sent: Path, tmp_path: Path) -> None:
    taken = intake.take(sent, PAYMENTS, tmp_path / "work", source="daftar.csv")
    assert (taken.source, taken.rows, taken.total_rupiah) == ("daftar.csv", 1, 225_000)
    assert [path.is_file() for path in taken.paths] == [True]
    assert rows(taken)[0]["payment_id"] == PAYMENT[0]


def test_it_refuses_with_the_same_faults_as_without_a_child(sent: Path, tmp_path: Path) -> None:
    sent.write_bytes(csv(PAYMENTS, payment(nik="1")))
    with pytest.raises(FileRefused) as refused:
        intake.take(sent, PAYMENTS, tmp_path / "work")
    assert refused.value.faults == [Fault("nik_damaged", 2, "nik", {"found": "•"})]
    assert list((tmp_path / "work").iterdir()) == []
    assert intake.explain_refusal(refused.value)[0].startswith("Berkas kiriman bank.csv ditolak seluruhnya")


def test_it_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    for name, code in (("tidak-ada.csv", "not_a_file"), (".", "not_a_file")):
        with pytest.raises(FileRefused) as refused:
            intake.take(tmp_path / name, PAYMENTS, tmp_path / "work")
        assert [fault.code for fault in refused.value.faults] == [code]


def test_it_refuses_a_name_that_is_no_text(sent: Path, tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xe1nk.csv"))
    odd.write_bytes(SAMPLE)
    for path, work in ((odd, tmp_path / "work"), (sent, Path(f"{odd}-work"))):
        with pytest.raises(FileRefused) as refused:
            intake.take(path, PAYMENTS, work)
        assert [fault.code for fault in refused.value.faults] == ["name_not_utf8"]
        assert "".join(intake.explain_refusal(refused.value)).isprintable()
    assert not (tmp_path / "work").exists()


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (replace(LIMITS, wall_seconds=0), "took_too_long"),
        (replace(LIMITS, engine_memory=1 * MEGABYTE), "needs_too_much_memory"),
        (replace(LIMITS, written=100), "reader_crashed"),
    ],
)
def test_it_refuses_what_goes_beyond_a_limit(sent: Path, tmp_path: Path, limits: object, code: str) -> None:
    assert isinstance(limits, type(LIMITS))
    with pytest.raises(FileRefused) as refused:
        intake.take(sent, PAYMENTS, tmp_path / "work", limits=limits)
    assert [fault.code for fault in refused.value.faults] == [code]
    assert list((tmp_path / "work").iterdir()) == []


def test_it_refuses_a_file_that_kills_its_reader(sent: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sitecustomize.py").write_text("import os; os.abort()")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(FileRefused) as refused:
        intake.take(sent, PAYMENTS, tmp_path / "work")
    assert [fault.code for fault in refused.value.faults] == ["reader_crashed"]


@pytest.mark.parametrize(("module", "writes"), [("pyarrow.parquet", "ParquetWriter"), ("pathlib", "Path.write_text")])
def test_a_full_disk_is_no_fault_of_the_file(
    sent: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, writes: str
) -> None:
    """The rows find no room, or the answer."""
    full = f"import errno, {module} as m\ndef full(*_, **__): raise OSError(errno.ENOSPC, 'full')\nm.{writes} = full"
    (tmp_path / "sitecustomize.py").write_text(full)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(OSError, match="No space left") as error:
        intake.take(sent, PAYMENTS, tmp_path / "work")
    assert is_full(error.value)
    assert list((tmp_path / "work").iterdir()) == []


def test_the_child_leaves_no_core_and_only_the_rows(sent: Path, tmp_path: Path) -> None:
    taken = intake.take(sent, PAYMENTS, tmp_path / "work")
    assert [path.name for path in taken.paths[0].parent.iterdir()] == ["canonical.parquet"]


def test_a_profile_and_a_workbook_pass_through_the_child(tmp_path: Path) -> None:
    profile = profiles.load("BRI")
    book = tmp_path / "bri.dat"
    head = tuple(profile.columns)
    cells = ("R1", "P1", "0012345", "6371014101800001", "SITI", "Berhasil", 225000, "17/05/2024", "")
    book.write_bytes(workbook(replace(RESULTS, fields=tuple(replace(RESULTS.fields[0], name=n) for n in head)), cells))
    read = rows(intake.take(book, RESULTS, tmp_path / "work", profile=profile))[0]
    assert (read["account_no"], read["event"], read["channel"]) == ("000000000012345", "CREDIT", "BRI")


def test_every_code_has_its_sentence_in_both_languages() -> None:
    indonesian, english = sentences("id", "faults"), sentences("en", "faults")
    assert indonesian.keys() == english.keys()
    for code in _codes():
        assert code in indonesian, code
    assert intake.explain_damage("amount_unreadable,formula").count(";") == 1
    assert intake.explain_damage("") == ""


def _codes() -> set[str]:
    """Every code this package raises, read from its own source."""
    import re

    folder = Path(intake.__file__).parent
    text = "".join(path.read_text() for path in folder.glob("*.py") if not re.match("iso|mt940|instr", path.name))
    called = re.findall(r'(?:refuse|note|Fault|Rule)\(\s*"([a-z_0-9]+)"', text)
    assert len(called) > 25
    return set(called)

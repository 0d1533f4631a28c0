"""From a payment list in a file to a folder of instructions: nobody left out, whole or not at all."""

import csv
import hashlib
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from lxml import etree

from gandeng.core.channels import CHANNELS
from gandeng.core.faults import FileRefused
from gandeng.files.layouts import PAYMENTS
from gandeng.runs.instruct import FORMATS, InstructReport, instruct
from gandeng.runs.publish import FolderNotOurs

CREATED = datetime(2024, 5, 15, 1, 0, tzinfo=UTC)
DIGITS = {"BRI": 15, "BNI": 10, "MANDIRI": 13, "BTN": 16, "BSI": 10}


def row(number: int, channel: str, **changes: str) -> dict[str, str]:
    account = f"{number:0{DIGITS[channel]}d}" if channel in DIGITS else ""
    made = {
        "payment_id": f"2024-2-F{number:04d}",
        "stage": "2024-2",
        "family_id": f"F{number:04d}",
        "nik": f"637101410790{number:04d}",
        "name": "=SITI",
        "channel": channel,
        "account_no": account,
        "district_code": "63.71" if number % 2 else "63.72",
        "amount": str(225_000 + number),
    }
    return made | changes


ROWS = [row(number, CHANNELS[number % len(CHANNELS)]) for number in range(1, 25)]


def listed(folder: Path, rows: list[dict[str, str]]) -> Path:
    path = folder / "payments.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, PAYMENTS.names)
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> InstructReport:
    folder = tmp_path_factory.mktemp("instruct")
    return instruct(listed(folder, ROWS), folder / "out", created=CREATED, debtor_accounts={"BRI": "0099"})


def test_it_works(report: InstructReport) -> None:
    assert (report.rows, report.total_rupiah) == (24, sum(int(one["amount"]) for one in ROWS))
    assert [order.channel for order in report.orders] == list(CHANNELS)
    assert len(report.files) == len(CHANNELS) * len(FORMATS)
    assert {path.name for path in report.out.iterdir()} == {*CHANNELS, "kendali.csv", "manifest.json"}


def test_the_message_orders_every_payment_once(report: InstructReport) -> None:
    told = []
    for path in report.out.rglob("*.xml"):
        told += [one.text for one in etree.parse(path).getroot().iterfind(".//{*}EndToEndId")]
    assert sorted(map(str, told)) == sorted(one["payment_id"] for one in ROWS)


def test_the_manifest_knows_every_file_by_its_digest(report: InstructReport) -> None:
    manifest = json.loads((report.out / "manifest.json").read_text(encoding="utf-8"))
    written = {path.relative_to(report.out).as_posix() for path in report.out.rglob("*.*")} - {"manifest.json"}
    assert {one["name"] for one in manifest["outputs"]} == written
    for one in manifest["outputs"]:
        assert hashlib.sha256((report.out / one["name"]).read_bytes()).hexdigest() == one["sha256"]


def test_the_digest_is_of_the_content_as_documented(report: InstructReport) -> None:
    mine = sorted(
        (one for one in ROWS if one["channel"] == "BRI"), key=lambda one: (one["district_code"], one["payment_id"])
    )
    cells = [one[name] for one in mine for name in PAYMENTS.names]
    content = "".join(f"{len(cell.encode())}:{cell}," for cell in cells)
    assert report.orders[0].digest == hashlib.sha256(content.encode()).hexdigest()


def test_the_order_of_rows_and_the_second_run_change_no_byte(report: InstructReport, tmp_path: Path) -> None:
    again = instruct(listed(tmp_path, ROWS[::-1]), tmp_path / "out", created=CREATED, debtor_accounts={"BRI": "0099"})
    assert [one.sha256 for one in again.files] == [one.sha256 for one in report.files]


def test_the_name_of_the_folder_changes_no_byte(report: InstructReport, tmp_path: Path) -> None:
    named = tmp_path / "channel=BNI" / "amount=1"
    named.mkdir(parents=True)
    again = instruct(listed(named, ROWS), named / "orders [1]*", created=CREATED, debtor_accounts={"BRI": "0099"})
    assert [one.sha256 for one in again.files] == [one.sha256 for one in report.files]


def test_the_day_of_payment_is_what_was_asked(tmp_path: Path) -> None:
    made = instruct(
        listed(tmp_path, ROWS[:1]),
        tmp_path / "out",
        created=CREATED,
        execute_on=date(2024, 5, 20),
        formats=["pain.001"],
    )
    assert [one.format for one in made.files] == ["pain.001"]
    assert "<ReqdExctnDt><Dt>2024-05-20</Dt>" in (made.out / made.files[0].name).read_text(encoding="utf-8")


def test_it_tells_which_disbursing_accounts_are_missing(report: InstructReport) -> None:
    assert report.notes[-1].code == "bankfiles.debtor_account_missing"
    assert "BRI" not in str(report.notes[-1].facts["channels"])


@pytest.mark.parametrize(
    ("changes", "code", "column"),
    [
        ({"payment_id": "2024-2-" + "X" * 29}, "bankfiles.payment_id_too_long", "payment_id"),
        ({"payment_id": "2024-2-É"}, "bankfiles.payment_id_odd", "payment_id"),
        ({"payment_id": "-2024-2"}, "bankfiles.payment_id_odd", "payment_id"),
        ({"account_no": "1" * 35}, "bankfiles.account_too_long", "account_no"),
        ({"account_no": "0012\x0134"}, "bankfiles.account_odd", "account_no"),
        ({"account_no": "-001234"}, "bankfiles.account_odd", "account_no"),
        ({"account_no": "\uff10\uff1112"}, "bankfiles.account_odd", "account_no"),
    ],
)
def test_it_refuses_what_a_message_cannot_carry(
    changes: dict[str, str], code: str, column: str, tmp_path: Path
) -> None:
    rows = [*ROWS[:2], row(3, "BRI", **changes)]
    with pytest.raises(FileRefused) as refused:
        instruct(listed(tmp_path, rows), tmp_path / "out", created=CREATED)
    fault = refused.value.faults[0]
    assert (fault.code, fault.row, fault.column) == (code, 4, column)
    assert not (tmp_path / "out").exists()


def test_it_refuses_a_list_that_cannot_be_trusted_and_leaves_the_old_result(tmp_path: Path) -> None:
    out = tmp_path / "out"
    instruct(listed(tmp_path, ROWS[:3]), out, created=CREATED)
    before = (out / "manifest.json").read_bytes()
    with pytest.raises(FileRefused):
        instruct(listed(tmp_path, [*ROWS[:3], ROWS[0]]), out, created=CREATED)
    assert (out / "manifest.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_list_is_not_replaced_by_its_own_orders(tmp_path: Path) -> None:
    """`--out` is the folder of `gandeng entitle` in which the list stands."""
    path = listed(tmp_path, ROWS[:1])
    told = {"kind": "entitle", "outputs": [{"name": path.name}]}
    (tmp_path / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(FolderNotOurs):
        instruct(path, tmp_path, created=CREATED)
    assert path.read_bytes() == before


def test_what_somebody_laid_beside_an_order_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    instruct(listed(tmp_path, ROWS[:1]), out, created=CREATED)
    (out / ROWS[0]["channel"] / "answer.csv").write_text("x", encoding="utf-8")
    with pytest.raises(FolderNotOurs) as refused:
        instruct(listed(tmp_path, ROWS[:1]), out, created=CREATED)
    assert refused.value.names == [f"{ROWS[0]['channel']}/answer.csv"]


def test_it_refuses_a_folder_that_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(FolderNotOurs):
        instruct(listed(tmp_path, ROWS[:1]), tmp_path / "out", created=CREATED)


def test_it_refuses_a_moment_without_a_zone(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="time zone"):
        instruct(listed(tmp_path, ROWS[:1]), tmp_path / "out", created=datetime(2024, 5, 15))  # noqa: DTZ001

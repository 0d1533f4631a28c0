"""What the tests of several screens need: tables of a small district, lists as files, a job done at once."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from gandeng.accounts.acting import in_territory
from gandeng.core.channels import BANKS
from gandeng.files import profiles
from gandeng.files.layouts import FAMILIES, LISTED_FAMILIES, MEMBERS
from gandeng.jobs.work import KINDS
from gandeng.regions.places import villages_of
from gandeng.registry.actions import Proof, Wanted, approve_change, request_change
from gandeng.registry.change_forms import FORMS
from gandeng.registry.models import ChangeRequest, Family, Intake, Member
from gandeng.registry.staging import upload_folder

ON = date(2024, 3, 1)
QUIET = lambda *_: None  # noqa: E731


def a_picture(kind: str, width: int = 40, height: int = 30, **how: Any) -> bytes:
    """A picture as somebody may send it."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, kind, **how)
    return out.getvalue()


def small_district(folder: Path, *, families: int = 60) -> Path:
    """Invented families of Kota Banjarmasin in the columns of the contract: a mother, a father, pupils, an infant."""
    villages = [one.code.dotted() for one in villages_of("6371")]
    made = [_family(number, villages[number % len(villages)]) for number in range(1, families + 1)]
    return write_tables(folder, [family for family, _ in made], [member for _, people in made for member in people])


def _family(number: int, village: str) -> tuple[dict, list[dict]]:
    family_id, channel = f"K63{number:07d}", (*BANKS, "POS")[number % 6]
    digits = profiles.load(channel).account_digits or 10 if channel != "POS" else 0
    family = {
        "family_id": family_id, "collector_member_id": f"{family_id}-1", "village_code": village,
        "status": "SUSPENDED" if number % 20 == 0 else "ACTIVE", "channel": channel,
        "account_no": f"{number * 7_919:0{digits}d}" if digits else "",
    }  # fmt: skip
    level = ("", "SD", "SMP", "SMA")[number % 4]
    born = {"": 2022, "SD": 2014, "SMP": 2010, "SMA": 2007}[level]
    people = [
        _person(family, 1, date(1988, 5, 17), "F", pregnancy_no=2 if number % 9 == 0 else None),
        _person(family, 2, date(1985, 2, 11), "M", deceased_on=date(2024, 1, 9) if number % 15 == 0 else None),
        _person(family, 3, date(born, 8, 3), "FM"[number % 2], school_level=level),
    ]
    return family, people


def _person(family: dict, place: int, born: date, sex: str, **told) -> dict:
    number = int(family["family_id"][3:])
    day = born.day + (40 if sex == "F" else 0)
    return {
        "family_id": family["family_id"], "member_id": f"{family['family_id']}-{place}",
        "nik": f"637101{day:02d}{born:%m%y}{number:04d}", "name": f"Warga Uji {number}-{place}", "birth_date": born,
        "sex": sex, "school_level": "", "pregnancy_no": None, "severe_disability": number % 25 == 0 and place == 2,
        "rights_victim": False, "deceased_on": None,
    } | told  # fmt: skip


def tables(folder: Path) -> tuple[list[dict], list[dict]]:
    return tuple(pq.read_table(folder / f"{name}.parquet").to_pylist() for name in ("families", "members"))


def write_tables(folder: Path, families: list[dict], members: list[dict]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(families), folder / "families.parquet")
    rows = pa.Table.from_pylist(members)
    for name, type_ in (("birth_date", pa.date32()), ("deceased_on", pa.date32()), ("pregnancy_no", pa.int64())):
        rows = rows.set_column(rows.schema.get_field_index(name), name, rows.column(name).cast(type_))
    pq.write_table(rows, folder / "members.parquet")
    return folder


def csv_of(layout, rows: list[dict]) -> bytes:
    told = io.StringIO()
    writer = csv.writer(told)
    writer.writerow(layout.names)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in layout.names])
    return told.getvalue().encode()


def _cell(value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


@contextmanager
def few_queries() -> Iterator[None]:
    """At most twelve, beside the savepoints a test adds."""
    with CaptureQueriesContext(connection) as asked:
        yield
    assert len([one for one in asked if "SAVEPOINT" not in one["sql"]]) <= 12


def taken(acting, families: list[dict], members: list[dict], *, region: str = "6371", cycle: str = "2024-2") -> Intake:
    """A list that was sent and taken, for its preview."""
    arguments = {
        "upload": uploaded(families, members), "families_name": "keluarga.csv", "members_name": "anggota.csv",
        "region": region, "cycle": cycle,
    }  # fmt: skip
    with in_territory(acting):
        url = KINDS["registry.take"](acting, QUIET, arguments)
        return Intake.objects.get(pk=url.rstrip("/").rsplit("/", 1)[1])


def uploaded(families: list[dict], members: list[dict]) -> str:
    """A list put where the page puts it, with the decile where any family has one; gives its name."""
    upload = str(uuid4())
    folder = upload_folder(upload)
    folder.mkdir(parents=True)
    layout = LISTED_FAMILIES if any("decile" in row for row in families) else FAMILIES
    (folder / "families.csv").write_bytes(csv_of(layout, families))
    (folder / "members.csv").write_bytes(csv_of(MEMBERS, members))
    return upload


def asked(acting, family, kind: str, *, place: int | None = None, after=None, identifier: str = "") -> ChangeRequest:
    """A change of the family, or of its member at `place`; what holds needs no `after`."""
    with in_territory(acting):
        found = Family.objects.get(pk=family.pk)
        member = Member.objects.filter(family=found).order_by("member_no")[place] if place is not None else None
        if kind in ChangeRequest.HOLDS:
            wanted = FORMS[kind](family=found, members=[]).wanted()
        else:
            wanted = Wanted(after or ({"collector": str(member.pk)} if member else {}), identifier)
        return request_change(
            acting, found, kind, member, wanted, "Menurut keluarga", Proof("Kata keluarga di rumahnya")
        )


def approved(acting, change: ChangeRequest) -> ChangeRequest:
    """By somebody else."""
    with in_territory(acting):
        return approve_change(acting, change, "Sesuai keterangan keluarga")

"""What `gandeng breach` writes: the families concerned as a table, and drafts of the notices."""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from gandeng.files.instruction_csv import guarded
from gandeng.privacy.breach import Concerned, Leak, classes_of

FAMILIES, TO_FAMILY, TO_AGENCY = "keluarga.csv", "surat-keluarga.txt", "surat-lembaga.txt"
_HEADER = (
    "nomor_keluarga", "kode_desa", "pasti", "yang_terkena", "kali", "pertama", "terakhir", "pendamping",
)  # fmt: skip
_JAKARTA = ZoneInfo("Asia/Jakarta")


@dataclass
class Count:
    """Families concerned, how many for certain, how many with nobody to bring the notice, and acts by families."""

    families: int = 0
    certain: int = 0
    without: int = 0
    acts: Counter[str] = field(default_factory=Counter)


@cache
def letters() -> dict[str, Any]:
    """letters.yaml."""
    told: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "letters.yaml").read_text(encoding="utf-8"))
    return told


def write(folder: Path, leak: Leak, rows: Iterable[Concerned]) -> Count:
    """The table, row by row as they come, then the letters."""
    count = Count()
    with (folder / FAMILIES).open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(_HEADER)
        for row in rows:
            count.families += 1
            count.certain += row.certain
            count.without += not row.facilitator
            count.acts.update(row.acts)
            cells = (
                row.family_no, row.village_code, "ya" if row.certain else "mungkin",
                "; ".join(dict.fromkeys(map(_data, row.acts))), row.times, _at(row.first_at), _at(row.last_at),
                row.facilitator,
            )  # fmt: skip
            table.writerow([guarded(cell) for cell in cells])
    facts = {
        "since": _at(leak.since), "until": _at(leak.until), "families": count.families, "certain": count.certain,
        "maybe": count.families - count.certain,
        "data": "\n".join(f"- {words}" for words in dict.fromkeys(_data(act) for act, _ in count.acts.most_common())),
    }  # fmt: skip
    for name, letter in ((TO_FAMILY, "family"), (TO_AGENCY, "agency")):
        lines = [line.format(**facts) for line in letters()[letter]]
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return count


def _data(act: str) -> str:
    """What of a family the act shows, or the columns of the table."""
    seen: dict[str, str] = letters()["seen"]
    if "_" in act and "." not in act:
        return "; ".join(", ".join(names) for names in classes_of(act).values())
    return seen.get(act) or seen.get(act.rpartition(".")[0]) or seen["other"]


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(_JAKARTA):%Y-%m-%d %H:%M} WIB"

"""A list of questions between reading and entering: checked as a whole, shown, kept for a day."""

import json
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from itertools import dropwhile
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from gandeng.engine import connect
from gandeng.files.layouts import QUESTIONS
from gandeng.files.taken import Taken
from gandeng.training.actions.questions import Asked

ROWS_MAX = 1_000
TEXT_MAX = 1_000
OPTION_MAX = 300
UNIT_MAX = 200
LETTERS = "ABCDEF"
_KEPT_SECONDS = 24 * 3600
_MEMORY = "200MB"
_FILE = "questions.json"
_SHOWN = 100


@dataclass(frozen=True)
class Listed:
    """A list that was read and is sound; who sent it may enter it."""

    course: str
    person: str
    called: str
    sha256: str
    questions: tuple[Asked, ...]


def rows_of(taken: Taken, work: Path) -> list[tuple[int, dict[str, str]]]:
    """Rows with the number a spreadsheet gives them."""
    with closing(connect(work / "spill", memory_limit=_MEMORY)) as con:
        names = ", ".join(QUESTIONS.names)
        found = con.execute(
            f"select row + {taken.header_row:d}, {names} from ({taken.select}) t order by row"
        ).fetchall()
    return [
        (row[0], dict(zip(QUESTIONS.names, (str(cell or "").strip() for cell in row[1:]), strict=True)))
        for row in found
    ]


def checked(rows: Sequence[tuple[int, dict[str, str]]], there: Sequence[str]) -> tuple[list[Asked], list[str]]:
    """The questions, and every fault with its row; `there` are texts the bank has already."""
    known = {_folded(text): 0 for text in there}
    asked, faults = [], []
    if len(rows) > ROWS_MAX:
        return [], [_("Paling banyak %(most)s soal sekaligus.") % {"most": ROWS_MAX}]
    for number, row in rows:
        options = [row[f"option_{letter.lower()}"] for letter in LETTERS]
        filled = tuple(dropwhile(lambda text: not text, reversed(options)))[::-1]
        right = LETTERS.index(row["right_option"])
        said = list(_faults(row, filled, right))
        before = known.setdefault(_folded(row["text"]), number)
        if before == 0:
            said.append(_("soal ini sudah ada dalam bank soal."))
        elif before != number:
            said.append(_("soal ini sama dengan baris %(row)s.") % {"row": before})
        faults += [_("Baris %(row)s: %(fault)s") % {"row": number, "fault": one} for one in said]
        asked.append(Asked(row["unit"], row["text"], filled, right, row["explanation"]))
    more = len(faults) - _SHOWN
    return asked, [*faults[:_SHOWN], _("dan %(more)s kesalahan lagi.") % {"more": more}] if more > 0 else faults


def _faults(row: dict[str, str], filled: tuple[str, ...], right: int) -> Iterator[str]:
    if not all(filled):
        yield _("ada pilihan kosong di tengah; isi berurutan dari A.")
    if right >= len(filled) or not filled[right]:
        yield _("jawaban benar %(letter)s tidak ada pilihannya.") % {"letter": LETTERS[right]}
    if len({_folded(one) for one in filled if one}) < len([one for one in filled if one]):
        yield _("dua pilihan sama bunyinya.")
    if len(row["text"]) > TEXT_MAX or len(row["explanation"]) > TEXT_MAX:
        yield _("soal dan penjelasan masing-masing paling panjang %(most)s huruf.") % {"most": TEXT_MAX}
    if any(len(one) > OPTION_MAX for one in filled):
        yield _("pilihan paling panjang %(most)s huruf.") % {"most": OPTION_MAX}
    if len(row["unit"]) > UNIT_MAX:
        yield _("nama unit paling panjang %(most)s huruf.") % {"most": UNIT_MAX}


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _home() -> Path:
    return Path(settings.DATA_DIR) / "question-lists"


def keep(list_id: UUID, listed: Listed) -> None:
    """Until it is entered, or for a day."""
    forget_old()
    folder = _home() / str(list_id)
    folder.mkdir(parents=True, mode=0o700)
    (folder / _FILE).write_text(json.dumps(asdict(listed), ensure_ascii=False), encoding="utf-8")


def kept(list_id: UUID, course: object, person: object) -> Listed | None:
    """The list, for who sent it, at its course; None where it is gone or somebody else's."""
    try:
        told = json.loads((_home() / str(list_id) / _FILE).read_text(encoding="utf-8"))
    except OSError:
        return None
    told["questions"] = tuple(Asked(**{**one, "options": tuple(one["options"])}) for one in told["questions"])
    found = Listed(**told)
    return found if (found.course, found.person) == (str(course), str(person)) else None


def forget(list_id: UUID) -> None:
    """It was entered, or is not wanted."""
    shutil.rmtree(_home() / str(list_id), ignore_errors=True)


def forget_old() -> None:
    """Nobody came back for them."""
    for folder in _home().iterdir() if _home().is_dir() else ():
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > _KEPT_SECONDS:
                shutil.rmtree(folder)

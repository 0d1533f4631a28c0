"""A list of questions between reading and entering: checked as a whole, shown, kept for a day."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import dropwhile
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext as _

from gandeng.files import taken_rows
from gandeng.files.layouts import QUESTIONS
from gandeng.files.taken import Taken
from gandeng.jobs.day_shelf import DayShelf
from gandeng.training.actions.questions import Asked
from gandeng.web.refusals import first_of

ROWS_MAX = 1_000
TEXT_MAX = 1_000
OPTION_MAX = 300
UNIT_MAX = 200
LETTERS = "ABCDEF"
_SHELF = DayShelf("question-lists", "questions.json")


@dataclass(frozen=True)
class Listed:
    """A list that was read and is sound; who sent it may enter it."""

    course: str
    person: str
    called: str
    sha256: str
    questions: tuple[Asked, ...]


def rows_of(taken: Taken, work: Path) -> list[tuple[int, dict[str, str]]]:
    """Rows with the number a spreadsheet gives them, as text."""
    return [
        (number, {name: str(cell or "").strip() for name, cell in row.items()})
        for number, row in taken_rows.rows_of(taken, QUESTIONS, work)
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
    return asked, first_of(faults)


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


def keep(list_id: UUID, listed: Listed) -> None:
    """Until it is entered, or for a day."""
    _SHELF.put(list_id, asdict(listed))


def kept(list_id: UUID, course: object, person: object) -> Listed | None:
    """The list, for who sent it, at its course; None where it is gone or somebody else's."""
    told = _SHELF.get(list_id)
    if told is None:
        return None
    told["questions"] = tuple(Asked(**{**one, "options": tuple(one["options"])}) for one in told["questions"])
    found = Listed(**told)
    return found if (found.course, found.person) == (str(course), str(person)) else None


def forget(list_id: UUID) -> None:
    """It was entered, or is not wanted."""
    _SHELF.drop(list_id)

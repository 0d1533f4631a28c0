"""A school's file between reading and recording: whose rows they are, what is new, kept for a day for who sent it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from gandeng.audit.sealing import blind
from gandeng.commitments.education_file import Line, Told
from gandeng.commitments.judging import duties, judged
from gandeng.commitments.models import Enrolment, Facility, Obligation, Verdict
from gandeng.commitments.queries import Quarter, recorded_now
from gandeng.commitments.unplaced_queries import unplaced
from gandeng.core.commitment import Judged, Month
from gandeng.core.region_code import DISTRICT_DIGITS
from gandeng.jobs.day_shelf import DayShelf
from gandeng.policy.commitment_rules import commitment_rules
from gandeng.registry.models import Member

ROWS_MAX = 2_000
_SHELF = DayShelf("education-lists", "list.json")
_NIK = re.compile(r"[0-9]{16}")
_LAST = 4
_MASKED = re.compile(r"[•*xX.\s]*([0-9]{4})")


@dataclass(frozen=True)
class Listed:
    """A file that was read and is sound, by ids alone: no name and no number of anybody stands in it."""

    person: str
    facility: str
    quarter: str
    called: str
    sha256: str
    members: tuple[tuple[str, tuple[Month, ...]], ...]
    unmatched: tuple[tuple[int, str], ...]
    """Row and why."""
    differs: tuple[tuple[int, str], ...]
    offered: tuple[tuple[str, tuple[Month, ...]], ...] = ()
    """Pupils of one's territory that fit a row and are enrolled nowhere: to be enrolled at that school, if wanted."""


@dataclass(frozen=True)
class Change:
    """One pupil: what would be recorded, what is, and what the verdict was and becomes."""

    member: Member
    months: tuple[Month, ...]
    state: str
    """NEW, CHANGED or SAME."""
    before: Verdict | None
    after: Judged


@dataclass(frozen=True)
class Matched:
    """Pupils with their lines; those to offer a place; rows of nobody, each with the reason; and faults."""

    found: list[tuple[Member, Line]]
    offered: list[tuple[Member, Line]]
    unmatched: list[tuple[int, str]]
    faults: list[str]


def matched(told: Told, facility: Facility, expected: Sequence[Enrolment]) -> Matched:
    """Each line with its pupil of one's territory, or the reason why it has none."""
    pupils = [each.member for each in expected if each.obligation == Obligation.EDUCATION]
    free = _nowhere(told, facility)
    found: dict[UUID, Line] = {}
    members: list[tuple[Member, Line]] = []
    offered: list[tuple[Member, Line]] = []
    unmatched, faults = [], []
    for line in told.lines:
        if not (_NIK.fullmatch(line.nik) or _MASKED.fullmatch(line.nik)):
            words = _("Baris %(row)s: NIK siswa harus 16 angka, atau empat angka terakhirnya.")
            faults.append(words % {"row": line.row})
            continue
        here = _fitting(line, pupils)
        fitting = here or _fitting(line, free)
        if len(fitting) != 1:
            several = _("lebih dari satu siswa bernama dan berangka akhir NIK sama; catat yang ini lewat lembarnya.")
            none = _("tidak terdaftar di %(school)s dalam wilayah tugas Anda.") % {"school": facility.name}
            unmatched.append((line.row, several if fitting else none))
        elif (before := found.setdefault(fitting[0].pk, line)) is not line:
            words = _("Baris %(row)s: siswa ini sama dengan baris %(first)s.")
            faults.append(words % {"row": line.row, "first": before.row})
        else:
            (members if here else offered).append((fitting[0], line))
    return Matched(members, offered, unmatched, faults)


def _nowhere(told: Told, facility: Facility) -> list[Member]:
    """Pupils of the school's district with one of those last digits who are enrolled nowhere, in one query."""
    last4 = {line.nik[-_LAST:] for line in told.lines}
    district = facility.region_code[:DISTRICT_DIGITS]
    return list(unplaced(told.quarter, district, Obligation.EDUCATION).filter(nik_last4__in=last4))


def _fitting(line: Line, pupils: Iterable[Member]) -> list[Member]:
    """By the blind index of a whole NIK; by the last four digits and the name where the file masks it."""
    if _NIK.fullmatch(line.nik):
        index = blind("nik", line.nik)
        return [each for each in pupils if each.nik_index is not None and bytes(each.nik_index) == index]
    last4 = line.nik[-4:]
    return [each for each in pupils if each.nik_last4 == last4 and _name(each.name) == _name(line.name)]


def _name(text: str) -> str:
    return re.sub(r"[\W_]+", " ", re.sub(r"['`´‘’]", "", text.upper())).strip()


def changes(listed: Listed, members: dict[str, Member]) -> list[Change]:
    """What recording it would do, pupil by pupil."""
    year, number = (int(part) for part in listed.quarter.split("-"))
    quarter = Quarter(year, number)
    rules = commitment_rules(year, number)
    now = recorded_now([member.pk for member in members.values()], quarter, Obligation.EDUCATION)
    held = duties(members.values(), quarter)
    made = []
    for key, months in listed.members:
        if not months or key not in members:
            continue
        before, rows = now.get(UUID(key), (None, ()))
        state = "NEW" if before is None else "SAME" if tuple(rows) == months else "CHANGED"
        bound = (members[key].pk, Obligation.EDUCATION) in held
        after = judged(members[key], Obligation.EDUCATION, months, rules, quarter, has_duty=bound)
        made.append(Change(members[key], months, state, before, after))
    return made


def keep(list_id: UUID, listed: Listed) -> None:
    """Until it is recorded, or for a day; in place of what was kept under that id."""
    _SHELF.drop(list_id)
    _SHELF.put(list_id, asdict(listed))


def kept(list_id: UUID, person: object) -> Listed | None:
    """The list, for who sent it; None where it is gone or somebody else's."""
    told = _SHELF.get(list_id)
    if told is None:
        return None
    for name in ("members", "offered"):
        told[name] = tuple((key, tuple(Month(**one) for one in months)) for key, months in told.get(name, ()))
    for name in ("unmatched", "differs"):
        told[name] = tuple((row, words) for row, words in told[name])
    found = Listed(**told)
    return found if found.person == str(person) else None


def forget(list_id: UUID) -> None:
    """It was recorded, or is not wanted."""
    _SHELF.drop(list_id)

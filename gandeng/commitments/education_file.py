"""The ministry's education form as CSV: a school and a quarter to a file, one row per pupil.

Above the header stand school, NPSN, months and effective days; per month ALPA, IZIN, SAKIT, JML and %.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext as _

from gandeng.commitments.models import Enrolment, Facility
from gandeng.commitments.queries import Quarter
from gandeng.core.commitment import MONTHS, Month
from gandeng.documents.masking import last_four
from gandeng.documents.numerals import month_name
from gandeng.exports.tables import table_bytes
from gandeng.files.layouts import EDUCATION
from gandeng.files.taken import Taken
from gandeng.files.taken_rows import rows_of
from gandeng.words import speaking

TITLE = "FORMULIR VERIFIKASI KOMITMEN PENDIDIKAN"
SCHOOL, NPSN, MONTH_NAMES, DAYS = "NAMA SEKOLAH", "NPSN", "BULAN", "HARI EFEKTIF"
_PERSON = tuple(field.aliases[0] for field in EDUCATION.fields[:8])
_LAST = tuple(field.aliases[0] for field in EDUCATION.fields[-2:])
HEADER = (*_PERSON, *("ALPA", "IZIN", "SAKIT", "JML", "%") * MONTHS, *_LAST)
_DAYS_MAX = 31
_HUNDRED = 100
_PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))?\s*%?")
_WHOLE = re.compile(r"\d{1,2}")


class Unreadable(ValueError):
    """The file says no school or no quarter; the message says what is missing."""


@dataclass(frozen=True)
class Line:
    """One pupil as the file has it; a month is there where an absence was written, be it 0."""

    row: int
    nik: str
    name: str
    months: tuple[Month, ...]
    differs: tuple[str, ...]
    """JML and % that our own computing does not come to, in words."""


@dataclass(frozen=True)
class Told:
    """What a file says of a school's quarter; `faults` are all there are, with their rows."""

    npsn: str
    quarter: Quarter
    lines: tuple[Line, ...]
    faults: tuple[str, ...]


def attended(month: Month) -> int:
    """JML: effective days less all absences."""
    return month.days - month.absent - month.leave - month.sick


def percent(month: Month) -> str:
    """JML of the effective days as the form writes it: `85` or `85,71`."""
    if not month.days:
        return ""
    share = Fraction(_HUNDRED * attended(month), month.days)
    return str(share) if share.denominator == 1 else f"{float(share):.2f}".replace(".", ",")


def write(
    facility: Facility, quarter: Quarter, expected: Sequence[Enrolment],
    recorded: Mapping[UUID, Sequence[Month]], facilitators: Mapping[UUID, str],
) -> bytes:  # fmt: skip
    """One school's file. NIKs show their last four digits: no list of ours takes full ones away.

    Effective days are of the school: those of most pupils; who has others is filled in by them all the same.
    """
    days = [_most(month.days for rows in recorded.values() for month in rows if month.number == number)
            for number in range(1, MONTHS + 1)]  # fmt: skip
    with speaking("id"):
        months = [f"{month_name(first.month)} {first.year}" for first in quarter.months()]
    rows = [
        pupil_line(number, each, recorded.get(each.member_id, ()), facilitators.get(each.member.family_id, ""))
        for number, each in enumerate(expected, start=1)
    ]
    above = [[SCHOOL, facility.name], [NPSN, facility.code], [MONTH_NAMES, *months], [DAYS, *days], []]
    return table_bytes([TITLE], [*above, HEADER, *rows])


def pupil_line(number: int, pupil: Enrolment, months: Sequence[Month], facilitator: str) -> list[str]:
    """One row of the form, in the order of `HEADER`."""
    member = pupil.member
    collector = member.family.collector
    return [
        str(number), _masked(collector.nik_last4 if collector else ""), collector.name if collector else "",
        _masked(member.nik_last4), "", member.name, member.school_level, "", *_cells(months), "", facilitator,
    ]  # fmt: skip


def read(taken: Taken, work: Path) -> Told:
    """What an accepted file says. Raises Unreadable."""
    above = _above(taken)
    quarter = _quarter(above.get(MONTH_NAMES.casefold(), []))
    npsn = next(iter(above.get(NPSN.casefold(), [])), "")
    if not npsn:
        raise Unreadable(_("Baris NPSN di atas judul kolom tidak ada atau kosong."))
    days = _days(above.get(DAYS.casefold(), []))
    lines, faults = [], []
    for number, cells in rows_of(taken, EDUCATION, work):
        line, wrong = _line(number, cells, days)
        lines.append(line)
        faults += [_("Baris %(row)s: %(fault)s") % {"row": number, "fault": one} for one in wrong]
    return Told(npsn, quarter, tuple(lines), tuple(faults))


def _most(days: Iterable[int]) -> str:
    counted = Counter(days)
    return str(max(counted, key=lambda one: (counted[one], one))) if counted else ""


def _masked(last4: str) -> str:
    return last_four(last4.rjust(5, "0")) if last4 else ""


def _cells(months: Sequence[Month]) -> list[str]:
    by_number = {each.number: each for each in months if each.service}
    told: list[str] = []
    for number in range(1, MONTHS + 1):
        month = by_number.get(number)
        told += ["", "", "", "", ""] if month is None else [
            str(month.absent), str(month.leave), str(month.sick), str(attended(month)), percent(month)
        ]  # fmt: skip
    return told


def _above(taken: Taken) -> dict[str, list[str]]:
    """First cell of each line above the header, without its colon, and the cells after it."""
    found: dict[str, list[str]] = {}
    for line in taken.above:
        title, colon, rest = (line[0] if line else "").partition(":")
        cells = ([rest.strip()] if colon and rest.strip() else []) + [cell.lstrip(": ") for cell in line[1:]]
        found[" ".join(title.split()).casefold()] = cells
    return found


def _quarter(cells: Sequence[str]) -> Quarter:
    """Of `Juli 2026`, `Agustus 2026`, `September 2026`; the year may stand once, at the last. Raises Unreadable."""
    with speaking("id"):
        names = {month_name(month).casefold(): month for month in range(1, 13)}
    words = " ".join(cells).casefold().split()
    months = [names[one] for one in words if one in names]
    years = [one for one in words if re.fullmatch(r"20\d\d", one)]
    first = months[0] if months else 0
    whole = months == [first, first + 1, first + 2] and first % MONTHS == 1
    if not whole or len(set(years)) != 1:
        raise Unreadable(
            _("Baris BULAN di atas judul kolom harus menyebut tiga bulan satu triwulan dengan tahunnya,"
              " misalnya Juli 2026, Agustus 2026, September 2026.")
        )  # fmt: skip
    return Quarter(int(years[0]), first // MONTHS + 1)


def _days(cells: Sequence[str]) -> list[int | None]:
    """Effective days per month, None where the school wrote none. Raises Unreadable."""
    told = [*cells[:MONTHS], *[""] * (MONTHS - len(cells))]
    if any(cell and not (_WHOLE.fullmatch(cell) and int(cell) <= _DAYS_MAX) for cell in told):
        raise Unreadable(_("Baris HARI EFEKTIF berisi tiga bilangan bulat dari 0 sampai 31."))
    days = [int(cell) if cell else None for cell in told]
    if all(one is None for one in days):
        raise Unreadable(_("Isi baris HARI EFEKTIF di atas judul kolom: satu bilangan untuk tiap bulan."))
    return days


def _line(row: int, cells: Mapping[str, str | int | None], days: Sequence[int | None]) -> tuple[Line, list[str]]:
    months, differs, faults = [], [], []
    for number, effective in enumerate(days, start=1):
        told = [cells[f"{kind}_{number}"] for kind in ("absent", "leave", "sick")]
        if all(one is None for one in told):
            if cells[f"attended_{number}"] is not None:
                faults.append(_("bulan ke-%(month)s berisi JML tanpa ALPA, IZIN, dan SAKIT.") % {"month": number})
            continue
        absent, leave, sick = (int(one or 0) for one in told)
        if effective is None:
            faults.append(_("bulan ke-%(month)s berisi, tetapi hari efektifnya kosong.") % {"month": number})
        elif absent + leave + sick > effective:
            faults.append(_("bulan ke-%(month)s: tidak hadir lebih banyak dari hari efektif.") % {"month": number})
        else:
            month = Month(number, days=effective, absent=absent, leave=leave, sick=sick)
            months.append(month)
            differs += _differs(month, cells[f"attended_{number}"], str(cells[f"percent_{number}"] or ""))
    return Line(row, str(cells["nik"]), str(cells["name"]), tuple(months), tuple(differs)), faults


def _differs(month: Month, counted: str | int | None, share: str) -> list[str]:
    told = []
    if counted is not None and int(counted) != attended(month):
        told.append(
            _("bulan ke-%(month)s: JML berkas %(theirs)s, hitungan kami %(ours)s")
            % {"month": month.number, "theirs": counted, "ours": attended(month)}
        )
    if share and month.days and not _same_share(month, share):
        told.append(
            _("bulan ke-%(month)s: persen berkas %(theirs)s, hitungan kami %(ours)s")
            % {"month": month.number, "theirs": share, "ours": percent(month)}
        )
    return told


def _same_share(month: Month, share: str) -> bool:
    """Rounded up or down to the places it is written with."""
    read_as = _PERCENT.fullmatch(share.strip())
    if read_as is None:
        return False
    whole, places = read_as[1], read_as[2] or ""
    theirs = Fraction(int(whole + places), 10 ** len(places))
    return abs(theirs - Fraction(_HUNDRED * attended(month), month.days)) < Fraction(1, 10 ** len(places))

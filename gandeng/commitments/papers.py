"""Sheets on paper: everybody expected at a facility, page by page, each with the code of its part."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import batched
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.commitments.actions import CommitmentRefused
from gandeng.commitments.actions.common import counted
from gandeng.commitments.codes import code_of
from gandeng.commitments.models import Enrolment, Facility, Obligation
from gandeng.commitments.protocol import asked_of
from gandeng.commitments.queries import ROWS_MAX, Quarter, expected_in
from gandeng.core.commitment import Rules
from gandeng.core.money import format_number
from gandeng.documents.commitment_sheet import ROWS_A_LEAF, Duty, Leaf, Pupil, write_sheets
from gandeng.exports.sources import ROWS_ALONE
from gandeng.policy.commitment_rules import commitment_rules
from gandeng.words import speaking

MEMBERS_MAX = ROWS_ALONE
"""Members one file holds, as many as one person takes away alone; more are printed village by village."""
_DUTIES: dict[str, Duty] = {
    Obligation.EDUCATION: "education", Obligation.HEALTH: "health", Obligation.WELFARE: "welfare"
}  # fmt: skip


@dataclass(frozen=True)
class Own:
    """A facility's own address, to be printed on its sheet, and the last day it opens."""

    address: str
    until: date


def print_sheets(
    acting: Acting, facilities: Sequence[Facility], quarter: Quarter, *, region: str,
    address: Callable[[UUID, str, int], str], own: Own | None = None,
) -> bytes:  # fmt: skip
    """One PDF of those of them somebody is expected at. Raises CommitmentRefused, PermissionDenied."""
    authority = acting.authority(May.RECORD_COMMITMENT, region)
    expected = expected_in(facilities, quarter)
    members = sum(map(len, expected.values()))
    if not members:
        raise CommitmentRefused(_("Belum ada anggota yang terdaftar di sini."))
    if members > MEMBERS_MAX:
        told = {"members": format_number(members), "most": format_number(MEMBERS_MAX)}
        raise CommitmentRefused(
            _(
                "Di sini ada %(members)s anggota; sekali cetak paling banyak %(most)s. Pilih satu desa/kelurahan, atau "
                "buka lembar tiap sekolah atau fasilitas dan pilih Cetak lembar di sana."
            )
            % told
        )
    try:
        counted(acting, "CommitmentSheets", members, region)
    except CommitmentRefused as why:
        words = _("Yang boleh Anda bawa sendiri dalam sehari sudah habis. Cetak besok, atau minta rekan mencetaknya.")
        raise CommitmentRefused(words) from why
    rules = commitment_rules(quarter.year, quarter.number)
    with speaking("id"):
        leaves = [
            leaf for each in facilities if expected[each.pk]
            for leaf in _leaves(each, quarter, expected[each.pk], rules, address, own)
        ]  # fmt: skip
        made = write_sheets(leaves, by=acting.person_name, day=timezone.localdate())
    record(
        acting, "commitment.sheets_printed", object_type="Facility", region=region, authority=authority,
        quarter=quarter.key, facilities=sum(1 for each in facilities if expected[each.pk]), members=members,
    )  # fmt: skip
    return made


def parts_of(expected: Sequence[Enrolment]) -> Iterator[tuple[int, tuple[Enrolment, ...]]]:
    """As the screen has them: part 1 is its first page of members."""
    yield from enumerate(batched(expected, ROWS_MAX), start=1)


def _leaves(
    facility: Facility, quarter: Quarter, expected: Sequence[Enrolment], rules: Rules,
    address: Callable[[UUID, str, int], str], own: Own | None,
) -> Iterable[Leaf]:  # fmt: skip
    first, second, third = quarter.months()
    for part, members in parts_of(expected):
        code = code_of(facility.pk, quarter, part)
        for obligation, duty in _DUTIES.items():
            rows = [each for each in members if each.obligation == obligation]
            for place, some in enumerate(batched(rows, ROWS_A_LEAF)):
                yield Leaf(
                    facility=facility.name, number=facility.code, village=region_name(facility.region_code),
                    quarter=quarter.words, months=(first, second, third), duty=duty,
                    first_row=(part - 1) * ROWS_MAX + place * ROWS_A_LEAF + 1,
                    pupils=[_pupil(each, rules, quarter) for each in some], code=code,
                    address=address(facility.pk, quarter.key, part),
                    confirm=own.address if own else "", confirm_until=own.until if own else None,
                )  # fmt: skip


def _pupil(enrolment: Enrolment, rules: Rules, quarter: Quarter) -> Pupil:
    """No NISN: the registry holds none, so its column is empty for the school to fill."""
    member = enrolment.member
    asked = asked_of(member, rules, quarter) if enrolment.obligation == Obligation.HEALTH else None
    return Pupil(member.nik_last4, "", member.name, member.school_level, member.birth_date, asked)

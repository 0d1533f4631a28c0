"""A letter is printed for a family or taken back; a code is made for it; the family asks with both."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import Machine, record
from gandeng.documents.family_letter import LetterPaper, write_letter
from gandeng.helpdesk import public
from gandeng.helpdesk.actions.cases import CaseRefused
from gandeng.helpdesk.family_words import Stage, stage_of
from gandeng.helpdesk.letter_queries import Standing, standing_of
from gandeng.helpdesk.models import FamilyCode, Letter
from gandeng.registry.models import Family
from gandeng.web.language import indonesian
from gandeng.web.refusals import guarded

_ENDS = 4


@transaction.atomic
def print_letter(acting: Acting, family: Family, home: str) -> bytes:
    """A PDF with a new number, said nowhere else; every earlier paper of the family is void. Raises CaseRefused."""
    standing = _standing(acting, family)
    number = public.new_number(public.OF_LETTER)
    _add(acting, standing, number_digest=public.letter_digest(number), ends=number[-_ENDS:])
    record(
        acting, "helpdesk.letter_printed", family, region=family.village_code, authority=_authority(acting, standing),
        ends=number[-_ENDS:],
    )  # fmt: skip
    with indonesian():  # what leaves the office
        return write_letter(LetterPaper(number, home, _day()))


@transaction.atomic
def void_letter(acting: Acting, family: Family) -> None:
    """The paper was lost or is in other hands: its number opens nothing any more. Raises CaseRefused."""
    standing = _standing(acting, family)
    if standing.letter is None:
        raise CaseRefused(_("Keluarga ini tidak punya surat yang berlaku."))
    _add(acting, standing)
    record(acting, "helpdesk.letter_voided", family, region=family.village_code, authority=_authority(acting, standing))


@dataclass(frozen=True)
class Code:
    """Said once; of the letter whose number ends so."""

    words: str
    ends: str
    minutes: int = public.CODE_MINUTES


@transaction.atomic
def make_code(acting: Acting, family: Family) -> Code:
    """By whoever accompanies the family, for the letter in force; an earlier code is void. Raises CaseRefused."""
    standing = _standing(acting, family)
    if not standing.accompanies:
        raise PermissionDenied(May.ACCOMPANY)
    if standing.letter is None:
        raise CaseRefused(_("Cetak surat keluarga lebih dahulu."))
    code, authority = public.new_code(), acting.authority(May.ACCOMPANY)
    with _refusing():
        FamilyCode.objects.bulk_create([FamilyCode(
            letter=standing.letter, code_digest=public.code_digest(bytes(standing.letter.number_digest or b""), code),
            valid_until=timezone.now() + timedelta(minutes=public.CODE_MINUTES), by_id=acting.person_id,
            authority=authority,
        )])  # fmt: skip
    record(acting, "helpdesk.code_made", family, region=family.village_code, authority=authority)
    return Code(f"{code[:4]} {code[4:]}", standing.letter.ends)


def _standing(acting: Acting, family: Family) -> Standing:
    standing = standing_of(acting, family)
    if not standing.prints:
        raise PermissionDenied(May.ACCOMPANY)
    return standing


def _add(acting: Acting, standing: Standing, **columns: Any) -> None:
    with _refusing():
        Letter.objects.bulk_create([Letter(
            pk=uuid4(), family=standing.family, number=standing.letters + 1, by_id=acting.person_id,
            authority=_authority(acting, standing), **columns,
        )])  # fmt: skip


def _authority(acting: Acting, standing: Standing) -> str:
    if standing.accompanies:
        return acting.authority(May.ACCOMPANY)
    return acting.authority(May.REPORT_FAMILY, standing.family.village_code)


def _refusing() -> Any:
    return guarded(lambda _name: CaseRefused(_("Surat keluarga ini baru saja berubah. Muat ulang halamannya.")))


def _day() -> date:
    return timezone.localdate()


@transaction.atomic
def ask_with(number: bytes, code: bytes) -> list[Stage] | None:
    """What became of the family's money; None for every number and code that do not fit, alike. Uses the code up.

    The log says that the family's money was looked at, and who made the code.
    """
    with connection.cursor() as cursor:
        cursor.execute("select helpdesk_family_asks(%s, %s)", [number, code])
        (found,) = cursor.fetchone() or (None,)
    if found is None:
        return None
    told = json.loads(found)
    record(
        Machine(), "helpdesk.family_asked", object_type="Family", object_id=told["family"], region=told["village"],
        code_made_by=told["made_by"],
    )  # fmt: skip
    return [stage_of(row) for row in told["stages"]]

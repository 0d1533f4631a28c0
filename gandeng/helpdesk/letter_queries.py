"""The letter of a family, and what one may do about it."""

from dataclasses import dataclass

from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.facilitators.models import Accompaniment
from gandeng.facilitators.staff_queries import on_day
from gandeng.helpdesk.models import FamilyCode, Letter
from gandeng.registry.models import Family


@dataclass(frozen=True)
class Standing:
    """What whoever acts is to a family, and its letter in force, if any."""

    family: Family
    letter: Letter | None
    letters: int
    """Letters and their ends so far: the next one names it, so that of two at once one is refused."""
    accompanies: bool
    office: bool

    @property
    def prints(self) -> bool:
        """Prints its letter and takes it back."""
        return self.accompanies or self.office


def standing_of(acting: Acting, family: Family) -> Standing:
    """Whoever accompanies the family today, and the office that may hand it what is held about it."""
    newest = Letter.objects.filter(family=family).select_related("by").order_by("-number").first()
    return Standing(
        family, newest if newest and newest.in_force else None, newest.number if newest else 0,
        accompanies=acting.may(May.ACCOMPANY) and _accompanies(acting, family),
        office=acting.may(May.REPORT_FAMILY, family.village_code),
    )  # fmt: skip


def _accompanies(acting: Acting, family: Family) -> bool:
    rows = Accompaniment.objects.filter(family=family, staff__person_id=acting.person_id)
    return rows.filter(on_day(timezone.localdate())).exists()


def codes_of(letter: Letter | None) -> list[FamilyCode]:
    """The latest codes made for a letter, with their use, newest first."""
    if letter is None:
        return []
    return list(FamilyCode.objects.filter(letter=letter).select_related("by", "use").order_by("-at")[:5])

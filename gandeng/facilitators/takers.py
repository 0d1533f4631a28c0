"""Who could take families of some villages: those already there, then whoever has room and lives nearest."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from gandeng.balancing.travel import kilometres
from gandeng.core.money import format_number
from gandeng.facilitators.load_queries import Caseload, Person, point_of

type Groups = list[tuple[str, list[tuple[str, str]]]]


@dataclass(frozen=True)
class Taker:
    """Somebody with a facilitator's post on the day."""

    person: Person
    there: int
    """Families she has in those villages already."""
    room: bool
    """Below the norm, or below the office's limit where there is no norm."""
    km: float | None
    """From her home to the middle of the villages; None where her home is not recorded."""

    @property
    def words(self) -> str:
        """As a list to choose from names her."""
        told = [_("%(families)s keluarga") % {"families": format_number(self.person.families)}]
        if self.km is not None:
            told.append(_("%(km)s km dari rumah") % {"km": format_number(round(self.km))})
        else:
            told.append(_("rumah belum dicatat"))
        if self.person.away:
            told.append(_("sedang cuti"))
        return f"{self.person.name} ({self.person.staff_no}): {', '.join(told)}"


def takers(found: Caseload, villages: Collection[str], *, but: UUID | None = None) -> list[Taker]:
    """Those with the post in the region, best first. `found` counts by village."""
    middle = _middle(villages)
    chosen = [_taker(found, one, villages, middle) for one in found.people if one.posted and one.staff_id != but]
    return sorted(
        chosen,
        key=lambda one: (
            one.person.away, not one.there, not one.room, one.km is None, one.km or 0, one.person.families,
            one.person.name, one.person.staff_no,
        ),
    )  # fmt: skip


def _taker(found: Caseload, one: Person, villages: Collection[str], middle: tuple[float, float] | None) -> Taker:
    most = found.norm or found.limits.families(one.region)
    home = point_of(one.home) if one.home else None
    return Taker(
        one, sum(one.held.get(code, 0) for code in villages), most is None or one.families < most,
        kilometres(home, middle) if home and middle else None,
    )  # fmt: skip


def _middle(villages: Collection[str]) -> tuple[float, float] | None:
    points = [point for point in map(point_of, villages) if point]
    if not points:
        return None
    return sum(one[0] for one in points) / len(points), sum(one[1] for one in points) / len(points)


def grouped(found: list[Taker]) -> Groups:
    """Under headings, in their order; none that is empty."""
    groups: Groups = [
        (_("Sudah mendampingi di sini"), []),
        (_("Di bawah norma, terdekat dahulu"), []),
        (_("Lainnya, terdekat dahulu"), []),
    ]
    for one in found:
        place = 0 if one.there else 1 if one.room and not one.person.away else 2
        groups[place][1].append((str(one.person.staff_id), one.words))
    return [(heading, people) for heading, people in groups if people]

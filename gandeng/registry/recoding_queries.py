"""Changes of codes one may see, what they would do, and codes that a change is still missing for."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Count, F, Func, Q, QuerySet
from django.http import Http404

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.core.region_code import RegionCode
from gandeng.regions import places
from gandeng.registry.models import CodeChange, Recoding
from gandeng.registry.recoding import families_under, villages_in
from gandeng.web.finding import found_or_404

SEEN_BY = (May.TAKE_LIST, May.APPLY_LIST)


@dataclass(frozen=True)
class Pair:
    """One code that became another, as the page of its change tells it."""

    old: str
    new: str
    whole: bool
    families: int
    """Of those that go along: now, where the change is proposed; then, where it was applied."""
    listed: str
    """What the list of places says the old code became, with dots, where that is another code; else empty."""

    @property
    def old_dotted(self) -> str:
        """As documents write it."""
        return RegionCode(self.old).dotted()

    @property
    def new_dotted(self) -> str:
        """As documents write it."""
        return RegionCode(self.new).dotted()

    @property
    def old_name(self) -> str:
        """The village, and the sub-district it lay in."""
        return _village(self.old)

    @property
    def new_name(self) -> str:
        """The village, and the sub-district it lies in."""
        return _village(self.new)


@dataclass(frozen=True)
class Outdated:
    """A code under which families live and no place stands today; `becomes` is empty where no source tells it.

    Both with dots.
    """

    code: str
    becomes: str
    families: int


def recodings_visible_to(acting: Acting) -> QuerySet[Recoding]:
    """Newest first by id."""
    rows = Recoding.objects.select_related("proposed_by", "applied_by")
    return rows if any(acting.may(may) for may in SEEN_BY) else rows.none()


def waiting_recodings(acting: Acting) -> QuerySet[Recoding]:
    """Proposed by another person, for this one to apply."""
    rows = Recoding.objects.filter(state=Recoding.State.PROPOSED).exclude(proposed_by_id=acting.person_id)
    return rows.filter(region_code__within=acting.where(May.APPLY_LIST))


def access_recoding(acting: Acting, recoding_id: UUID | str) -> Recoding:
    """One change. Raises Http404."""
    found = found_or_404(Recoding.objects.select_related("proposed_by", "applied_by", "ended_by"), recoding_id)
    if not any(acting.may(may) for may in SEEN_BY):
        raise Http404
    return found


def pairs_of(recoding: Recoding) -> list[Pair]:
    """Its codes, with how many families go along."""
    if recoding.state in (Recoding.State.APPLIED, Recoding.State.UNDONE):
        counted = dict(recoding.families.order_by().values_list("old_code").annotate(Count("pk")))
    else:
        counted = families_under([pair["old"] for pair in recoding.pairs])
    return [
        Pair(
            pair["old"], pair["new"], pair["whole"], counted.get(pair["old"], 0) if pair["whole"] else 0,
            _listed(pair["old"], pair["new"]) if pair["whole"] else "",
        )
        for pair in recoding.pairs
    ]  # fmt: skip


def _listed(old: str, new: str) -> str:
    became = _became(old)
    return became if became != RegionCode(new).dotted() else ""


def _village(code: str) -> str:
    return ", ".join(region_name(part) for part in (code, code[:6]))


def outdated(region: str) -> list[Outdated]:
    """Codes of a region, of the territory, that no place has today: proposals are made from them."""
    gone = [code for code in villages_in(region) if places.place(RegionCode(code)) is None]
    counted = families_under(gone)
    return [Outdated(RegionCode(code).dotted(), _became(code), counted.get(code, 0)) for code in gone]


def _became(code: str) -> str:
    """By the list of places, with dots; empty where no source tells it."""
    after = places.successor(code)
    return after.code.dotted() if after else ""


def same_place(one: str, other: str) -> Q:
    """Where two columns name one village, by one code or by a code and what became of it (`registry_same_place`)."""
    asked: Any = Func(F(one), F(other), function="registry_same_place", output_field=BooleanField())
    return Q(**{one: F(other)}) | Q(asked)


def code_today(code: str) -> str:
    """What a village's code became, by changes in force; itself where it goes on."""
    known = {code}
    while found := CodeChange.objects.filter(old_code=code, whole=True, valid_until=None).first():
        code = found.new_code
        if code in known:
            break
        known.add(code)
    return code

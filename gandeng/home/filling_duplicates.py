"""People who stand in the try-out's registry twice: spelt otherwise, with a slip in the date or the NIK."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from itertools import pairwise

from django.db.models import Count
from django.utils.translation import override

from gandeng.accounts.acting import Acting
from gandeng.audit.sealing import blind
from gandeng.duplicates.actions import Said, Verdicts, judge
from gandeng.duplicates.looking import look_at
from gandeng.duplicates.models import Found
from gandeng.home.filling_people import Cast
from gandeng.registry.actions import Proof, Wanted, approve_change, request_change
from gandeng.registry.actions.applying import nik_of
from gandeng.registry.models import Family, Member

_SPELT = (("Muhammad", "Muh."), ("Siti", "St."), ("Nor", "Nur"), ("i", "y"), ("u", "oe"), ("a", "aa"))
_PROOF = Proof("Kartu keluarga dilihat saat kunjungan.")
_SLIPPED = 2
_TWICE = "Anggota baru menurut laporan desa."
_TWO_PEOPLE = "Pendamping mengunjungi keduanya; dua anak yang berbeda."

type Doing = Callable[[Acting], AbstractContextManager[Acting]]


def fill_duplicates(cast: Cast, own: str, doing: Doing) -> None:
    """Children told twice: in their own family, in the village, and in the next district; one of them judged."""
    next_door = next((district for district in sorted(cast.operators) if district != own), own)
    with doing(cast.province_officer):
        children = [*_children(own, 3), *_seldom_called(own)]
        away = [one.family for one in _children(next_door, 1)]
        homes = [one.family if place == 0 else _neighbour(one) for place, one in enumerate(children[:3])] + away
        niks = [_nik_beside(one) for one in children]
    for place, (child, family, nik) in enumerate(zip(children, homes, niks, strict=False)):
        if nik:
            _told_again(cast, child, family, nik, doing, slipped=place == _SLIPPED)
    with doing(cast.province_officer):
        look_at(cast.province_officer, cast.province)
    with doing(cast.operators[own]) as operator:
        weakest = Found.objects.select_related("family", "other").order_by("score")
        if weakest.count() > 1:
            pair = weakest[0]
            judge(operator, pair, Verdicts(dict.fromkeys(range(pair.people), Said.DIFFERENT), _TWO_PEOPLE))


def _children(district: str, many: int) -> list[Member]:
    """Of different families, in the order of their numbers."""
    pupils = Member.objects.filter(
        village_code__startswith=district, school_level="SD", family__status=Family.Status.ACTIVE, deceased_on=None,
        left_on=None,
    ).exclude(nik_index=None).select_related("family")  # fmt: skip
    found: dict[str, Member] = {}
    for child in pupils.order_by("family__family_no", "member_no")[:400]:
        found.setdefault(child.family.family_no, child)
    return list(found.values())[:many]


def _seldom_called(district: str) -> list[Member]:
    """One whose name few people have: found in another district too."""
    children = _children(district, 100)[3:]
    names = Member.objects.filter(name__in=[one.name for one in children]).values_list("name").annotate(n=Count("pk"))
    people = dict(names)
    return sorted(children, key=lambda one: (people[one.name], one.member_no))[:1]


def _neighbour(child: Member) -> Family:
    """Another family of the child's village; its own where it is alone there."""
    rows = Family.objects.filter(village_code=child.village_code, status=Family.Status.ACTIVE)
    return rows.exclude(pk=child.family_id).order_by("family_no").first() or child.family


def _told_again(cast: Cast, child: Member, family: Family, nik: str, doing: Doing, *, slipped: bool) -> None:
    district, born = family.village_code[:4], _ten_days_off(child.birth_date) if slipped else child.birth_date
    told = {"name": _spelt(child.name), "birth_date": born.isoformat(), "sex": child.sex}
    with doing(cast.operators[district]) as who, override("id"):
        change = request_change(who, family, "BIRTH", None, Wanted(told, nik), _TWICE, _PROOF)
    with doing(cast.coordinators[district]) as who, override("id"):
        approve_change(who, change, "")


def _spelt(name: str) -> str:
    """The first that changes it."""
    return next((name.replace(was, becomes, 1) for was, becomes in _SPELT if was in name), name)


def _ten_days_off(born: date) -> date:
    return born.replace(day=born.day + 10 if born.day <= 18 else born.day - 10)


def _nik_beside(child: Member) -> str:
    """The child's NIK with two neighbouring digits of the serial swapped, or with another last digit; nobody's yet."""
    nik = nik_of(child)
    swapped = [
        nik[:left] + nik[right] + nik[left] + nik[right + 1 :]
        for left, right in pairwise(range(12, 16)) if nik[left] != nik[right]
    ]  # fmt: skip
    beside = (*swapped, *(nik[:15] + digit for digit in "3571" if digit != nik[15]))
    return next((each for each in beside if not Member.objects.filter(nik_index=blind("nik", each)).exists()), "")

"""People who look like others, and what a search finds of them."""

from datetime import date, timedelta
from itertools import count

from django.db import transaction

from gandeng.accounts.acting import in_territory
from gandeng.duplicates.actions import Said, Verdicts, judge
from gandeng.duplicates.looking import look_at
from gandeng.duplicates.models import Found
from gandeng.duplicates.queries import access
from gandeng.registry.models import Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family

HERE, NEXT_VILLAGE, NEXT_DISTRICT, FAR = "6371011001", "6371011002", "6372011001", "6471011001"
BORN = date(2015, 8, 3)
REASON = "KK dilihat pendamping pada kunjungan."


def a_child(village=HERE, *, name="Rizki Ananda", birth_date=BORN, sex="M", nik="", **fields):
    """A family whose second member is that child."""
    family = make_family(village, **a_mother())
    return family, add_member(family, name=name, birth_date=birth_date, sex=sex, nik=nik, **fields)


_MOTHERS = count(1)
_SYLLABLES = ("ba", "ku", "ri", "mo", "se", "ta", "wi", "du", "na", "lo")


def a_mother():
    """One who looks like nobody else."""
    number = next(_MOTHERS)
    word = "".join(_SYLLABLES[number * 7919 // 10**place % 10] for place in range(4))
    return {"name": f"{word.title()}{number % 3 * 'ni'} Warga", "birth_date": date(1970, 3, 4) + timedelta(number * 97)}


def add_member(family, **fields):
    from gandeng.registry.tests import factories

    with in_territory(EVERYWHERE):
        place = Member.objects.filter(family=family).count()
        return factories._member(family, int(family.family_no[3:]), place, **fields)


def found_in(acting, region="6371"):
    """Search now, and what is there then, as that person sees it."""
    with in_territory(acting):
        with transaction.atomic():
            look_at(acting, region)
        return list(Found.objects.select_related("family", "other").order_by("-score", "pk"))


def judged(acting, pair, said=Said.DIFFERENT, reason=REASON, *, place=0):
    """One of its pairs judged."""
    with in_territory(acting), transaction.atomic():
        return judge(acting, access(acting, pair.pk), Verdicts({place: said}, reason))[0]


def a_judgement(acting, region="6371"):
    """A pair of two families, judged to be two people."""
    a_child(), a_child(NEXT_VILLAGE)
    return judged(acting, found_in(acting, region)[0])

"""A family on its way out of the programme, one step after another, for tests."""

from datetime import date

from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.graduation import actions
from gandeng.graduation.models import Case
from gandeng.graduation.published import items_of
from gandeng.graduation.signing import drawn
from gandeng.registry.models import Family, Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family

VILLAGE = "6371011001"
WORDS = "Alasan uji yang jelas"
STROKES = "[[[10,10],[40,60],[80,20],[120,90],[160,30]],[[200,100],[240,40],[280,120],[330,50]]]"


def without_component(village=VILLAGE, **more):
    """A woman born 1990, at no school: nobody counts."""
    return make_family(village, **more)


def with_component(village=VILLAGE, **more):
    """She is severely disabled: she counts at any age."""
    return make_family(village, severe_disability=True, **more)


def opened(acting, family, kind="NATURAL"):
    """A case."""
    with in_territory(acting):
        return actions.open_case(acting, Family.objects.get(pk=family.pk), kind, WORDS)


def do(act, acting, case, *args, **how):
    """One act of the package, in the person's territory, on the case as it is now."""
    with in_territory(acting):
        return act(acting, Case.objects.select_related("family").get(pk=case.pk), *args, **how)


def prepared(acting, case):
    """Checklist, visit, and the statement where it is asked for."""
    today = timezone.localdate()
    do(actions.check, acting, case, today, dict.fromkeys(items_of(case.kind), "YES"))
    do(actions.visit, acting, case, today, "FITS", WORDS)
    if case.kind != "NATURAL":
        signed(acting, case)


def signed(acting, case):
    """Her signature, drawn on a screen."""
    with in_territory(EVERYWHERE):
        signer = Member.objects.filter(family=case.family_id).order_by("member_no").first()
    return do(actions.state_own, acting, case, timezone.localdate(), signer, drawn(STROKES), drawn=True, words=WORDS)


def proposed(acting, family, kind="NATURAL"):
    """All that comes before the decision."""
    case = opened(acting, family, kind)
    prepared(acting, case)
    do(actions.propose, acting, case, WORDS)
    return case


def approved(acting, case):
    """Somebody else says yes."""
    return do(actions.decide, acting, case, yes=True, words=WORDS)


def told(acting, case, on_day: date | None = None):
    """The family knows."""
    return do(actions.tell, acting, case, on_day or timezone.localdate(), WORDS)


def graduated(preparing, deciding, family, kind="NATURAL"):
    """To the end."""
    case = proposed(preparing, family, kind)
    approved(deciding, case)
    told(preparing, case)
    do(actions.carry_out, deciding, case)
    return case


def state_of(case):
    """Where it stands."""
    from gandeng.graduation.queries import access_case

    with in_territory(EVERYWHERE):
        return access_case(case.pk).state


def status_of(family):
    """The registry's word."""
    with in_territory(EVERYWHERE):
        return Family.objects.get(pk=family.pk).status

"""A cycle taken step by step, for tests."""

from copy import copy
from datetime import date

from django.utils import timezone
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.payments import actions
from gandeng.payments.models import Cycle, PaymentList
from gandeng.registry.models import Account, Family, Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family

PREGNANT = {"pregnancy_no": 1}
"""A member who brings 500.000 every two months of 2024."""
HELD_DAY = date(2999, 1, 1)


def quiet(step, done=0, total=0):
    """Nobody watches."""


class People:
    """Preparer and approvers of a province."""

    def __init__(self, cast, province="63"):
        self.cast = cast
        self.officer = cast("PROVINCE_OFFICER", province)
        self.province = cast("PROVINCE_HEAD", province)
        self.heads = {}

    def again(self):
        """The same for one test: whom it adds goes with it."""
        same = copy(self)
        same.heads = dict(self.heads)
        return same

    def head(self, district):
        """Approves at that district."""
        if district not in self.heads:
            self.heads[district] = self.cast("DISTRICT_HEAD", district)
        return self.heads[district]


def families(*places):
    """A pregnant collector in each (village, channel)."""
    return [make_family(village, channel=channel, **PREGNANT) for village, channel in places]


def moved(family_id, village):
    """It lives there now, with its members and account."""
    with in_territory(EVERYWHERE), scopes_disabled():
        for model, key in ((Member, "family"), (Account, "family"), (Family, "pk")):
            model.objects.filter(**{key: family_id}).update(village_code=village)


def opened(people, *, year=2024, stage=2, region="63"):
    """An open cycle."""
    with in_territory(people.officer):
        return actions.open_cycle(people.officer, year, stage, None, region)


def listed(people, cycle):
    """Frozen, calculated, with lists."""
    with in_territory(people.officer):
        for step in (actions.freeze, actions.calculate, actions.make_lists):
            step(people.officer, cycle, quiet)
    return Cycle.objects.get(pk=cycle.pk)


def lists_of(cycle):
    """Every list with payments, whoever asks."""
    with in_territory(EVERYWHERE), scopes_disabled():
        return list(
            PaymentList.objects.filter(cycle=cycle, payments__gt=0)
            .select_related("cycle")
            .order_by("district_code", "channel")
        )


def approved(people, cycle):
    """Every list through every level."""
    for each in lists_of(cycle):
        with in_territory(people.officer):
            actions.submit_list(people.officer, each)
        head = people.head(each.district_code)
        with in_territory(head):
            actions.approve_list(head, each, "DISTRICT")
        with in_territory(people.province):
            actions.approve_list(people.province, each, "PROVINCE")
    return Cycle.objects.get(pk=cycle.pk)


def instructed(people, cycle):
    """Ordered at every channel."""
    with in_territory(people.officer):
        actions.instruct(people.officer, cycle, quiet)
    return Cycle.objects.get(pk=cycle.pk)


def today():
    """The national day."""
    return timezone.localdate()

"""kill -9 before and after every statement of a change of codes: all of it, or nothing (docs/threats.md, 37)."""

from itertools import count

from django.db import transaction

from gandeng.accounts.acting import in_territory
from gandeng.jobs.work import KINDS
from gandeng.registry.models import Account, CodeChange, Family, Member, RecodedFamily, Recoding
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.registry.tests.helpers import QUIET
from gandeng.registry.tests.recoded import GONE, NEW, proposed
from tests.simulation.killing import killed


def test_killed_anywhere_it_is_whole_or_not_there_and_is_done_again(own_database):
    from conftest import Cast

    operator, coordinator = Cast()("DISTRICT_OPERATOR", "6371"), Cast()("DISTRICT_COORDINATOR", "6371")
    for _ in range(3):
        make_family(GONE, members=2)
    change = proposed(operator, (GONE, NEW, True))
    for work, more, after in (
        ("registry.recode", {}, (NEW, "APPLIED")),
        ("registry.recode_back", {"reason": "Keputusannya dicabut"}, (GONE, "UNDONE")),
    ):
        moments = _killed_until_through(coordinator, work, {"recoding": str(change.pk)} | more)
        assert moments > 10
        with in_territory(EVERYWHERE):
            assert {row.village_code for table in (Family, Member, Account) for row in table.objects.all()} == {
                after[0]
            }
            assert Recoding.objects.get().state == after[1]


def _killed_until_through(acting, work, arguments):
    def act():
        with in_territory(acting), transaction.atomic():
            KINDS[work](acting, QUIET, arguments)

    before = _everything()
    for at in count():
        if killed(act, at) >= 0 or _everything() != before:  # killed once it was committed, it is done
            return at
    raise AssertionError


def _everything():
    with in_territory(EVERYWHERE):
        return [
            list(table.objects.order_by("pk").values())
            for table in (Family, Member, Account, Recoding, CodeChange, RecodedFamily)
        ]

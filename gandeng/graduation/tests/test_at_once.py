"""Two at once about the same family: one is done, the other finds it done."""

from threading import Barrier, Thread

from django.db import connections

from conftest import Cast
from gandeng.accounts.acting import in_territory
from gandeng.graduation import actions
from gandeng.graduation.actions import GraduationRefused
from gandeng.graduation.models import Case, Step
from gandeng.graduation.tests.factories import (
    WORDS,
    approved,
    do,
    opened,
    proposed,
    status_of,
    told,
    with_component,
    without_component,
)
from gandeng.registry.models import ChangeRequest
from gandeng.registry.tests.factories import EVERYWHERE


def at_once(*acts):
    """What became of each: "done", or the words of a refusal."""
    barrier, told_them = Barrier(len(acts)), []

    def run(act):
        try:
            barrier.wait(20)
            act()
            told_them.append("done")
        except GraduationRefused as why:
            told_them.append(str(why))
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(told_them) == len(acts), "nobody failed otherwise"
    return told_them


def test_two_who_open_at_once_open_one_case(own_database):
    cast = Cast()
    desks = [cast("DISTRICT_OPERATOR", "6371"), cast("SUB_DISTRICT_LEAD", "637101")]
    family = without_component()
    found = at_once(*(lambda one=one: opened(one, family) for one in desks))
    assert found.count("done") == 1
    with in_territory(EVERYWHERE):
        assert Case.objects.count() == 1


def test_two_who_decide_at_once_decide_once(own_database):
    cast = Cast()
    desk, chief, head = _people(cast)
    case = proposed(desk, with_component(), "INDEPENDENT")
    found = at_once(
        lambda: approved(chief, case), lambda: do(actions.decide, head, case, yes=False, words=WORDS)
    )  # fmt: skip
    assert found.count("done") == 1
    with in_territory(EVERYWHERE):
        assert Step.objects.filter(kind__in=("APPROVED", "REFUSED")).count() == 1


def test_a_withdrawal_and_its_carrying_out_do_not_both_hold(own_database):
    cast = Cast()
    desk, chief, _head = _people(cast)
    family = with_component()
    case = proposed(desk, family, "INDEPENDENT")
    approved(chief, case)
    told(desk, case)
    from django.utils import timezone

    today = timezone.localdate()
    found = at_once(
        lambda: do(actions.carry_out, chief, case), lambda: do(actions.withdraw, desk, case, today, WORDS)
    )  # fmt: skip
    assert found.count("done") == 1
    with in_territory(EVERYWHERE):
        state = Step.objects.order_by("-number").first().state
        change = ChangeRequest.objects.get(family=family).state
    assert (state, change, status_of(family)) in (
        ("EFFECTIVE", "APPROVED", "GRADUATED"), ("WITHDRAWN", "WITHDRAWN", "ACTIVE"),
    )  # fmt: skip


def _people(cast):
    return cast("DISTRICT_OPERATOR", "6371"), cast("DISTRICT_COORDINATOR", "6371"), cast("DISTRICT_HEAD", "6371")

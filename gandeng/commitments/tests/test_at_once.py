"""Two at once about the same family: each act finds what the other did, or is refused."""

from threading import Barrier, Thread

from django.db import connections

from conftest import Cast
from gandeng.accounts.acting import in_territory
from gandeng.commitments import actions
from gandeng.commitments.actions import CommitmentRefused
from gandeng.commitments.models import Decision, Recommendation, Sheet, Verdict
from gandeng.commitments.queries import to_decide
from gandeng.commitments.tests.factories import make_facility, make_pupil, months, recorded
from gandeng.registry.tests.factories import EVERYWHERE


def at_once(*acts):
    """What became of each: "done", or the words of a refusal."""
    barrier, told = Barrier(len(acts)), []

    def run(acting, do):
        try:
            with in_territory(acting):
                barrier.wait(20)
                do()
            told.append("done")
        except CommitmentRefused as why:
            told.append(str(why))
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=one) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(told) == len(acts), "nobody failed otherwise"
    return told


def test_two_sheets_about_one_pupil_leave_one_recommendation_of_the_newest(own_database):
    cast = Cast()
    desk, other, pupil = cast("DISTRICT_OPERATOR", "6371"), cast("DISTRICT_OPERATOR", "6371"), make_pupil()
    school = make_facility(desk)
    told = at_once(
        (desk, lambda: recorded(desk, school, {pupil: months(4)})),
        (other, lambda: recorded(other, school, {pupil: months(5)})),
    )
    assert told == ["done", "done"]
    with in_territory(EVERYWHERE):
        assert (Sheet.objects.count(), Verdict.objects.count()) == (2, 2)
        assert to_decide().count() == 1
        assert len(set(Recommendation.objects.values_list("number", flat=True))) == Recommendation.objects.count()


def test_two_who_decide_at_once_decide_once(own_database):
    cast = Cast()
    desk, pupil = cast("DISTRICT_OPERATOR", "6371"), make_pupil()
    chiefs = [cast("DISTRICT_COORDINATOR", "6371"), cast("DISTRICT_HEAD", "6371")]
    recorded(desk, make_facility(desk), {pupil: months(4)})
    with in_territory(EVERYWHERE):
        waiting = list(to_decide())
    told = at_once(
        *((one, lambda one=one: actions.decide(one, waiting, "SUSPEND", "Tidak hadir tanpa kabar")) for one in chiefs)
    )
    assert told.count("done") == 1
    with in_territory(EVERYWHERE):
        assert Decision.objects.count() == 1


def test_a_decision_and_a_sheet_that_changes_it_do_not_both_hold(own_database):
    """Whichever came first: a decision about what no longer stands is refused, or ended by the sheet after it."""
    cast = Cast()
    desk, chief, pupil = cast("DISTRICT_OPERATOR", "6371"), cast("DISTRICT_COORDINATOR", "6371"), make_pupil()
    school = make_facility(desk)
    recorded(desk, school, {pupil: months(4)})
    with in_territory(EVERYWHERE):
        waiting = list(to_decide())
    told = at_once(
        (chief, lambda: actions.decide(chief, waiting, "SUSPEND", "Tidak hadir tanpa kabar")),
        (desk, lambda: recorded(desk, school, {pupil: months(0)})),
    )
    assert "done" in told
    with in_territory(EVERYWHERE):
        newest = Recommendation.objects.filter(family=pupil.family_id).order_by("-number").first()
        assert newest.effect == "NONE"
        assert not Decision.objects.filter(recommendation=newest).exists()
        assert to_decide().count() == 0

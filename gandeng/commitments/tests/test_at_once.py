"""Two at once about the same family: each act finds what the other did, or is refused."""

from threading import Barrier, Thread
from uuid import uuid4

from django.db import connections

from conftest import Cast
from gandeng.accounts.acting import in_territory
from gandeng.commitments import actions
from gandeng.commitments.actions import CommitmentRefused, education, own
from gandeng.commitments.education_lists import Listed, keep
from gandeng.commitments.models import (
    WRONG_MAX,
    Confirmation,
    Decision,
    Enrolment,
    OwnCode,
    OwnLink,
    Recommendation,
    Sheet,
    Verdict,
    WrongCode,
)
from gandeng.commitments.own import opened
from gandeng.commitments.queries import to_decide
from gandeng.commitments.tests.factories import (
    QUARTER,
    SIGNED,
    coded,
    linked,
    make_facility,
    make_pupil,
    mistyped,
    months,
    recorded,
    said,
)
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


def test_a_school_that_answers_twice_at_once_answers_once(own_database):
    cast = Cast()
    desk, pupil = cast("DISTRICT_OPERATOR", "6371"), make_pupil()
    school = make_facility(desk)
    recorded(desk, school, {pupil: months(4)})
    secret, outcomes = linked(desk, school), []
    code = coded(cast("DISTRICT_COORDINATOR", "6371"), secret)
    shown = opened(secret, code).shown

    def answer(differs):
        outcomes.append(own.confirm(secret, code, shown=shown, name="Ibu Guru", office="Guru", differs=differs))

    at_once((EVERYWHERE, lambda: answer({})), (EVERYWHERE, lambda: answer({1: "Alpa 1 hari"})))
    assert sorted(outcomes) == ["CLOSED", "DONE"]
    with in_territory(EVERYWHERE):
        assert Confirmation.objects.count() == 1


def test_two_links_at_once_leave_one_open(own_database):
    cast = Cast()
    desk, other = cast("DISTRICT_OPERATOR", "6371"), cast("DISTRICT_OPERATOR", "6371")
    school = make_facility(desk)
    assert at_once(*((who, lambda who=who: linked(who, school)) for who in (desk, other))) == ["done", "done"]
    with in_territory(EVERYWHERE):
        assert OwnLink.objects.filter(end=None).count() == 1


def test_two_codes_drawn_at_once_leave_one_in_force(own_database):
    cast = Cast()
    desk, others = cast("DISTRICT_OPERATOR", "6371"), [cast("DISTRICT_COORDINATOR", "6371") for _each in range(2)]
    secret, drawn = linked(desk, make_facility(desk)), []
    told = at_once(*((who, lambda who=who: drawn.append(coded(who, secret))) for who in others))
    assert told == ["done", "done"]
    assert sorted(opened(secret, code) is not None for code in drawn) == [False, True]
    with in_territory(EVERYWHERE):
        assert (OwnCode.objects.count(), OwnCode.objects.filter(end=None).count()) == (2, 1)


def test_an_answer_and_a_new_code_do_not_both_hold(own_database):
    """Whichever came first: what was answered keeps its code; drawn anew, the old one answers nothing."""
    cast = Cast()
    desk, chief, pupil = cast("DISTRICT_OPERATOR", "6371"), cast("DISTRICT_COORDINATOR", "6371"), make_pupil()
    school = make_facility(desk)
    recorded(desk, school, {pupil: months(4)})
    secret, outcomes = linked(desk, school), []
    code = coded(chief, secret)
    told = at_once(
        (EVERYWHERE, lambda: outcomes.append(said(secret, code))), (chief, lambda: coded(chief, secret)),
    )  # fmt: skip
    with in_territory(EVERYWHERE):
        drawn, kept = OwnCode.objects.count(), Confirmation.objects.count()
        assert OwnCode.objects.filter(end=None).count() == 1
    assert (drawn, kept, outcomes) in ((1, 1, ["DONE"]), (2, 0, ["CLOSED"]))
    assert told.count("done") == (1 if kept else 2)


def test_wrong_codes_at_once_are_all_counted(own_database):
    cast = Cast()
    desk = cast("DISTRICT_OPERATOR", "6371")
    secret, left = linked(desk, make_facility(desk)), []
    acts = [(EVERYWHERE, lambda: left.append(mistyped(secret).left)) for _each in range(WRONG_MAX + 2)]
    assert at_once(*acts) == ["done"] * (WRONG_MAX + 2)
    assert sorted(left) == [0, 0, 0, 1, 2, 3, 4]
    with in_territory(EVERYWHERE):
        assert WrongCode.objects.count() == WRONG_MAX


def test_one_file_entered_twice_at_once_is_recorded_once(own_database):
    cast = Cast()
    desk, pupil = cast("DISTRICT_OPERATOR", "6371"), make_pupil()
    school = make_facility(desk, code="30301234")
    listed = Listed(
        str(desk.person_id), str(school.pk), QUARTER.key, "isi.csv", "0" * 64, ((str(pupil.pk), tuple(months(4))),), (),
        (),
    )  # fmt: skip
    lists = [uuid4(), uuid4()]
    for each in lists:
        keep(each, listed)
    told = at_once(*((desk, lambda each=each: education.enter(desk, each, SIGNED)) for each in lists))
    assert told.count("done") == 1
    with in_territory(EVERYWHERE):
        assert (Sheet.objects.count(), Verdict.objects.count()) == (1, 1)


def test_two_who_place_one_member_at_once_place_it_once(own_database):
    cast = Cast()
    pupil, mate = make_pupil(), make_pupil()
    desks = [cast("DISTRICT_OPERATOR", "6371"), cast("DISTRICT_OPERATOR", "6371")]
    schools = [make_facility(desk, name=f"SDN {number}") for number, desk in enumerate(desks)]
    both = [pupil.pk, mate.pk]
    told = at_once(
        *(
            (desk, lambda desk=desk, school=school: actions.place_many(desk, both, school, QUARTER, SIGNED.signed_on))
            for desk, school in zip(desks, schools, strict=True)
        )
    )
    assert told.count("done") == 1 and any("Sudah terdaftar" in one for one in told)
    with in_territory(EVERYWHERE):
        assert set(Enrolment.objects.values_list("member", flat=True)) == set(both)
        assert Enrolment.objects.count() == len(both)

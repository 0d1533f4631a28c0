"""Who stays on the sheet of a school or clinic when the duty is over."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.commitments.actions.anew import recommend_anew
from gandeng.commitments.models import Verdict
from gandeng.commitments.queries import to_decide
from gandeng.commitments.suspension_queries import suspended_in
from gandeng.commitments.tests.factories import (
    QUARTER,
    decided,
    make_facility,
    make_pupil,
    months,
    placed,
    recorded,
    told,
)
from gandeng.commitments.unplaced_queries import LACKS, unplaced
from gandeng.registry.models import Family, Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db

DAY = QUARTER.ends
WOMAN, PUPIL, CHILD = date(1990, 5, 17), date(2014, 3, 2), date(2022, 8, 3)


@pytest.mark.parametrize(
    ("obligation", "told", "verdict"),
    [
        ("HEALTH", {"birth_date": CHILD}, "NOT_MET"),
        ("HEALTH", {"birth_date": date(DAY.year - 7, 10, 1)}, "NOT_MET"),
        ("HEALTH", {"birth_date": date(DAY.year - 7, 9, 30)}, "EXCUSED"),
        ("HEALTH", {"birth_date": PUPIL, "school_level": "SD"}, "EXCUSED"),
        ("HEALTH", {"birth_date": WOMAN, "pregnancy_no": 1}, "NOT_MET"),
        ("HEALTH", {"birth_date": WOMAN, "pregnancy_no": None}, "EXCUSED"),
        ("EDUCATION", {"birth_date": PUPIL, "school_level": "SD"}, "NOT_MET"),
        ("EDUCATION", {"birth_date": PUPIL, "school_level": ""}, "EXCUSED"),
        ("EDUCATION", {"birth_date": date(DAY.year - 22, 9, 30), "school_level": "SMA"}, "EXCUSED"),
    ],
)
def test_a_duty_that_is_over_recommends_nothing(cast, obligation, told, verdict):
    """A child that goes to school, a mother after her childbed, a pupil who left: each still stands on the sheet."""
    operator = cast("DISTRICT_OPERATOR", "6371")
    member = make_family(**told).collector
    with in_territory(EVERYWHERE):
        duties = {each.pk: each for each in unplaced(QUARTER)}
        has_one = member.pk in duties and bool(vars(duties[member.pk])[LACKS[obligation]])
    assert has_one == (verdict == "NOT_MET"), "as whoever has no place is found"
    place = make_facility(operator, kind="SCHOOL" if obligation == "EDUCATION" else "POSYANDU")
    placed(operator, member, place, obligation)
    rows = months(9) if obligation == "EDUCATION" else months(days=0)
    recorded(operator, place, {member: rows}, obligation=obligation)
    with in_territory(EVERYWHERE):
        assert Verdict.objects.get(member=member).verdict == verdict
        assert to_decide().count() == int(verdict == "NOT_MET")


def test_a_child_born_late_in_the_quarter_harms_nobody(cast):
    """Visits are one a month: three cannot be had in the last weeks of a quarter."""
    operator = cast("DISTRICT_OPERATOR", "6371")
    child = make_family(birth_date=date(2026, 8, 25)).collector
    place = make_facility(operator, kind="POSYANDU")
    placed(operator, child, place, "HEALTH", since=date(2026, 8, 25))
    told = months(days=0)
    recorded(operator, place, {child: [*told[:2], months(days=0, visits=1)[2]]}, obligation="HEALTH")
    with in_territory(EVERYWHERE):
        made = Verdict.objects.get(member=child)
        assert (made.verdict, made.reached, made.wanted) == ("MET", 1, 1)
        assert not to_decide().exists()


@pytest.mark.parametrize("how", ["deceased_on", "left_on"])
@pytest.mark.parametrize(("on", "blamed"), [(DAY, False), (DAY + timedelta(1), True)])
def test_nobody_is_blamed_for_a_child_that_had_died_or_left(cast, how, on, blamed):
    """The school marked it absent; the registry learns why when the family is told of its suspension already."""
    operator, coordinator = cast("DISTRICT_OPERATOR", "6371"), cast("DISTRICT_COORDINATOR", "6371")
    child = make_pupil()
    recorded(operator, make_facility(operator), {child: months(9)})
    told(operator, decided(coordinator)[0])
    with in_territory(EVERYWHERE):
        Member.objects.filter(pk=child.pk).update(**{how: on})
    assert recommend_anew() == int(not blamed)
    assert recommend_anew() == 0, "once"
    with in_territory(EVERYWHERE):
        until = timezone.localdate() + timedelta(30)
        assert suspended_in(2026, 4, until) == [child.family_id] * blamed


@pytest.mark.parametrize(
    ("obligation", "told", "learned"),
    [
        ("HEALTH", {"birth_date": WOMAN}, {"pregnancy_no": 2}),
        ("EDUCATION", {"birth_date": PUPIL}, {"school_level": "SMP"}),
        ("EDUCATION", {"birth_date": PUPIL, "school_level": "SD"}, {}),
    ],
)
def test_what_the_registry_learned_after_the_quarter_binds_nobody_in_it(cast, obligation, told, learned):
    """On the clinic's sheet since her first child, at a school since years ago: the duty is of the next quarter."""
    operator = cast("DISTRICT_OPERATOR", "6371")
    member = make_family(**told).collector
    place = make_facility(operator, kind="SCHOOL" if obligation == "EDUCATION" else "CLINIC")
    placed(operator, member, place, obligation)
    with in_territory(EVERYWHERE):
        Member.objects.filter(pk=member.pk).update(**learned or {"name": "Nama Lain"})
        member = Member.objects.get(pk=member.pk)
    rows = months(9) if obligation == "EDUCATION" else months(days=0)
    recorded(operator, place, {member: rows}, obligation=obligation)
    with in_territory(EVERYWHERE):
        assert Verdict.objects.get().verdict == ("EXCUSED" if learned else "NOT_MET")
        assert to_decide().exists() != bool(learned)


@pytest.mark.parametrize(
    ("came", "others", "blamed"),
    [
        ({"entered_on": DAY + timedelta(1)}, True, False),
        ({"entered_on": DAY}, True, True),
        ({"entered_on": DAY + timedelta(1)}, False, True),
        ({"status": "ACTIVE"}, True, False),
    ],
)
def test_no_family_is_blamed_for_a_quarter_before_it_was_in_the_programme(cast, came, others, blamed):
    """But for a district's first list, with which every family of it comes into the registry."""
    operator = cast("DISTRICT_OPERATOR", "6371")
    pupil = make_pupil(status="VALIDATED" if "status" in came else "ACTIVE")
    if others:
        make_family()
    with in_territory(EVERYWHERE):
        Family.objects.filter(pk=pupil.family_id).update(**came)
    recorded(operator, make_facility(operator), {pupil: months(9)})
    with in_territory(EVERYWHERE):
        assert Verdict.objects.get().verdict == ("NOT_MET" if blamed else "EXCUSED")
        assert to_decide().exists() == blamed

"""What is written once for facilitators is what would be written for each of them."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.utils import timezone

from gandeng.accounts.acting import Acting, Held, in_territory
from gandeng.accounts.roles import RULES, Role
from gandeng.home import waiting
from gandeng.home.alike import STAND_IN, of_villages_alone

pytestmark = pytest.mark.django_db

VILLAGE = Held(Role.FACILITATOR, "6371011001", "", deputy=False)
OTHERS = [replace(VILLAGE, region_code=code) for code in ("6371011002", "6371021001", "6372011001")]
FACILITATORS = {
    "of one village": (VILLAGE,),
    "of villages of two districts": (VILLAGE, *OTHERS),
    "of a village that has another code now": (replace(VILLAGE, former=("6371991001",)), *OTHERS),
    "standing in, let in again": (replace(VILLAGE, deputy=True, resting=True),),
}


def kinds_of(acting):
    return [kind for kind in waiting._KINDS if kind.whoever or waiting._does(acting, kind)]


@pytest.mark.parametrize("grants", FACILITATORS.values(), ids=FACILITATORS)
def test_it_works(grants):
    acting = Acting(uuid4(), "Uji", grants)
    kinds = kinds_of(acting)
    assert of_villages_alone(acting) and kinds == kinds_of(STAND_IN)
    assert waiting._of_facilitators(timezone.localdate()).keys() == set(kinds), "of every kind"
    with in_territory(acting):
        asked = waiting._questions(acting, kinds)
        for kind in kinds:
            assert asked[kind] == waiting._written(kind, acting), kind.label


def test_two_facilitators_one_after_the_other_are_asked_about_apart():
    for acting in (Acting(uuid4(), "Uji", (VILLAGE,)), Acting(uuid4(), "Uji", tuple(OTHERS))):
        with in_territory(acting):
            told = repr(waiting._questions(acting, kinds_of(acting)))
        assert str(acting.person_id) in told and acting.grants[0].region_code in told
        assert str(STAND_IN.person_id) not in told and STAND_IN.grants[0].region_code not in told


def test_it_refuses_whoever_is_no_facilitator_of_villages_alone():
    somewhere = {None: "", 1: "63", 2: "6371", 3: "637101", 4: "6371011001"}
    others = [role for role in Role if role is not Role.FACILITATOR]
    held = [Held(role, somewhere[level], "", deputy=False) for role in others for level in RULES[role].levels]
    assert not any(of_villages_alone(Acting(uuid4(), "Uji", (one,))) for one in held)
    assert not any(of_villages_alone(Acting(uuid4(), "Uji", (VILLAGE, one))) for one in held)
    assert not of_villages_alone(Acting(uuid4(), "Uji", (VILLAGE, replace(VILLAGE, region_code="637102"))))
    assert not of_villages_alone(Acting(uuid4(), "Uji", ()))


def test_nothing_is_asked_of_the_database_while_it_is_written(django_assert_num_queries):
    """What was read then would be of this morning for the rest of the day."""
    waiting._of_facilitators.cache_clear()
    with django_assert_num_queries(0):
        assert waiting._of_facilitators(timezone.localdate())

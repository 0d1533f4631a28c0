"""What is written once for facilitators is what would be written for each of them."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from gandeng.accounts.acting import Acting, Held, in_territory
from gandeng.accounts.roles import RULES, Role
from gandeng.home import waiting
from gandeng.home.alike import STAND_IN, hers, of_villages_alone
from gandeng.registry.tests.factories import make_family

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
    return [kind for kind in waiting.KINDS if kind.whoever or waiting._does(acting, kind)]


def written_out(sql, values):
    return connection.ops.compose_sql(sql, values)


def of_all():
    _kinds, question = waiting._of_facilitators(timezone.localdate())
    return written_out(question.sql, question.values)


@pytest.mark.parametrize("grants", FACILITATORS.values(), ids=FACILITATORS)
def test_it_works(grants):
    acting = Acting(uuid4(), "Uji", grants)
    own = kinds_of(acting)
    kinds, _question = waiting._of_facilitators(timezone.localdate())
    assert of_villages_alone(acting) and kinds == own == kinds_of(STAND_IN), "of every kind"
    told = of_all()
    for number, value in enumerate(hers(acting), start=1):
        told = told.replace(f"${number}", written_out("%s", [value]))
    with in_territory(acting):
        assert told == written_out(*waiting._together(waiting._written(kind, acting) for kind in own))


def test_nothing_of_the_stand_in_is_left():
    told = of_all()
    assert "$1" in told and "$2" in told and "$3" in told
    assert str(STAND_IN.person_id) not in told and STAND_IN.grants[0].region_code not in told


def test_facilitators_one_after_the_other_are_answered_apart(django_assert_num_queries):
    """On one connection, by one plan: whose villages, and what row security lets through, is asked anew."""
    make_family(VILLAGE.region_code, school_level="SD", birth_date=date(timezone.localdate().year - 10, 1, 1))
    here, elsewhere = (Acting(uuid4(), "Uji", grants) for grants in ((VILLAGE,), tuple(OTHERS)))
    for acting, many in ((here, 1), (elsewhere, 0), (here, 1)):
        with in_territory(acting):
            told = waiting._counted_alike(acting)
            written = {kind: waiting._written(kind, acting) for kind in told}
            assert told == waiting._counted(written)
        assert sum(count for kind, count in told.items() if kind.page == "commitments:unplaced") == many
    with in_territory(elsewhere):
        assert not any(waiting._counted_alike(here).values()), "what she names and may not see"
        with django_assert_num_queries(1):
            waiting._counted_alike(elsewhere)


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
        waiting._of_facilitators(timezone.localdate())

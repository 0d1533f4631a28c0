"""Stages of three provinces one after the other, with families that move, leave, come back and change in between."""

from contextlib import contextmanager

import pytest

from conftest import Cast, copied_database
from gandeng.office.verify import verify
from gandeng.payments.actions import after_freezing
from tests.simulation.conftest import read_and_write_simply
from tests.simulation.effort import LONG, LONG_EXAMPLES, UNHURRIED
from tests.simulation.years import STAGES, Years

SEEDS = range(1, LONG_EXAMPLES + 1) if LONG else (7,)
SHORT_STAGES = 3


@pytest.fixture
def years(server, django_db_setup, django_db_blocker):
    """Years in a database of their own, by their seed; whatever they end in, `verify` finds nothing wrong."""

    @contextmanager
    def of(seed):
        with copied_database(server, django_db_blocker) as name, pytest.MonkeyPatch.context() as patch:
            read_and_write_simply(patch)
            yield Years(seed, Cast(), stages=len(STAGES) if LONG else SHORT_STAGES), patch
            assert not {found.check: found.examples for found in verify(server.get_uri(name)) if found.wrong}

    return of


@UNHURRIED
@pytest.mark.parametrize("seed", SEEDS)
def test_each_family_gets_of_each_stage_what_it_is_due_once(years, seed):
    with years(seed) as (world, _):
        world.run()


def test_the_sums_notice_that_who_came_in_is_forgotten(years):
    with years(SEEDS[0]) as (world, patch):
        patch.setattr(after_freezing, "came_in", lambda _: [])
        with pytest.raises(AssertionError):
            world.run()
        assert any("came in" in line for line in world.log)

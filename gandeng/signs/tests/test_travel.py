"""Distances and journeys as the database has them, against a plain reading of the same."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from math import atan2, cos, radians, sin, sqrt
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gandeng.signs.kinds.travel import EARTH_METRES, KIND, METRES
from gandeng.signs.places import Noted, put_noted

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)
QUICK = settings(
    max_examples=60, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)  # fmt: skip

_lat = st.floats(-11, 6, allow_nan=False).map(lambda degrees: round(degrees, 6))
_lon = st.floats(95, 141, allow_nan=False).map(lambda degrees: round(degrees, 6))


def metres_apart(a, b):
    """By vectors (the formula with atan2), another way than the haversine of the SQL."""
    phi, psi, turn = radians(a[0]), radians(b[0]), radians(b[1] - a[1])
    across = sqrt((cos(psi) * sin(turn)) ** 2 + (cos(phi) * sin(psi) - sin(phi) * cos(psi) * cos(turn)) ** 2)
    return EARTH_METRES * atan2(across, sin(phi) * sin(psi) + cos(phi) * cos(psi) * cos(turn))


@QUICK
@given(a=st.tuples(_lat, _lon), b=st.tuples(_lat, _lon))
def test_distances_are_those_of_another_formula(a, b):
    with connection.cursor() as cursor:
        cursor.execute(
            f"""select {METRES.format(a="", b="was_")} from (select %s::float8 as lat, %s::float8 as lon,
                %s::float8 as was_lat, %s::float8 as was_lon) p""",
            [*a, *b],
        )
        found = cursor.fetchone()[0]
    assert found == pytest.approx(metres_apart(a, b), abs=0.01, rel=1e-6)


@dataclass(frozen=True)
class Step:
    minutes: int
    km_north: float
    metres: int


_steps = st.lists(
    st.builds(Step, st.integers(0, 600), st.floats(0, 60).map(lambda km: round(km, 1)), st.sampled_from([0, 10, 1500])),
    max_size=8, unique_by=lambda step: step.minutes,
)  # fmt: skip


@QUICK
@given(people=st.lists(_steps, max_size=3))
def test_journeys_are_those_of_a_plain_reading(people):
    """Thirteen metres more for each step: none of them is at exactly 100 km/h or 2 km, where the last bit decides."""
    noted = [
        Noted(UUID(int=place * 100 + at + 1), UUID(int=place + 1), "6371011001",
              BEGIN + timedelta(minutes=step.minutes), -3.3 + (step.km_north + at * 0.013) / 111.195, 114.6,
              step.metres)
        for place, steps in enumerate(people) for at, step in enumerate(steps)
    ]  # fmt: skip
    with transaction.atomic():
        put_noted(noted)
        with connection.cursor() as cursor:
            cursor.execute(KIND.sql, dict(KIND.values))
            found = {tuple(row[6]) for row in cursor.fetchall()}
    assert found == _too_fast(noted)


def _too_fast(noted):
    told = set()
    for _person, rows in groupby(
        sorted(noted, key=lambda one: (one.person_id, one.made)), key=lambda one: one.person_id
    ):
        last = None
        for one in rows:
            if last is not None:
                far = metres_apart((last.lat, last.lon), (one.lat, one.lon)) - last.metres - one.metres
                hours = max((one.made - last.made).total_seconds(), 1) / 3600
                if far > 2_000 and far / 1000 / hours > 100:
                    told.add((f"entry:{last.entry_id}", f"entry:{one.entry_id}"))
            last = one
    return told


def test_minute_numbers_and_one_second_are_judged():
    """A made-up position next to the equator stops nobody's look."""
    people, places = (8, 8, 9, 9), (1e-226, 0.0, -3.3, -3.2)
    put_noted([
        Noted(UUID(int=at + 1), UUID(int=person), "6371011001", BEGIN, lat, 114.6, 0)
        for at, (person, lat) in enumerate(zip(people, places, strict=True))
    ])  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(KIND.sql, dict(KIND.values))
        assert [row[0] for row in cursor.fetchall()] == [UUID(int=9)]

"""An office that had links before codes were asked for: none opens without one, and old answers say there was none."""

from datetime import timedelta
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from conftest import Cast, use_database
from gandeng.accounts.acting import in_territory
from gandeng.commitments.models import OwnLink
from gandeng.commitments.own import digest_of, is_open, opened
from gandeng.commitments.own_queries import confirmations, to_draw
from gandeng.commitments.tests.factories import QUARTER, coded, make_facility, make_pupil, months, recorded
from gandeng.office import database

BEFORE = "0006_held_own_links"


def made_before(operator, facility, secret):
    """As the earlier release wrote a link."""
    link = OwnLink(
        facility=facility, region_code=facility.region_code, year=QUARTER.year, quarter=QUARTER.number,
        secret_digest=digest_of(secret), expires_at=timezone.now() + timedelta(days=30), by_id=operator.person_id,
        authority="uji",
    )  # fmt: skip
    with in_territory(operator):
        link.save(force_insert=True)
    return link


def answered_before(server, name, link):
    """As the door of the earlier release did, by the owner of the tables."""
    use_database(server, name, database.OWNER)
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into commitments_confirmation (id, link_id, facility_id, region_code, year, quarter, shown_digest,
                members, agrees, name, office, at)
                values (%s, %s, %s, %s, %s, %s, '', 1, true, 'Guru', 'Wakil', now())""",
            [uuid4(), link.pk, link.facility_id, link.region_code, link.year, link.quarter],
        )
    use_database(server, name, database.APP)


def test_links_that_are_out_wait_for_a_code_and_answers_stay(server, own_database, migrating):
    cast = Cast()
    operator, chief = cast("DISTRICT_OPERATOR", "6371"), cast("DISTRICT_COORDINATOR", "6371")
    school = make_facility(operator)
    recorded(operator, school, {make_pupil(): months(4)})
    migrating("commitments", BEFORE)
    answered_before(server, own_database, made_before(operator, school, "a" * 43))
    made_before(operator, school, "b" * 43)
    migrating("commitments")
    assert is_open("b" * 43) and not is_open("a" * 43)
    assert opened("b" * 43, "") is None
    with in_territory(chief):
        assert to_draw(chief).count() == 1
        (kept,) = confirmations(school, QUARTER)
    assert (kept.made_by, kept.drawn_by) == (operator.person_name, None)
    assert opened("b" * 43, coded(chief, "b" * 43)).facility == school.name

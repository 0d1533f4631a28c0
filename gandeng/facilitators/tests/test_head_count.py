"""Heads by year of joining and by state: Lampung of 2018 has 965 and 1,080, which make 2,045."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.facilitators.head_count import head_count, total
from gandeng.facilitators.models import Employment, Staff
from gandeng.facilitators.staff_queries import staff_matching
from gandeng.facilitators.tests.factories import make_staff
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db

_BY_SET = """
with made as (
    insert into accounts_person (id, name) select gen_random_uuid(), 'SDM Lampung ' || n
    from generate_series(1, %(people)s) n returning id),
numbered as (select id, row_number() over (order by id) as n from made),
staff as (
    insert into facilitators_staff (id, staff_no, person_id, region_code, home_code, education, joined_on, left_because)
    select gen_random_uuid(), 'L' || %(joined)s || n, id, '18' || lpad((1 + n %% 13)::text, 2, '0'), '', '',
        %(joined)s, ''
    from numbered returning id, region_code, joined_on),
terms as (
    insert into facilitators_employment (id, staff_id, region_code, kind, job_title, service_no, valid_from)
    select gen_random_uuid(), id, region_code, 'CONTRACT', '', '', joined_on from staff)
insert into facilitators_post (id, staff_id, role, region_code, valid_from, ended_because)
select gen_random_uuid(), id, 'FACILITATOR', region_code, joined_on, '' from staff
"""


@pytest.fixture
def lampung(db):
    """The two intakes of docs/programme.md, made by set."""
    with in_territory(EVERYWHERE), connection.cursor() as cursor:
        for people, joined in ((965, date(2017, 3, 1)), (1_080, date(2018, 4, 1))):
            cursor.execute(_BY_SET, {"people": people, "joined": joined})


def test_it_works(lampung, cast):
    officer, day = cast("PROVINCE_OFFICER", "18"), date(2018, 5, 27)
    with in_territory(officer):
        count = head_count(officer, "18", day)
        assert [(row.year, row.joined, row.working, row.contract) for row in count.intake] == [
            (2017, 965, 965, 965), (2018, 1_080, 1_080, 1_080),
        ]  # fmt: skip
        assert total(count.intake, "joined") == count.working == 2_045
        assert [(row.year, row.at_end) for row in count.years] == [(2017, 965), (2018, 2_045)]
        assert count.roles == [("FACILITATOR", 2_045)] and count.terms == [("CONTRACT", "", 2_045)]
        assert len(count.places) == 13 and sum(number for _, number in count.places) == 2_045
        assert head_count(officer, "18", date(2017, 12, 31)).working == 965


def test_who_left_stays_in_her_intake(lampung, cast):
    officer = cast("PROVINCE_OFFICER", "18")
    with in_territory(officer):
        some = Staff.objects.filter(joined_on__year=2017).order_by("staff_no").values("pk")[:65]
        Staff.objects.filter(pk__in=list(some.values_list("pk", flat=True))).update(
            left_on=date(2018, 2, 1), left_because="RESIGNED"
        )
        count = head_count(officer, "18", date(2018, 5, 27))
        assert [(row.joined, row.working, row.left) for row in count.intake] == [(965, 900, 65), (1_080, 1_080, 0)]
        assert [(row.joined, row.left, row.at_end) for row in count.years] == [(965, 0, 965), (1_080, 65, 1_980)]


def test_every_figure_opens_into_as_many_rows(cast, client_of):
    """The links of the page, followed: what the list counts is what the figure said."""
    officer, today = cast("PROVINCE_OFFICER", "63"), timezone.localdate()
    left = make_staff("6372", joined=date(2023, 1, 1))
    make_staff(role="DISTRICT_COORDINATOR", joined=date(2023, 6, 1), kind="PPPK")
    away, bare = make_staff(), make_staff(home="")
    make_staff(joined=today + timedelta(30))
    with in_territory(EVERYWHERE):
        Staff.objects.filter(pk=left.pk).update(left_on=today, left_because="RETIRED")
        left.posts.update(valid_until=today)
        away.leaves.create(region_code="6371", kind="LONG", valid_from=today, valid_until=today + timedelta(2))
        for rows in (bare.posts, bare.employments):
            rows.update(valid_until=today)
        assert Employment.objects.filter(valid_until=None).count() == 4
    pages = client_of(officer)
    context = pages.get(reverse("facilitators:head_count")).context
    figures = [(getattr(context["count"], name), url) for name, url in context["links"].items()]
    figures += [(number, url) for name in ("roles", "terms", "places") for _, number, url in context[name] if url]
    for rows in (context["intake"], context["years"]):
        figures += [(getattr(row, name), url) for row, links in rows for name, url in links.items()]
    assert len(figures) > 25
    for number, url in figures:
        assert pages.get(url).context["count"] == number, url


def test_the_table_that_leaves_says_what_it_counts(cast, client_of):
    officer = cast("PROVINCE_OFFICER", "63")
    make_staff()
    answer = client_of(officer).post(reverse("facilitators:head_count_export"), {"region": "63", "day": ""})
    rows = [line.split(";") for line in answer.content.decode("utf-8-sig").splitlines()]
    assert rows[0] == ["tabel", "baris", "yang dihitung", "jumlah", "per tanggal"]
    assert ["Ringkasan", "Bertugas", "bergabung dan belum berhenti, termasuk yang cuti", "1"] in [
        row[:4] for row in rows
    ]
    assert all(len(row) == 5 and row[4] for row in rows)


def test_it_counts_nobody_of_elsewhere(stranger, client_of):
    make_staff()
    page = client_of(stranger).get(reverse("facilitators:head_count") + "?region=6371")
    assert page.context["count"].working == 0 and "Belum ada yang dihitung" in page.content.decode()
    with in_territory(stranger):
        assert not staff_matching(stranger, {"status": "ALL"}, timezone.localdate()).exists()

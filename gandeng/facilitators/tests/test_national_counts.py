"""The caseload of a large nation is counted by night, and its pages say so; no other page goes by it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.facilitators import national_counts
from gandeng.facilitators.actions import caseload
from gandeng.facilitators.load_queries import caseload_on
from gandeng.facilitators.models import NationalCount
from gandeng.facilitators.tasks import count_nation
from gandeng.facilitators.tests.factories import make_staff
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db
HERE, FAR = "6371011001", "3171011001"
SAID = "Beban seluruh Indonesia dihitung pada"


@pytest.fixture
def ministry(cast):
    return cast("MINISTRY_OFFICER", "")


@pytest.fixture
def families(coordinator):
    """Three of Siti's in Banjarmasin, one there with nobody, one in Jakarta."""
    siti = make_staff(name="Siti")
    for _ in range(3):
        make_family(HERE)
    with in_territory(coordinator):
        caseload.assign_unaccompanied(coordinator, HERE, siti, day=timezone.localdate(), reason="Uji")
    make_family(HERE)
    make_family(FAR)
    return siti


@pytest.fixture
def large(monkeypatch):
    """A nation from five families on."""
    monkeypatch.setattr(national_counts, "FAMILIES_FROM", 5)


def told(who, region="", day=None, **asked):
    with in_territory(who):
        found = caseload_on(region, day or timezone.localdate(), 2, **asked)
    whole = found.whole()
    parts = {one.code: (one.accompanied, one.without, one.heaviest) for one in found.parts(2)} if not region else {}
    return (whole.accompanied, whole.without, len(whole.people), parts), found.counted_at


def families_read(who):
    """How PostgreSQL reads families while it answers for the nation."""
    with in_territory(who), CaptureQueriesContext(connection) as asked:
        caseload_on("", timezone.localdate(), 2)
    naming = [one["sql"] for one in asked if "registry_family" in one["sql"]]
    with in_territory(who), connection.cursor() as cursor:
        cursor.execute(f"explain (analyze, costs off, timing off) {naming[0]}")
        plan = [line for (line,) in cursor.fetchall() if "on registry_family" in line]
    assert len(naming) == 1 and plan
    return {line[line.rindex("(") + 1 : -1] for line in plan}


def test_it_works(ministry, families, large, client_of):
    live = told(ministry)
    assert "never executed" not in families_read(ministry)
    assert live == ((3, 2, 1, {"31": (0, 1, 0), "63": (3, 1, 3)}), None)
    assert count_nation() == 1
    kept, at = told(ministry)
    assert kept == live[0] and at is not None
    make_family(HERE)
    assert told(ministry) == (kept, at) == told(ministry, length=2), "as of the night"
    assert told(ministry, "63")[0][1] == 2 and told(ministry, "63")[1] is None, "a province counts itself"
    assert families_read(ministry) == {"never executed"}, "no family is read"
    browser = client_of(ministry)
    for address in (reverse("caseload:top"), reverse("reporting:summary")):
        assert SAID in browser.get(address).content.decode()
        assert SAID not in browser.get(reverse("caseload:load", args=["63"])).content.decode()
    assert count_nation() == 1
    assert told(ministry)[0][1] == 3


def test_the_summary_taken_away_says_the_day_of_the_night(ministry, families, large, client_of):
    count_nation()
    with in_territory(EVERYWHERE):
        NationalCount.objects.update(at=timezone.now() - timedelta(hours=30))
    text = client_of(ministry).post(reverse("reporting:export")).content.decode("utf-8-sig")
    days = {row.split(";")[2]: row.split(";")[6] for row in text.splitlines()[1:] if row.startswith(";")}
    counted = timezone.localdate(timezone.now() - timedelta(hours=30)).isoformat()
    assert (days["Keluarga"], days["SDM bertugas"]) == (counted, timezone.localdate().isoformat())


def test_a_small_nation_counts_itself(ministry, families):
    assert count_nation() == 1
    with in_territory(EVERYWHERE):
        assert not NationalCount.objects.exists()
    assert told(ministry)[1] is None


def test_another_day_and_villages_are_counted_when_asked_for(ministry, families, large):
    count_nation()
    today = timezone.localdate()
    assert told(ministry, day=today - timedelta(1))[1] is told(ministry, day=today + timedelta(1))[1] is None
    assert told(ministry, length=10)[1] is None


def test_where_the_worker_stood_still_the_page_says_of_when_it_is(ministry, families, large, client_of):
    count_nation()
    with in_territory(EVERYWHERE):
        NationalCount.objects.update(at="2024-03-01T02:00+07:00")
    assert "1 Maret 2024 02.00" in client_of(ministry).get(reverse("caseload:top")).content.decode()


def test_an_office_of_a_province_counts_nothing_by_night(cast, families, large):
    cast("PROVINCE_OFFICER", "63")
    count_nation()
    with in_territory(EVERYWHERE):
        assert not NationalCount.objects.exists()


def test_a_district_finds_its_own_rows(ministry, families, large, coordinator, cast):
    count_nation()
    with in_territory(coordinator):
        assert set(NationalCount.objects.values_list("district_code", flat=True)) == {"6371"}
    for who in (cast("DISTRICT_OPERATOR", "6372"), cast("CHANNEL_OFFICER", "63", channel="BRI")):
        with in_territory(who):
            assert not NationalCount.objects.exists()

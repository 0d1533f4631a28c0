"""Figures of complaints: counted as a plain reading of the trail would, each opening as many rows; the queue's list."""

import re
from datetime import timedelta
from statistics import median

import pytest
from django.core.exceptions import BadRequest
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.audit.models import AuditEntry
from gandeng.facilitators.tests.factories import few_queries
from gandeng.helpdesk import figures, public, queries
from gandeng.helpdesk.actions import asking
from gandeng.helpdesk.actions import cases as deeds
from gandeng.helpdesk.charts import open_map, states
from gandeng.helpdesk.figures import FIGURES, Period, period_asked
from gandeng.helpdesk.models import Case, CaseEvent
from gandeng.helpdesk.tests.factories import answered, do, filed, found_by, late
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db
WHOLE = {"since": "", "until": "", "region": ""}
PAGE = "/pengaduan/angka/"


@pytest.fixture
def desk(cast):
    return cast("HELPDESK", "6371")


@pytest.fixture
def many(desk, monkeypatch):
    """Open, answered in time, rated, opened again, taken up by hand and by the clock, answered late, merged."""
    made = {name: filed() for name in ("open", "answered", "rated", "reopened", "raised", "merged", "into")}
    for name in ("answered", "rated", "reopened"):
        answered(desk, made[name])
    rates(made["rated"], 4)
    follows(made["reopened"], lambda found, digest: asking.asker_reopens(found, digest, "Belum juga"))
    do(desk, made["raised"], deeds.escalate, "Perlu kabupaten")
    with in_territory(desk):
        one, into = (Case.objects.get(number=made[name].number) for name in ("merged", "into"))
        deeds.merge(desk, one, into)
    late(monkeypatch)
    made["late"] = filed(kind="CARD", region="637101")
    made["slow"] = filed(kind="CARD", region="637101")
    asking.escalate_due()
    answered(desk, made["slow"])
    monkeypatch.undo()
    return made


def follows(made, deed):
    digest = public.pin_digest(made.number, made.pin)
    return deed(asking.follow(made.number, digest), digest)


def rates(made, stars):
    assert follows(made, lambda found, digest: asking.asker_rates(found, digest, stars))


def read_plainly(acting):
    """The same counts, read case by case in Python."""
    told, days = dict.fromkeys(FIGURES, 0), []
    with in_territory(acting):
        for case in Case.objects.filter(merged_into=None):
            events = list(CaseEvent.objects.filter(case=case).order_by("number"))
            open_now = case.state in ("NEW", "ASSIGNED", "IN_PROGRESS", "ESCALATED")
            first = next((each for each in events if each.what == "ANSWERED"), None)
            told["in"] += 1
            told["open"] += open_now
            told["late"] += open_now and case.due_at < timezone.now()
            told["escalated"] += any(each.what == "ESCALATED" for each in events)
            told["reopened"] += case.reopened
            told["rated"] += case.rating is not None
            if first:
                before = [each for each in events if each.number < first.number]
                clock = any(each.what == "ESCALATED" and each.by_id is None for each in before)
                due = [each.due_at for each in before if each.due_at][-1]
                told["answered"] += 1
                told["in_time" if due >= first.at and not clock else "slow"] += 1
                days.append((first.at - case.opened_at).total_seconds() / 86400)
    return told, median(days)


def test_it_works(desk, many, client_of):
    plain, middle = read_plainly(desk)
    with in_territory(desk):
        total = figures.totals(period_asked(WHOLE))
    assert {name: total[name] for name in FIGURES} == plain
    assert plain["slow"] == 1 and plain["in_time"] == 3 and plain["late"] >= 0 and plain["escalated"] == 3
    assert total["median"] == pytest.approx(middle) and total["ninth"] >= total["median"]
    browser = client_of(desk)
    with few_queries():
        page = browser.get(PAGE)
    assert page.status_code == 200 and page.content.decode().count("<table") >= 3


def links_of(page):
    """Every number that leads to its rows."""
    found = re.findall(r'<a[^>]*href="(/pengaduan/\?[^"]+)"[^>]*>([\d.]+)</a>', page)
    return {(address.replace("&amp;", "&"), int(number.replace(".", ""))) for address, number in found}


@pytest.mark.parametrize("region", ["", "6371", "637101"])
def test_each_figure_opens_as_many_rows(desk, many, client_of, region):
    browser = client_of(desk)
    page = browser.get(PAGE, {"region": region}).content.decode()
    links = links_of(page)
    assert len(links) >= 10
    for address, number in links:
        with few_queries():
            rows = browser.get(address)
        assert len(rows.context["rows"]) == number, address
    cards = browser.get(PAGE, {"region": region}).context["cards"]
    assert [len(browser.get(each["url"]).context["rows"]) for each in cards] == [each["value"] for each in cards]


def test_the_parts_add_up_to_the_whole(desk, many):
    period = period_asked(WHOLE)
    with in_territory(desk):
        total = figures.totals(period)
        for rows in (figures.by(period, "kind"), figures.by(period, "level"), figures.by_region(period, 6)):
            for name in FIGURES:
                assert sum(row[name] for row in rows) == total[name]


def test_a_period_has_its_days(desk):
    filed()
    today, day = timezone.localdate(), timedelta(days=1)
    with in_territory(desk):
        counts = [
            figures.totals(Period(since, until))["in"]
            for since, until in ((today, today), (today - 9 * day, today - day), (today + day, today + day))
        ]
    assert counts == [1, 0, 0]
    for wrong in ({"since": "kemarin"}, {"since": "2026-02-01", "until": "2026-01-01"}, {"region": "x"}):
        with pytest.raises(BadRequest):
            period_asked(WHOLE | wrong)


def test_sensitive_cases_count_for_whoever_may_see_them(desk, cast, client_of):
    filed(kind="LEVY")
    filed()
    head, period = cast("DISTRICT_HEAD", "6371"), period_asked(WHOLE)
    for who, number in ((desk, 1), (head, 2), (cast("DISTRICT_HEAD", "6372"), 0)):
        with in_territory(who):
            assert figures.totals(period)["in"] == number
    assert "Pungutan liar" in client_of(head).get(PAGE).content.decode().partition("Menurut jenis")[2]
    assert "Pungutan liar" not in client_of(desk).get(PAGE).content.decode().partition("Menurut jenis")[2]


def test_ratings_are_told_from_five_on(desk, client_of):
    for number in range(figures.RATINGS_MIN):
        made = filed()
        answered(desk, made)
        page = client_of(desk).get(PAGE).content.decode()
        assert "Rata-rata " not in page, number
        rates(made, 4 if number else 5)
    page = client_of(desk).get(PAGE).content.decode()
    assert "Rata-rata 4,2 dari 5, menurut 5 penilaian" in page
    rated = client_of(desk).get(PAGE).context["rated"]["stars"]
    assert [(each["stars"], each["count"]) for each in rated] == [(5, 1), (4, 4), (3, 0), (2, 0), (1, 0)]
    assert len(client_of(desk).get(rated[1]["url"]).context["rows"]) == 4


def test_the_map_shows_open_cases_and_a_table_behind_it(cast, client_of):
    officer = cast("PROVINCE_OFFICER", "63")
    for region in ("6371", "6371", "6372"):
        filed(region=region)
    page = client_of(officer).get(PAGE)
    spec = page.context["map"]
    assert {point["open"] for point in spec["data"]["values"]} == {1, 2}
    assert "Kasus terbuka menurut wilayah" in page.content.decode()
    rows = [{"key": "6371", "name": "A", "open": 3, "late": 1}, {"key": "6372", "name": "B", "open": 4, "late": 1}]
    worst, some = (point["state"] for point in sorted(open_map(rows)["data"]["values"], key=lambda one: one["open"]))
    assert (some, worst) == (states()[1][0], states()[2][0])
    assert open_map(rows[:1]) is None


def test_the_table_leaves_as_csv_and_is_written_down(desk, many, client_of):
    answer = client_of(desk).post(reverse("helpdesk:figures_export"))
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Menurut;Kode;Nama") and any("Kartu hilang" in line for line in lines)
    with in_territory(EVERYWHERE):
        assert AuditEntry.objects.filter(action="helpdesk.figures_exported").count() == 1


def test_the_queue_is_searched_by_number_and_taken_away(desk, many, client_of):
    browser, made = client_of(desk), many["merged"]
    typed = made.number.lower().replace("-", " ")
    with few_queries():
        found = browser.get(reverse("helpdesk:cases"), {"q": typed})
    assert [row["case"].number for row in found.context["rows"]] == [made.number]
    assert "Tidak ada yang cocok" in browser.get(reverse("helpdesk:cases"), {"q": "P-22222-22222"}).content.decode()
    answer = browser.post(reverse("helpdesk:queue_export"))
    text = answer.content.decode("utf-8-sig")
    assert many["open"].number in text and many["answered"].number not in text
    for hidden in ("Siti Uji", "0812", "Uang bulan ini"):
        assert hidden not in text
    with in_territory(EVERYWHERE):
        assert AuditEntry.objects.get(action="helpdesk.queue_exported").facts["rows"] == len(text.splitlines()) - 1


def test_a_long_queue_is_not_taken_away(desk, client_of, monkeypatch):
    from gandeng.helpdesk.views import queue

    monkeypatch.setattr(queue, "ROWS_ALONE", 1)
    filed(), filed()
    answer = client_of(desk).post(reverse("helpdesk:queue_export"), follow=True)
    assert "Persempit daftarnya" in answer.content.decode()


def test_filters_that_fit_nothing_are_refused(desk, client_of):
    for wrong in ({"figure": "x"}, {"figure": "in", "rating": "9"}, {"own": "2"}, {"figure": "in", "since": "x"}):
        assert client_of(desk).get(reverse("helpdesk:cases"), wrong).status_code == 400
    for who in (desk,):
        with in_territory(who):
            assert queries.narrowed_cases(who, dict.fromkeys(queries.FILTERS, "")).count() == 0


def test_a_colleague_of_another_district_opens_nothing(desk, many, cast, client_of):
    other = cast("HELPDESK", "6372")
    assert found_by(other, many["open"]) is None
    assert all(card["value"] == 0 for card in client_of(other).get(PAGE).context["cards"])

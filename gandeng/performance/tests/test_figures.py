"""Figures of work: each is the number of rows its link opens, and nobody types one in."""

import re
from datetime import date
from html import unescape

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from gandeng.accounts.acting import in_territory
from gandeng.facilitators.tests.factories import few_queries
from gandeng.performance import forms, sources
from gandeng.performance.alike import FEWEST, group_of, spread
from gandeng.performance.figures import acts, done
from gandeng.performance.months import Period
from gandeng.performance.people_queries import access_done, staff_in
from gandeng.performance.published import areas
from gandeng.performance.tests.factories import FAKE, ask_changes, days_of, last_month, make_report, make_worker

pytestmark = pytest.mark.django_db
_LINK = re.compile(r'<a href="(/kinerja/catatan/[^"]*)">([0-9.]+)</a>')
_ROWS = re.compile(r"([0-9.]+) catatan; tampil")


def test_it_works_and_every_figure_opens_as_many_rows(cast, client_of):
    month = last_month()
    worker, other = make_worker(cast), make_worker(cast)
    ask_changes(worker, *days_of(month, 5))
    ask_changes(worker, *days_of(month, 2), state="APPROVED")
    ask_changes(worker, *days_of(month, 3), state="REFUSED")
    ask_changes(other, *days_of(month, 4))
    make_report(other, hand_in=True)
    coordinator = client_of(cast("DISTRICT_COORDINATOR", "6371"))
    pages = [(client_of(worker.acting), f"{reverse('performance:own')}?year={month.year}")]
    pages += [(coordinator, f"{reverse('performance:people')}?year={month.year}&month={month.month}")]
    pages += [(coordinator, f"{reverse('performance:person', args=[other.staff.pk])}?year={month.year}")]
    seen = []
    for browser, address in pages:
        with few_queries():
            page = browser.get(address).content.decode()
        for url, number in _LINK.findall(page):
            answer = browser.get(unescape(url))
            assert set(_ROWS.findall(answer.content.decode())) == {number}, url
            assert len(answer.context["rows"]) == int(number)
            seen.append((address, number))
    assert [number for address, number in seen if "/saya/" in address] == ["7", "7"]
    assert "11" in [number for address, number in seen if "month" in address]


def test_the_district_is_the_sum_of_its_staff_and_a_month_of_its_days(cast):
    month = last_month()
    workers = [make_worker(cast) for _ in range(3)]
    for place, worker in enumerate(workers):
        ask_changes(worker, *days_of(month, place + 1))
    coordinator = cast("DISTRICT_COORDINATOR", "6371")
    period = Period(month.year, month.month)
    with in_territory(coordinator):
        everybody = list(staff_in(coordinator, period, {}))
        found = done([one.pk for one in everybody], period)
        for area in areas():
            alone = sum(done([one.pk], period).of(area) for one in everybody)
            whole, rows = acts([one.pk for one in everybody], period, [area])
            assert found.of(area) == alone == sum(found.of(area, staff=one.pk) for one in everybody)
            assert found.of(area) == whole == len(rows)
        assert found.of(5) == 6
        assert done([one.pk for one in everybody], Period(month.year)).of(5, month=month.month) == 6


def test_what_she_did_stays_hers_when_she_no_longer_sees_the_family(cast, client_of):
    month = last_month()
    worker = make_worker(cast)
    ask_changes(worker, month, village="6371021001")
    ask_changes(worker, month, village="6471011001")
    page = client_of(worker.acting).get(
        reverse("performance:acts"), {"staff": worker.staff.pk, "year": month.year, "area": 5}
    )
    assert len(page.context["rows"]) == 2 and {row["url"] for row in page.context["rows"]} == {""}


def test_it_refuses_figures_of_other_districts_and_of_colleagues(cast, client_of):
    worker, colleague = make_worker(cast), make_worker(cast)
    ask_changes(worker, last_month())
    everything = Period(last_month().year)
    for who in (colleague.acting, cast("DISTRICT_COORDINATOR", "6372"), cast("SUB_DISTRICT_LEAD", "637101")):
        assert client_of(who).get(reverse("performance:person", args=[worker.staff.pk])).status_code == 404
        with in_territory(who):
            assert done([worker.staff.pk], everything).of(5) == 0 and acts([worker.staff.pk], everything, [5])[0] == 0
            with pytest.raises(Http404):
                access_done(who, worker.staff.pk)


def test_what_nothing_records_is_unknown_and_another_package_s_source_appears_everywhere(cast, client_of, monkeypatch):
    worker = make_worker(cast)
    browser, coordinator = client_of(worker.acting), client_of(cast("DISTRICT_COORDINATOR", "6371"))
    unknown = [row for row in browser.get(reverse("performance:own")).context["rows"] if not row["known"]]
    assert [row["area"].number for row in unknown] == [9]
    monkeypatch.setattr(sources, "_SOURCES", dict(sources.sources()))
    sources.register_source(FAKE)
    row = browser.get(reverse("performance:own")).context["rows"][1]
    assert row["known"] and row["whole"]["number"] > 10 and row["missing"] is None
    people = coordinator.get(reverse("performance:people")).context
    assert people["totals"][1]["number"] == row["whole"]["number"]
    shown = coordinator.get(people["totals"][1]["url"]).context
    assert shown["whole"] == row["whole"]["number"]
    export = coordinator.post(reverse("performance:export"), {"year": timezone.localdate().year})
    assert f";{row['whole']['number']};" in export.content.decode()


def test_no_form_takes_a_figure_of_work():
    numbers = {
        (name, field)
        for name, form in vars(forms).items() if isinstance(form, type) and hasattr(form, "base_fields")
        for field, how in form.base_fields.items() if isinstance(how, forms.forms.IntegerField)
    }  # fmt: skip
    assert numbers == {("TargetForm", "count")}


def test_a_mangled_address_is_refused(cast, client_of):
    browser = client_of(cast("DISTRICT_COORDINATOR", "6371"))
    for query in (
        {"year": "1900"},
        {"year": "9" * 5_000},
        {"month": "13"},
        {"month": "9" * 5_000},
        {"region": "x"},
        {"role": "x"},
        {"gaji": "1"},
    ):
        assert browser.get(reverse("performance:people"), query).status_code == 400
    assert browser.get(reverse("performance:acts"), {"area": "10"}).status_code == 400
    assert browser.get(reverse("performance:acts"), {"area": "5", "staff": "x"}).status_code == 404


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 500), max_size=40))
def test_a_spread_lies_within_its_figures_and_few_are_not_compared(figures):
    found = spread(figures)
    if len(figures) < FEWEST:
        assert found is None
    else:
        assert min(figures) <= found.low <= found.middle <= found.high <= max(figures)


@given(st.integers(0, 2_000), st.none() | st.floats(0, 500))
def test_everybody_belongs_to_one_group(families, km):
    assert group_of(families, km).words


def test_comparisons_are_among_the_like(cast, client_of):
    workers = [make_worker(cast) for _ in range(5)]
    for place, worker in enumerate(workers):
        ask_changes(worker, *days_of(last_month(), place))
    browser = client_of(cast("DISTRICT_HEAD", "6371"))
    year = {"year": last_month().year}
    with few_queries():
        found = browser.get(reverse("performance:compare"), year).context
    assert [(row["people"], row["spread"].middle) for row in found["rows"]] == [(5, 2)]
    one = browser.get(reverse("performance:compare"), year | {"staff": workers[4].staff.pk}).context
    assert [row["number"] for row in one["rows"] if row["area"].number == 5] == [4]
    few = client_of(cast("DISTRICT_HEAD", "6372"))
    make_worker(cast, "6372")
    assert "terlalu sedikit" in few.get(reverse("performance:compare")).content.decode()


def test_she_sees_herself_beside_the_like_and_of_few_nothing(cast, client_of):
    workers = [make_worker(cast) for _ in range(4)]
    for place, worker in enumerate(workers):
        ask_changes(worker, *days_of(last_month(), place))
    browser, address = client_of(workers[3].acting), reverse("performance:own_compare")
    year = {"year": last_month().year}
    few = browser.get(address, year)
    assert "Terlalu sedikit untuk dibandingkan" in few.content.decode() and "Median" not in few.content.decode()
    fifth = make_worker(cast)
    with few_queries():
        page = browser.get(address, year)
    assert [(r["number"], r["spread"].middle) for r in page.context["rows"] if r["area"].number == 5] == [(3, 1)]
    assert not any(one.staff.staff_no in page.content.decode() for one in (*workers[:3], fifth))
    assert f'href="{address}?year={year["year"]}"' in browser.get(reverse("performance:own"), year).content.decode()
    lead = make_worker(cast, role="SUB_DISTRICT_LEAD", grant="FACILITATOR")
    assert "Bukan pendamping" in client_of(lead.acting).get(address).content.decode()


def test_a_day_belongs_to_its_month_in_jakarta():
    assert Period(2024, 12).until == date(2025, 1, 1) and Period(2024).until == date(2025, 1, 1)

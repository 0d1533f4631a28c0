"""What came of it: by district, by facilitator, row by row; who takes a part is marked, who does not is not."""

import csv
import io

import pytest
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.core.sampling import at_most, marks_from
from gandeng.facilitators.tests.factories import few_queries
from gandeng.monitoring import figures
from gandeng.monitoring.published import assumed
from gandeng.monitoring.published import figures as published
from gandeng.monitoring.tests.factories import (
    CUT,
    DISTRICT,
    HELD,
    NEAR,
    NOTHING,
    PAY_DAY,
    VILLAGE,
    WHOLE,
    World,
    miss,
    say,
)

pytestmark = pytest.mark.django_db


def lines(world, who=None):
    with in_territory(who or world.coordinator):
        return {one.staff_id: one for one in figures.lines(world.cycle, DISTRICT)}


def test_every_figure_opens_its_rows(world, client_of):
    world.draw()
    first, second, third = world.of(VILLAGE)
    say(world.operator, first, CUT)
    say(world.operator, second, HELD)
    for _try in range(3):
        miss(world.operator, third)
    say(world.operator, world.of(NEAR)[0], NOTHING)
    line = lines(world)[first.staff_id]
    assert line.counts == {
        "drawn": 3, "waiting": 0, "reached": 2, "whole": 1, "less": 1, "nothing": 0, "elsewhere": 1, "levied": 1,
        "not_reached": 1, "troubled": 2,
    }  # fmt: skip
    assert line.most == at_most(3, 2, 2, assumed().sure_permille) == 3
    browser = client_of(world.coordinator)
    page = browser.get(reverse("monitoring:stage", args=[world.cycle.pk, DISTRICT]))
    assert page.context["rows"][0]["line"].staff_id == first.staff_id, "what needs to be looked at first"
    for row in page.context["rows"]:
        for one in [*row["counts"], {"url": row["troubled"], "count": row["line"].counts["troubled"]}]:
            assert len(browser.get(one["url"]).context["page"].rows) == one["count"], one
    told = page.content.decode().lower()
    assert "bersalah" not in told and "bukan bukti" in told and "2 dari 2 keluarga yang menjawab" in told


def test_fourteen_of_a_caseload_and_the_mark_over_stages(cast, quick):
    """Small, through the database: one of two facilitators takes a part from four of each stage's fourteen."""
    world = World(cast, many=16)
    _ask(world, bad=4)
    at_once = lines(world)
    cut, honest = _of(world, VILLAGE), _of(world, NEAR)
    assert at_once[cut].counts["drawn"] == 14 and at_once[cut].families == 16
    assert marks_from(14, assumed()) == 3 and at_once[cut].marked and not at_once[honest].marked
    later = World(cast, many=16, stage=3, before=world)
    _ask(later, bad=1)
    found = lines(later)
    assert (found[cut].asked_before, found[cut].troubled_before) == (28, 5), "both stages count"
    assert found[cut].marked and not found[honest].marked and not found[honest].troubled_before


def _ask(world, *, bad):
    world.draw()
    for place, one in enumerate(world.of(VILLAGE)):
        say(world.operator, one, CUT if place < bad else WHOLE)
    for one in world.of(NEAR):
        say(world.operator, one, WHOLE)


def _of(world, village):
    return world.of(village)[0].staff_id


def test_families_nobody_accompanied_mark_nobody(cast, quick, monkeypatch):
    monkeypatch.setattr("gandeng.monitoring.tests.factories.accompany", lambda *_: None)
    world = World(cast, many=4)
    world.draw()
    assert {one.staff_id for one in world.of(VILLAGE)} == {None}
    for one in world.of(VILLAGE):
        say(world.operator, one, CUT)
    line = lines(world)[None]
    assert line.counts["troubled"] == 4 and not line.marked


def test_the_table_as_csv_and_its_entry(world, client_of):
    world.draw()
    say(world.operator, world.of(VILLAGE)[0], CUT)
    sent = client_of(world.coordinator).post(reverse("monitoring:export_stage", args=[world.cycle.pk, DISTRICT]))
    rows = list(csv.DictReader(io.StringIO(sent.content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 2 and rows[0]["ada tanda masalah"] == "1" and rows[0]["ditandai"] == "0"
    assert world.of(VILLAGE)[0].name not in sent.content.decode(), "no family"


@pytest.mark.parametrize(("role", "region"), [
    ("PROVINCE_OFFICER", "63"), ("PROVINCE_HEAD", "63"), ("MINISTRY_OFFICER", ""), ("AUDITOR", "6371"),
    ("DISTRICT_HEAD", "6371"),
])  # fmt: skip
def test_those_above_see_sums_and_what_they_are_of(world, cast, client_of, role, region):
    world.draw()
    say(world.operator, world.of(VILLAGE)[0], CUT)
    browser = client_of(cast(role, region))
    page = browser.get(reverse("monitoring:overview"))
    assert page.context["every"].counts["troubled"] == 1 and page.context["every"].counts["drawn"] == 6
    assert [row["sum"].district for row in page.context["rows"]] == [DISTRICT]
    assert browser.get(page.context["rows"][0]["url"]).status_code == 200


def test_another_district_finds_nothing(world, cast, client_of):
    world.draw()
    browser = client_of(cast("DISTRICT_COORDINATOR", "6372"))
    assert not browser.get(reverse("monitoring:overview")).context["rows"]
    for name in ("stage", "draw"):
        assert browser.get(reverse(f"monitoring:{name}", args=[world.cycle.pk, DISTRICT])).status_code == 404


def test_a_family_s_page_tells_the_office(world, client_of):
    world.draw()
    one = world.of(VILLAGE)[0]
    say(world.operator, one, CUT)
    browser = client_of(world.coordinator)
    assert "Pemantauan pasca-salur" in browser.get(reverse("registry:family", args=[one.family_id])).content.decode()
    part = browser.get(reverse("monitoring:family", args=[one.family_id])).content.decode()
    assert "Ada yang meminta bagian" in part


def test_the_coordinator_draws_and_hands_out_on_pages(world, client_of):
    browser, page = client_of(world.coordinator), reverse("monitoring:draw", args=[world.cycle.pk, DISTRICT])
    assert "Undi sekarang" in browser.get(page).content.decode()
    assert page in browser.get(reverse("monitoring:overview")).content.decode()
    sent = browser.post(page)
    assert sent.status_code == 302
    drawing = browser.get(sent.url)
    assert "Tersegel" in drawing.content.decode()
    stratum = drawing.context["rows"][0]["row"]
    assert browser.post(reverse("monitoring:frame", args=[stratum.pk])).status_code == 404, (
        "not before the seed is told"
    )
    hand = reverse("monitoring:hand", args=[stratum.pk])
    offered = browser.get(hand).context["form"].people
    to = next(iter(offered))
    assert browser.post(hand, {"to": to}).status_code == 302
    assert offered[to].name in browser.get(sent.url).content.decode()
    assert browser.post(hand, {"to": str(world.coordinator.person_id)}).status_code == 422
    assert browser.post(page, {"reason": "", "each": "14"}).status_code == 422
    for one in world.of(VILLAGE) + world.of(NEAR):
        miss(world.operator if one.stratum_id != stratum.pk else _given(world, to), one, "UNWILLING")
    told = browser.get(sent.url)
    assert "Hasilnya sama" in told.content.decode()
    frame = browser.post(reverse("monitoring:frame", args=[stratum.pk])).content.decode("utf-8-sig")
    assert len(frame.splitlines()) == 4 and frame.splitlines()[1].endswith(";1")


def _given(world, key):
    everybody = (world.outsider, world.operator, world.desk)
    return next(one for one in everybody if str(one.person_id) == key)


def test_pages_ask_few_questions(world, client_of):
    made = world.draw()
    say(world.operator, world.of(VILLAGE)[0], CUT)
    browser = client_of(world.coordinator)
    stratum = world.of(VILLAGE)[0].stratum_id
    pages = [
        reverse("monitoring:overview"), reverse("monitoring:stage", args=[world.cycle.pk, DISTRICT]),
        reverse("monitoring:rows"), reverse("monitoring:draw", args=[world.cycle.pk, DISTRICT]),
        reverse("monitoring:drawing", args=[made.pk]), reverse("monitoring:hand", args=[stratum]),
        reverse("monitoring:family", args=[world.of(VILLAGE)[0].family_id]),
    ]  # fmt: skip
    for page in pages:
        browser.get(page)
        with few_queries():
            assert browser.get(page).status_code == 200, page
    assert browser.get(reverse("monitoring:rows"), {"kind": "X"}).status_code == 400
    assert browser.get(reverse("monitoring:rows"), {"staff": "X"}).status_code == 400


def test_every_figure_of_the_office_says_where_it_comes_from():
    assert all(one.value > 0 and one.source.id and one.source.en for one in published().values())
    assert PAY_DAY < "2025"

"""Families are asked by somebody else than their facilitator, and what they said counts as they said it."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.facilitators.tests.factories import few_queries
from gandeng.monitoring import actions, figures, queries
from gandeng.monitoring.models import Answer
from gandeng.monitoring.refused import MonitoringRefused
from gandeng.monitoring.signs import signs
from gandeng.monitoring.tests.factories import (
    CUT,
    DISTRICT,
    HELD,
    NEAR,
    NOTHING,
    VILLAGE,
    WHOLE,
    attempt,
    miss,
    newest,
    say,
)
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(world):
    """A family that waits to be asked."""
    world.draw()
    return world.of(VILLAGE)[0]


def typed(**changed):
    """The form as a browser sends it."""
    told = {
        "answer_id": str(uuid4()), "on_day": timezone.localdate().isoformat(), "how": "VISIT", "reached": "YES",
        "arrived": "YES", "in_hand_rupiah": "Rp450.000", "card": "FAMILY", "pin": "FAMILY", "levy": "YES",
        "drawn_at": "AGENT", "words": "Diminta untuk uang bensin",
    }  # fmt: skip
    return {key: value for key, value in (told | changed).items() if value is not None}


def test_it_works(world, asked, client_of):
    browser, page = client_of(world.operator), reverse("monitoring:ask", args=[asked.pk])
    listed = browser.get(reverse("monitoring:tasks")).content.decode()
    assert asked.name in listed and page in listed
    shown = browser.get(page).content.decode()
    assert asked.name in shown and "600.000" not in shown, "ours is not told before theirs is typed"
    sent = typed(answer_id=str(browser.get(page).context["form"]["answer_id"].value()))
    assert browser.post(page, sent).status_code == 302 and browser.post(page, sent).status_code == 302
    with in_territory(EVERYWHERE):
        assert Answer.objects.filter(drawn=asked).count() == 1, "sent twice is once"
    made = newest(asked)
    assert (made.less, made.levied, made.whole, made.elsewhere, made.nothing) == (True, True, False, False, False)
    assert b"bensin" not in bytes(made.words_sealed)
    told = browser.get(reverse("monitoring:answered", args=[asked.pk])).content.decode()
    assert "Rp600.000" in told and "Rp450.000" in told and "Rp150.000" in told and "uang bensin" in told
    assert asked.name not in browser.get(reverse("monitoring:tasks")).content.decode()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (WHOLE, {"whole"}), (replace(WHOLE, in_hand_rupiah=700_000), {"whole"}), (CUT, {"less", "levied"}),
        (NOTHING, {"nothing"}), (HELD, {"whole", "elsewhere"}), (replace(WHOLE, pin="AGENT"), {"whole", "elsewhere"}),
        (replace(NOTHING, card="OTHER", levy="YES"), {"nothing", "elsewhere", "levied"}),
        (replace(WHOLE, card="NONE", pin="NONE", levy="UNSAID"), {"whole"}),
    ],
)  # fmt: skip
def test_signs_follow_from_the_answers_here_and_in_the_database(world, asked, said, expected):
    found = signs(said, asked.net_rupiah)
    assert {name for name, holds in found.items() if holds} == expected
    made = say(world.operator, asked, said)
    with in_territory(world.operator):
        for name, holds in found.items():
            wrong = Answer.objects.get(pk=made.pk)
            wrong.pk, wrong.number, wrong.corrects_id = uuid4(), 2, made.pk
            setattr(wrong, name, not holds)
            with pytest.raises(Exception, match="signs follow"), transaction.atomic():
                wrong.save(force_insert=True)


def test_nobody_asks_the_families_he_or_she_accompanies(world, asked, client_of):
    own = world.facilitators[VILLAGE]
    page = reverse("monitoring:ask", args=[asked.pk])
    assert client_of(own).get(page).status_code == 404 and client_of(own).post(page, typed()).status_code == 404
    with in_territory(own), pytest.raises(Http404):
        actions.note_answer(own, asked, attempt(), WHOLE, "ATM")
    refusal = pytest.raises(Exception, match=r"row-level security|accompanies")
    with in_territory(EVERYWHERE), connection.cursor() as cursor, refusal, transaction.atomic():
        cursor.execute("select set_config('gandeng.person', %s, true)", [str(own.person_id)])
        Answer.objects.create(
            drawn=asked, stratum_id=asked.stratum_id, family_id=asked.family_id, village_code=asked.village_code,
            number=1, on_day=timezone.localdate(), how="VISIT", reached=False, why_not="ABSENT",
            by_id=own.person_id, authority="",
        )  # fmt: skip


def test_it_refuses_who_does_not_ask(world, asked, cast):
    for other in (world.coordinator, cast("DISTRICT_OPERATOR", "6372"), cast("CHANNEL_OFFICER", "6371", channel="BRI")):
        with in_territory(other), pytest.raises((PermissionDenied, Http404)):
            actions.note_answer(other, asked, attempt(), WHOLE, "ATM")


def test_a_family_not_reached_is_tried_again_three_times(world, asked):
    for tries in range(3):
        with in_territory(world.operator):
            assert queries.tasks(world.operator).filter(pk=asked.pk).exists(), tries
        miss(world.operator, asked, next_on=timezone.localdate() + timedelta(days=2))
    with in_territory(world.operator):
        assert not queries.tasks(world.operator).filter(pk=asked.pk).exists()
    say(world.operator, asked, WHOLE)
    assert newest(asked).number == 4 and newest(asked).corrects_id is None, "it may still answer later"


def test_a_correction_is_no_further_try(world, asked):
    """Twice mended, a visit is still one visit, in the list of whoever asks and in the figures."""
    told = miss(world.operator, asked)
    for why in ("MOVED", "ABSENT"):
        told = miss(world.operator, asked, why, corrects=told.pk)
    with in_territory(world.operator):
        assert queries.tasks(world.operator).get(pk=asked.pk).tries == 1
        (line,) = (one for one in figures.lines(asked.cycle, DISTRICT) if one.staff_id == asked.staff_id)
    assert line.counts["not_reached"] == 0
    for _once_more in range(2):
        miss(world.operator, asked)
    with in_territory(world.operator):
        assert not queries.tasks(world.operator).filter(pk=asked.pk).exists()


def test_a_family_that_does_not_want_to_is_left_alone(world, asked):
    miss(world.operator, asked, "UNWILLING")
    with in_territory(world.operator):
        assert not queries.tasks(world.operator).filter(pk=asked.pk).exists()


def test_an_answer_is_corrected_by_a_new_one_that_names_it(world, asked, client_of):
    first = say(world.operator, asked, CUT)
    with pytest.raises(MonitoringRefused, match="Perbaiki"):
        say(world.desk, asked, WHOLE)
    page = reverse("monitoring:ask", args=[asked.pk])
    form = client_of(world.operator).get(page).context["form"]
    assert str(form["corrects"].value()) == str(first.pk)
    right = typed(corrects=str(first.pk), in_hand_rupiah="600000", levy="NO")
    assert client_of(world.operator).post(page, right).status_code == 302
    made = newest(asked)
    assert made.corrects_id == first.pk and made.whole and not made.levied
    with in_territory(EVERYWHERE):
        assert Answer.objects.get(pk=first.pk).levied, "the former stays"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"in_hand_rupiah": ""}, "in_hand_rupiah"), ({"in_hand_rupiah": "1,5"}, "in_hand_rupiah"),
        ({"in_hand_rupiah": "0"}, "in_hand_rupiah"), ({"arrived": "NO"}, "in_hand_rupiah"), ({"card": None}, "card"),
        ({"levy": None}, "levy"), ({"on_day": "2199-01-01"}, "on_day"),
        ({"words": "kartu 5221 8400 1234 5678"}, "words"),
        ({"reached": "NO", "why_not": "ABSENT"}, "arrived"), ({"why_not": "ABSENT"}, "why_not"),
        ({"reached": None}, "reached"),
        ({"reached": "NO", "arrived": None, "in_hand_rupiah": None, "card": None, "pin": None, "levy": None,
          "drawn_at": None}, "why_not"),
        ({"reached": "NO", "arrived": None, "in_hand_rupiah": None, "card": None, "pin": None, "levy": None,
          "drawn_at": None, "why_not": "OTHER", "words": ""}, "words"),
    ],
)  # fmt: skip
def test_it_refuses_what_does_not_fit(world, asked, client_of, changed, field):
    answer = client_of(world.operator).post(reverse("monitoring:ask", args=[asked.pk]), typed(**changed))
    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert newest(asked) is None
    if "words" not in changed:
        assert "uang bensin" in answer.content.decode(), "what was typed stays"


def test_half_an_answer_is_refused_by_the_database(world, asked):
    made = say(world.operator, asked, WHOLE)
    for wrong in ({"card": ""}, {"in_hand_rupiah": None}, {"why_not": "ABSENT"}, {"in_hand_rupiah": 0}):
        with in_territory(world.operator):
            row = Answer.objects.get(pk=made.pk)
            row.pk, row.number, row.corrects_id = uuid4(), 2, made.pk
            for name, value in wrong.items():
                setattr(row, name, value)
            with pytest.raises(Exception, match=r"monitoring_answer|signs follow"), transaction.atomic():
                row.save(force_insert=True)


def test_of_two_at_once_one_is_refused(world, asked):
    with in_territory(world.operator):
        found = queries.access_task(world.operator, asked.pk)
        actions.note_answer(world.operator, found, attempt(), WHOLE, "ATM")
        with pytest.raises(MonitoringRefused):
            actions.note_answer(world.operator, found, attempt(), CUT, "ATM")


def test_pages_ask_few_questions(world, asked, client_of):
    say(world.operator, world.of(NEAR)[0], CUT)
    browser = client_of(world.operator)
    pages = [reverse("monitoring:tasks"), reverse("monitoring:ask", args=[asked.pk]),
             reverse("monitoring:answered", args=[world.of(NEAR)[0].pk])]  # fmt: skip
    for page in pages:
        browser.get(page)
        with few_queries():
            assert browser.get(page).status_code == 200, page

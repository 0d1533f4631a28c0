"""An answer becomes a complaint by one press, linked both ways; a sensitive one goes past whom it complains of."""

import pytest
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.helpdesk.models import Case
from gandeng.monitoring.actions.opening import kinds_for
from gandeng.monitoring.models import Opened
from gandeng.monitoring.tests.factories import CUT, HELD, NEAR, NOTHING, VILLAGE, WHOLE, newest, say
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(world):
    world.draw()
    return world.of(VILLAGE)[0]


def press(browser, one, kind, answer=None):
    return browser.post(reverse("monitoring:open", args=[one.pk]), {"answer": answer or newest(one).pk, "kind": kind})


def test_money_said_not_to_have_arrived_becomes_a_complaint(world, asked, client_of):
    say(world.operator, asked, NOTHING)
    with in_territory(EVERYWHERE):
        assert not Case.objects.exists(), "never by itself"
    browser = client_of(world.operator)
    sent = press(browser, asked, "NOT_RECEIVED")
    with in_territory(world.operator):
        case = Case.objects.get()
        opened = Opened.objects.get()
    assert sent.url == reverse("helpdesk:case", args=[case.pk]) and opened.case_id == case.pk
    assert case.payment_id == asked.payment_id and case.region_code == VILLAGE and not case.sensitive
    back = browser.get(sent.url).content.decode()
    assert reverse("monitoring:answered", args=[asked.pk]) in back and "Rp600.000" in back
    page = browser.get(reverse("monitoring:answered", args=[asked.pk])).content.decode()
    assert case.number in page and "Buka pengaduan" not in page
    press(browser, asked, "NOT_RECEIVED")
    with in_territory(EVERYWHERE):
        assert Case.objects.count() == 1, "once"


@pytest.mark.parametrize(("said", "kind"), [(CUT, "LEVY"), (HELD, "CARD_HELD")])
def test_a_sensitive_one_is_there_for_heads_alone(world, asked, client_of, cast, said, kind):
    say(world.operator, asked, said)
    browser = client_of(world.operator)
    assert press(browser, asked, kind).url == reverse("monitoring:answered", args=[asked.pk])
    head, own = cast("DISTRICT_HEAD", "6371"), world.facilitators[VILLAGE]
    with in_territory(head):
        case = Case.objects.get()
        assert case.sensitive and case.kind == kind and case.family_id is None, "its family stands in the sealed text"
    shown = client_of(head).get(reverse("helpdesk:case", args=[case.pk])).content.decode()
    assert reverse("monitoring:answered", args=[asked.pk]) in shown and asked.payment_id in shown
    for other in (world.operator, world.desk, world.coordinator, own):
        with in_territory(other):
            assert not Case.objects.exists() and not Opened.objects.exists()
    assert press(browser, asked, kind).status_code == 302
    with in_territory(head):
        assert Case.objects.count() == 1, "pressed twice is once"
    listed = client_of(head).get(reverse("monitoring:answered", args=[asked.pk])).content.decode()
    assert case.number in listed


def test_signs_lead_to_kinds(world, asked):
    for said, kinds in ((WHOLE, []), (NOTHING, ["NOT_RECEIVED"]), (CUT, ["LEVY"]), (HELD, ["CARD_HELD"])):
        before = newest(asked)
        made = say(world.operator, asked, said, corrects=before.pk if before else None)
        assert kinds_for(made) == kinds


def test_an_answer_corrected_meanwhile_opens_nothing(world, asked, client_of):
    first = say(world.operator, asked, NOTHING)
    say(world.operator, asked, WHOLE, corrects=first.pk)
    browser = client_of(world.operator)
    for answer, kind in ((first.pk, "NOT_RECEIVED"), (newest(asked).pk, "NOT_RECEIVED"), (newest(asked).pk, "LEVY")):
        assert press(browser, asked, kind, answer).status_code == 302
    with in_territory(EVERYWHERE):
        assert not Case.objects.exists()


def test_the_accused_finds_neither_answer_nor_complaint(world, asked, client_of):
    say(world.operator, asked, CUT)
    browser = client_of(world.facilitators[VILLAGE])
    assert browser.get(reverse("monitoring:answered", args=[asked.pk])).status_code == 404
    assert press(browser, asked, "LEVY").status_code == 404
    assert browser.get(reverse("monitoring:family", args=[asked.family_id])).status_code in (403, 404)
    assert "Pemantauan" not in browser.get(reverse("registry:family", args=[asked.family_id])).content.decode()


def test_a_facilitator_who_asked_leaves_the_complaint_to_the_office(world, asked, client_of):
    from gandeng.monitoring import actions
    from gandeng.monitoring.tests.factories import person_of

    with in_territory(world.coordinator):
        actions.hand_out(world.coordinator, asked.stratum, person_of(world.outsider))
    say(world.outsider, asked, NOTHING)
    browser = client_of(world.outsider)
    page = browser.get(reverse("monitoring:answered", args=[asked.pk]))
    assert page.status_code == 200 and "Buka pengaduan" not in page.content.decode()
    assert press(browser, asked, "NOT_RECEIVED").status_code == 404
    assert press(client_of(world.desk), asked, "NOT_RECEIVED").status_code == 302
    assert world.of(NEAR)

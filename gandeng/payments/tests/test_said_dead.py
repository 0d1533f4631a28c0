"""Whoever hands in or approves a list reads that the civil registry takes somebody on it for dead; nothing is held."""

import pytest
from django.urls import reverse
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.audit.sealing import Place, blind, seal
from gandeng.civil_registry.tests.factories import answer, taken
from gandeng.payments import queries
from gandeng.payments.actions import approve_list, submit_list
from gandeng.payments.models import Payment
from gandeng.payments.tests.steps import People, approved, families, instructed, listed, lists_of, opened
from gandeng.payments.views import approving
from gandeng.registry.models import Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.runs.tests.samples import read_in_this_process

pytestmark = pytest.mark.django_db
SAID = "meninggal menurut Dukcapil"


@pytest.fixture(autouse=True)
def quick(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path / "data"
    read_in_this_process(monkeypatch)
    monkeypatch.setattr(approving, "ask_again", lambda _request: None)


@pytest.fixture
def people(cast):
    return People(cast)


@pytest.fixture
def collectors(db):
    families(("6371011001", "BRI"), ("6371011002", "BRI"), ("6372011001", "POS"))
    with in_territory(EVERYWHERE), scopes_disabled():
        members = Member.objects.filter(pk__in=Member.objects.values("family__collector")).select_related("family")
        return list(members.order_by("village_code"))


def seen(what):
    with in_territory(EVERYWHERE), scopes_disabled():
        return what()


def told(browser, address):
    return SAID in browser.get(address).content.decode()


def ticked(answer):
    return answer.content.decode().count(" checked>")


def count(acting, cycle):
    with in_territory(acting):
        return queries.said_dead(lists_of(cycle)).count()


def test_it_is_told_and_still_paid(people, cast, client_of, collectors):
    taken(cast("DISTRICT_OPERATOR", "6371"), answer(collectors[0], "DECEASED"), answer(collectors[1], "NOT_FOUND"))
    cycle = listed(people, opened(people))
    browser = client_of(people.officer)
    first, second, post = (seen(lambda one=one: Payment.objects.get(family=one.family)) for one in collectors)
    page = reverse("payments:list", args=[first.list_id])
    assert told(browser, page) and not told(browser, reverse("payments:list", args=[post.list_id]))
    rows = browser.get(page, {"tanda": "dukcapil"}).content.decode()
    assert first.payment_id in rows and second.payment_id not in rows
    assert told(browser, reverse("payments:submit", args=[cycle.pk]))
    assert (count(people.officer, cycle), first.amount_rupiah) == (1, second.amount_rupiah)


def test_whoever_approves_reads_it(people, cast, client_of, collectors):
    taken(cast("DISTRICT_OPERATOR", "6371"), answer(collectors[0], "DECEASED"))
    cycle = listed(people, opened(people))
    with in_territory(people.officer):
        for each in lists_of(cycle):
            submit_list(people.officer, each)
    page = reverse("payments:approve", args=[cycle.pk])
    head, other = client_of(cast("DISTRICT_HEAD", "6371")), client_of(cast("DISTRICT_HEAD", "6372"))
    assert told(head, page) and not told(other, page)
    assert (ticked(head.get(page)), ticked(other.get(page))) == (0, 1), "what they are said of is ticked by hand"


def test_what_was_left_out_stays_so_when_what_was_pressed_is_refused(people, cast, client_of, collectors):
    cycle = listed(people, opened(people))
    with in_territory(people.officer):
        for each in lists_of(cycle):
            submit_list(people.officer, each)
        stale = f"{lists_of(cycle)[0].pk}:{'0' * 64}"
    head = client_of(cast("DISTRICT_HEAD", "6371"))
    for sent in ({}, {"list": stale}):
        answer = head.post(reverse("payments:approve", args=[cycle.pk]), sent)
        assert (answer.status_code, ticked(answer)) == (422, 0)


def test_a_bank_reads_nothing_of_it(people, cast, client_of, collectors):
    taken(cast("DISTRICT_OPERATOR", "6371"), answer(collectors[0], "DECEASED"))
    listed(people, opened(people))
    payment = seen(lambda: Payment.objects.get(family=collectors[0].family))
    bank = client_of(cast("CHANNEL_OFFICER", "63", channel="BRI"))
    assert not told(bank, reverse("payments:list", args=[payment.list_id]))


def test_it_goes_once_the_money_is_ordered_the_person_is_another_or_the_death_is_known(people, cast, collectors):
    operator = cast("DISTRICT_OPERATOR", "6371")
    taken(operator, answer(collectors[0], "DECEASED"), answer(collectors[1], "DECEASED"))
    cycle = listed(people, opened(people))
    assert count(people.officer, cycle) == 2
    other = "6371014105900009"
    with in_territory(EVERYWHERE), scopes_disabled():
        Member.objects.filter(pk=collectors[0].pk).update(deceased_on="2024-08-01")
        Member.objects.filter(pk=collectors[1].pk).update(
            nik_sealed=seal(other, Place("registry_member", "nik", str(collectors[1].pk))),
            nik_index=blind("nik", other),
        )
    assert count(people.officer, cycle) == 0


def test_of_money_that_is_ordered_nothing_is_asked(people, cast, collectors):
    taken(cast("DISTRICT_OPERATOR", "6371"), answer(collectors[0], "DECEASED"))
    cycle = instructed(people, approved(people, listed(people, opened(people))))
    assert count(people.officer, cycle) == 0


def test_whoever_approves_or_orders_reads_whose_collector_is_recorded_as_dead(people, cast, client_of):
    family = make_family("6371011001", channel="BRI", members=2)
    families(("6372011001", "POS"))
    with in_territory(EVERYWHERE), scopes_disabled():
        Member.objects.filter(family=family).exclude(pk=family.collector_id).update(pregnancy_no=1)
        Member.objects.filter(pk=family.collector_id).update(deceased_on="2024-02-01")
    cycle = listed(people, opened(people))
    with in_territory(people.officer):
        for each in lists_of(cycle):
            submit_list(people.officer, each)
    page = reverse("payments:approve", args=[cycle.pk])
    head, other = client_of(cast("DISTRICT_HEAD", "6371")), client_of(cast("DISTRICT_HEAD", "6372"))
    read = [browser.get(page).content.decode() for browser in (head, other)]
    assert [("?tanda=meninggal" in text, text.count(" checked>")) for text in read] == [(True, 0), (False, 1)]
    for each in lists_of(cycle):
        for who, level in ((people.head(each.district_code), "DISTRICT"), (people.province, "PROVINCE")):
            with in_territory(who):
                approve_list(who, each, level)
    order = reverse("payments:instruct", args=[cycle.pk])
    assert "?tanda=meninggal" in client_of(people.officer).get(order).content.decode()

"""Each list that can be taken away whole: its own rows, masked, and never another's."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.exports.models import TakenAway
from gandeng.exports.sources import KINDS, NoList
from gandeng.payments.models import PaymentList
from gandeng.payments.tests.factories import make_cycle
from gandeng.reconciliation.models import ExceptionCase
from gandeng.reconciliation.tests.world import BANJARBARU, BANJARMASIN, payments_of, send, told
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]


@pytest.fixture
def quick(monkeypatch):
    from gandeng.runs.tests.samples import read_in_this_process

    read_in_this_process(monkeypatch)


@pytest.fixture
def cycle(db, cast):
    made = make_cycle(((BANJARMASIN, "BRI", 225_000), (BANJARMASIN, "BRI", 750_000), (BANJARBARU, "BRI", 300_000)))
    first, second, third = payments_of(made)
    rows = [told(first), told(second, "FAILURE", reason="rekening 1234567890123 pasif"), told(third, "FAILURE")]
    send(cast("PROVINCE_OFFICER", "63"), made, rows, region="63")
    return made


def listing(who, kind, **arguments):
    asked = dict.fromkeys(KINDS[kind].arguments, "") | {name: str(value) for name, value in arguments.items()}
    with in_territory(who):
        found = KINDS[kind].source(who, asked)
        return found, list(found.lines()), found.count()


def of(cycle, place):
    with in_territory(EVERYWHERE):
        return PaymentList.objects.get(cycle=cycle, district_code=place[:4])


def test_a_payment_list(cycle, operator):
    one = of(cycle, BANJARMASIN)
    found, lines, count = listing(operator, "daftar-bayar", list=one.pk)
    assert (found.region, found.channel, count, len(lines)) == ("6371", "BRI", 2, 2)
    payments = {payment.pk: payment for payment in payments_of(cycle)}
    for payment_id, _, name, nik, _, _, rupiah in lines:
        own = payments[payment_id]
        assert (name, nik, rupiah) == (own.name, f"***{own.nik_last4}", own.amount_rupiah)


def test_outcomes(cycle, operator):
    found, lines, count = listing(operator, "hasil", cycle=cycle.pk)
    assert (found.region, count, len(lines)) == ("6371", 2, 2)
    failed = next(line for line in lines if "Gagal" in line[5])
    assert (failed[6], failed[7]) == (750_000, 0)
    assert "1234567890123" not in failed[-1] and "0123" in failed[-1]
    _, lines, count = listing(operator, "hasil", cycle=cycle.pk, outcome="PAID")
    assert count == len(lines) == 1


def test_exceptions(cycle, operator, cast):
    found, lines, count = listing(operator, "pengecualian", cycle=cycle.pk)
    assert (found.region, count, len(lines)) == ("6371", 1, 1)
    assert lines[0][9] == 750_000
    _, lines, count = listing(cast("PROVINCE_OFFICER", "63"), "pengecualian", cycle=cycle.pk)
    with in_territory(EVERYWHERE):
        assert count == len(lines) == ExceptionCase.objects.filter(cycle=cycle, state="OPEN").count() == 2


def test_a_bank_takes_its_own(cycle, cast):
    bank = cast("CHANNEL_OFFICER", "6371", channel="BRI")
    found, _, count = listing(bank, "hasil", cycle=cycle.pk)
    assert (found.channel, count) == ("BRI", 2)
    from gandeng.accounts.models import Person

    both = cast("CHANNEL_OFFICER", "6371", channel="BNI", person=Person.objects.get(pk=bank.person_id))
    with pytest.raises(NoList):
        listing(both, "hasil", cycle=cycle.pk)
    assert listing(both, "hasil", cycle=cycle.pk, channel="BRI")[2] == 2


@pytest.mark.parametrize(("kind", "name"), [("daftar-bayar", "list"), ("hasil", "cycle"), ("pengecualian", "cycle")])
def test_not_yours_looks_like_not_there(cycle, cast, client_of, kind, name):
    browser = client_of(cast("DISTRICT_OPERATOR", "6271"))
    theirs = of(cycle, BANJARMASIN).pk if name == "list" else cycle.pk
    url = reverse("exports:ask", args=[kind])
    answers = [browser.get(f"{url}?{name}={value}") for value in (theirs, uuid4(), "x", "")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_every_page_of_a_list_leads_to_asking_for_it(cycle, operator, client_of):
    browser, one = client_of(operator), of(cycle, BANJARMASIN)
    pages = {
        reverse("payments:list", args=[one.pk]) + "?tanda=": "daftar-bayar",
        reverse("reconciliation:outcomes", args=[cycle.pk]) + "?outcome=PAID": "hasil",
        reverse("reconciliation:exceptions", args=[cycle.pk]) + "?channel=BRI": "pengecualian",
        "/keluarga/?region=637101": "keluarga",
    }
    for page, kind in pages.items():
        shown = browser.get(page).content.decode()
        link = next(part.split('"')[0] for part in shown.split('href="') if part.startswith(f"/unduhan/minta/{kind}/"))
        asked = browser.get(link.replace("&amp;", "&"))
        assert asked.status_code == 200, link
        assert "Kirim permintaan" in asked.content.decode()


def test_a_long_list_costs_as_many_questions_as_a_short_one(cycle, operator):
    with (
        in_territory(operator),
        CaptureQueriesContext(
            connection,
        ) as asked,
    ):
        found = KINDS["hasil"].source(operator, dict.fromkeys(KINDS["hasil"].arguments, "") | {"cycle": str(cycle.pk)})
        list(found.lines())
    assert len(asked) <= 4


def test_the_workbook_and_a_payment_list_count_against_the_day(cycle, operator, client_of, monkeypatch):
    browser, one = client_of(operator), of(cycle, BANJARMASIN)
    urls = (
        reverse("payments:export", args=[one.pk, "csv"]),
        reverse("reconciliation:exceptions_export", args=[cycle.pk]),
    )
    for url in urls:
        assert browser.get(url).status_code == 200
    assert sorted(TakenAway.objects.values_list("what", "rows")) == [("ExceptionCase", 1), ("PaymentList", 2)]
    monkeypatch.setattr("gandeng.exports.actions.budget.ROWS_A_DAY", 3)
    for url in urls:
        answer = browser.get(url)
        assert (answer.status_code, "baris sehari" in answer.content.decode()) == (422, True)

"""Money that a stage held when it was closed and a later one paid, before the eyes of `gandeng verify`."""

from datetime import date

import pytest
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.payments.tests.steps import HELD_DAY, People, families
from gandeng.reconciliation.actions.reissues import make_reissue_round
from gandeng.reconciliation.tests.after import approve_round, closed, made, send_round
from gandeng.reconciliation.tests.world import BANJARMASIN, payments_of, send, silent, told
from gandeng.registry.models import Account
from gandeng.registry.tests.factories import EVERYWHERE
from gandeng.runs.tests.samples import read_in_this_process
from tests.journeys.verified import verified

pytestmark = pytest.mark.django_db


def test_every_question_is_answered_as_it_should_be(cast, monkeypatch):
    read_in_this_process(monkeypatch)
    people, bank = People(cast), cast("CHANNEL_OFFICER", "6371", channel="BRI")
    _, new = families(*[(BANJARMASIN, "BRI")] * 2)
    with in_territory(EVERYWHERE), scopes_disabled():
        Account.objects.filter(family=new).update(usable_from=HELD_DAY)
    first = made(people)
    send(bank, first, [told(each) for each in payments_of(first)])
    closed(people, first)
    with in_territory(EVERYWHERE), scopes_disabled():
        Account.objects.filter(family=new).update(usable_from=date(2024, 6, 1))
    later = made(people, stage=3)
    with in_territory(people.officer):
        number = make_reissue_round(people.officer, later, silent, owed=True)
    approve_round(people, later, number)
    send_round(people, later, number)
    assert [each.owed_by_id for each in payments_of(later)] == [first.pk, None, None]
    assert verified() == {}

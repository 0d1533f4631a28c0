"""What two people agreed to send again, and is not to be sent after all."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.payments import actions
from gandeng.payments.models import Payment
from gandeng.payments.tests.steps import families
from gandeng.reconciliation.actions.exceptions import Act, NotPossible, act_on, take_back_reissue
from gandeng.reconciliation.models import ReissueRequest
from gandeng.reconciliation.tests.after import (
    agreed,
    approve_round,
    case_of,
    closed,
    made,
    money,
    round_of,
    send_round,
    sent_again,
    supplementary,
)
from gandeng.reconciliation.tests.test_treasury import decide, tell
from gandeng.reconciliation.tests.world import BANJARBARU, BANJARMASIN, payments_of, send, told
from gandeng.registry.models import Account, Family, Member
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]


@pytest.fixture
def cycle(people):
    """Two families at BRI in Banjarmasin, ordered; Rp500.000 each."""
    families(*[(BANJARMASIN, "BRI")] * 2)
    return made(people)


@pytest.fixture
def back(cycle, bank, operator, coordinator):
    """Both failed and are to be sent again."""
    fake, other = payments_of(cycle)
    send(bank, cycle, [told(each, "FAILURE", "", reason="F14 pasif") for each in (fake, other)])
    for each in (fake, other):
        agreed(operator, coordinator, each)
    return fake, other


def request_of(payment):
    with in_territory(EVERYWHERE):
        return ReissueRequest.objects.select_related("exception__cycle", "decided_by").get(payment=payment)


def take_back(who, payment, reason="Keluarga ini fiktif"):
    with in_territory(who):
        take_back_reissue(who, request_of(payment), reason=reason)


def handed_in(people, cycle):
    number = round_of(people, cycle)
    (listed,) = supplementary(cycle, number)
    with in_territory(people.officer):
        actions.submit_list(people.officer, listed)
    return listed


def returned(people, listed):
    head = people.head(listed.district_code)
    with in_territory(head):
        actions.refuse_list(head, listed, "Keluarga ini fiktif, jangan dibayar ulang")


def again_of(payment):
    with in_territory(EVERYWHERE), scopes_disabled():
        return Payment.objects.filter(reissue_of=payment).count()


def test_it_works(people, cycle, back, operator, coordinator):
    fake, other = back
    listed = handed_in(people, cycle)
    with pytest.raises(NotPossible, match="dikembalikan"):
        take_back(operator, fake)
    returned(people, listed)
    take_back(operator, fake)
    asked = request_of(fake)
    assert (asked.state, asked.decided_by_id) == ("TAKEN_BACK", coordinator.person_id)
    assert asked.decided_reason.startswith("Sesuai surat bank Ditarik kembali oleh")
    assert asked.decided_reason.endswith("Keluarga ini fiktif")
    (listed,) = supplementary(cycle, 1)
    assert (listed.payments, listed.total_rupiah) == (1, 500_000), "its row has left the draft"
    approve_round(people, cycle, 1)
    send_round(people, cycle, 1)
    assert money(cycle) == {"FUNDS": -1_000_000, "AT_CHANNEL": 1_000_000}
    assert [again_of(each) for each in back] == [0, 1]
    with pytest.raises(NotPossible, match="daftar susulan"):
        take_back(operator, other)


def test_undo_of_the_case_takes_it_back_too(people, cycle, back, operator):
    fake, _ = back
    returned(people, handed_in(people, cycle))
    with in_territory(operator):
        act_on(operator, case_of(fake), Act.SETTLE, reason="Tidak dibayar ulang", evidence="BA 1")
        act_on(operator, case_of(fake), Act.REOPEN, reason="Tarik permintaan bayar ulang")
    assert request_of(fake).state == "TAKEN_BACK"
    assert round_of(people, cycle) == 1
    assert [again_of(each) for each in back] == [0, 1]


def test_undo_leaves_alone_what_is_on_its_way(people, cycle, back, operator):
    fake, _ = back
    handed_in(people, cycle)
    for act, evidence in ((Act.ASK_BANK, ""), (Act.REOPEN, "")):
        with in_territory(operator):
            act_on(operator, case_of(fake), act, reason="Salah tekan", evidence=evidence)
    assert request_of(fake).state == "APPROVED"


def test_its_money_goes_to_the_treasury_or_is_asked_for_anew(people, cycle, back, bank, cast, operator, coordinator):
    fake, other = back
    with in_territory(EVERYWHERE), scopes_disabled():
        Family.objects.filter(pk=fake.family_id).update(collector=None)
    round_of(people, cycle)
    assert request_of(fake).held_reason == "NO_COLLECTOR"
    for each in back:
        take_back(operator, each)
    decide(cast("PROVINCE_HEAD", "63"), tell(bank, cycle, 500_000, "AT_CHANNEL", left_out=[other]))
    assert money(cycle)["TREASURY"] == 500_000
    agreed(operator, coordinator, other)
    assert supplementary(cycle, 1) == []


def test_the_stage_closes_over_a_round_that_was_emptied(people, cycle, back, operator):
    returned(people, handed_in(people, cycle))
    for each in back:
        take_back(operator, each)
    assert closed(people, cycle).state == "CLOSED"


def test_a_family_that_moved_to_another_district_leaves_the_list_there(people, cycle, back, operator):
    fake, _ = back
    with in_territory(EVERYWHERE), scopes_disabled():
        for model in (Member, Account):
            model.objects.filter(family=fake.family_id).update(village_code=BANJARBARU)
        Family.objects.filter(pk=fake.family_id).update(village_code=BANJARBARU)
    round_of(people, cycle)
    assert [each.district_code for each in supplementary(cycle, 1)] == ["6371", "6372"]
    take_back(operator, fake)
    assert [each.district_code for each in supplementary(cycle, 1)] == ["6371"]


def test_of_a_closed_stage_it_ends_too(people, cycle, back, operator, coordinator, bank, cast):
    fake, other = back
    past = closed(people, cycle)
    present = made(people, stage=3)
    number = round_of(people, present)
    take_back(operator, fake)
    assert request_of(fake).state == "TAKEN_BACK"
    assert [each.payments for each in supplementary(present, number)] == [1]
    decide(cast("PROVINCE_HEAD", "63"), tell(bank, past, 500_000, "AT_CHANNEL"))
    approve_round(people, present, number)
    send_round(people, present, number)
    assert again_of(other) == 1


def test_of_a_closed_stage_it_ends_while_no_later_one_is_open(people, cycle, back, operator):
    closed(people, cycle)
    take_back(operator, back[0])
    assert request_of(back[0]).state == "TAKEN_BACK"


def test_it_refuses_without_reason_right_or_agreement(people, cycle, back, operator, bank):
    fake, _ = back
    with pytest.raises(NotPossible, match="alasan"):
        take_back(operator, fake, reason=" ")
    with pytest.raises(PermissionDenied):
        take_back(bank, fake)
    take_back(operator, fake)
    with pytest.raises(NotPossible, match="sudah diputuskan"):
        take_back(operator, fake)


def test_the_database_itself_refuses(people, cycle, back, operator, coordinator):
    fake, other = back
    take_back(operator, fake)
    sent_again(people, cycle)
    with in_territory(EVERYWHERE), scopes_disabled():
        with pytest.raises(IntegrityError, match="sent again"), transaction.atomic():
            ReissueRequest.objects.filter(payment=other).update(state="TAKEN_BACK")
        fake_asked = ReissueRequest.objects.filter(payment=fake)
        agreed(operator, coordinator, fake)
    closed(people, cycle)
    with in_territory(EVERYWHERE), scopes_disabled():
        asked = fake_asked.filter(state="APPROVED")
        for changed in (
            {"state": "REFUSED"},
            {"state": "TAKEN_BACK", "amount_rupiah": 1},
            {"state": "TAKEN_BACK", "decided_by_id": operator.person_id},
            {"held_reason": "NO_ACCOUNT"},
        ):
            with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
                asked.update(**changed)
        assert asked.update(state="TAKEN_BACK", decided_reason="Ditarik") == 1


def test_the_page_takes_it_back(people, cycle, back, operator, client_of):
    browser, asked = client_of(operator), request_of(back[0])
    page, act = (
        reverse("reconciliation:exception", args=[asked.exception_id]),
        reverse("reconciliation:reissue", args=[asked.pk]),
    )
    assert act in browser.get(page).content.decode()
    shown = browser.get(act).content.decode()
    assert "Tarik kembali bayar ulang" in shown and "Setujui" not in shown
    assert browser.post(act, {"reason": ""}).status_code == 422
    listed = handed_in(people, cycle)
    assert act not in browser.get(page).content.decode(), "it is handed in"
    assert browser.post(act, {"reason": "Fiktif"}).status_code == 422
    returned(people, listed)
    assert browser.post(act, {"reason": "Fiktif"}).status_code == 302
    assert act not in browser.get(page).content.decode()


def test_the_page_says_how_far_it_is_and_asks_for_nothing_more(people, cycle, back, operator, bank, client_of):
    page = reverse("reconciliation:exception", args=[case_of(back[0]).pk])

    def shown(who=operator):
        return client_of(who).get(page).content.decode()

    assert "menunggu dikirim lewat daftar susulan" in shown() and "usulkan penyaluran ulang" not in shown()
    assert reverse("reconciliation:reissues", args=[cycle.pk]) + '">daftar susulan</a> dibuat' in shown()
    assert "Yang dikerjakan dinas sosial" in shown(bank) and "Yang dikerjakan dinas sosial" not in shown()
    listed = handed_in(people, cycle)
    assert f"{back[0].pk}-U1" in shown() and "mintalah daftar itu dikembalikan" in shown()
    returned(people, listed)
    assert "mintalah daftar itu dikembalikan" not in shown()
    take_back(operator, back[0])
    assert "usulkan penyaluran ulang" in shown() and f"{back[0].pk}-U1" not in shown()

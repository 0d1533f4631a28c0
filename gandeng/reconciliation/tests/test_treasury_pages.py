from datetime import date

import pytest
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.payments.tests.steps import People, families
from gandeng.reconciliation.models import TreasuryDeposit
from gandeng.reconciliation.tests.after import made, money
from gandeng.reconciliation.tests.world import BANJARMASIN, payments_of, send, told
from gandeng.reconciliation.treasury_queries import standing_of, waiting_deposits
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]

RECEIPT = {"receipt_no": "A1B2/2024", "deposited_on": "2024-07-01", "channel": "BRI", "region": "6371"}


@pytest.fixture
def cycle(cast, bank):
    families(*[(BANJARMASIN, "BRI")] * 3)
    found = made(People(cast))
    first, failed, _ = payments_of(found)
    send(bank, found, [told(first), told(failed, "FAILURE", "", reason="F14 pasif")])
    return found


@pytest.fixture
def head(cast):
    return cast("PROVINCE_HEAD", "63")


def page(name, *args):
    return reverse(f"reconciliation:{name}", args=args)


def deposits():
    with in_territory(EVERYWHERE):
        return list(TreasuryDeposit.objects.all())


def text(answer):
    return " ".join(answer.content.decode().split())


def asked(rupiah="500.000", accounts=("AT_CHANNEL",), **more):
    return {**RECEIPT, "rupiah": rupiah, "accounts": list(accounts), "reason": "Lampiran surat 7", **more}


def test_it_works(cycle, bank, head, client_of, signed_browser):
    browser = client_of(bank)
    assert 'Rp500.000<br><span class="g-muted">1 pembayaran</span>' in text(browser.get(page("treasury", cycle.pk)))
    assert browser.get(page("deposit_tell", cycle.pk)).status_code == 200
    done = browser.post(page("deposit_tell", cycle.pk), asked())
    (deposit,) = deposits()
    assert done.url == page("deposit", deposit.pk)
    assert "Menunggu keputusan" in text(browser.get(done.url))
    assert "Tarik kembali" in text(browser.get(done.url))
    with in_territory(head):
        assert waiting_deposits(head).count() == 1
    decider = signed_browser(head)
    assert "bukti setor menunggu keputusan Anda" in text(decider.get(reverse("home")))
    act = page("deposit_act", deposit.pk, "putuskan")
    assert decider.get(act).status_code == 200
    assert decider.post(act, {"decision": "yes"}).status_code == 422
    assert decider.post(act, {"decision": "yes", "reason": "Sesuai bukti"}).url == page("deposit", deposit.pk)
    assert money(cycle)["TREASURY"] == 500_000
    shown = text(decider.get(page("treasury", cycle.pk)))
    assert "Tidak ada uang yang menunggu disetor" not in shown, "what was credited is still there"
    assert "penarikan belum dilaporkan" in shown
    assert decider.get(reverse("payments:journal", args=[cycle.pk])).status_code == 200
    void = page("deposit_act", deposit.pk, "batalkan")
    assert decider.post(void, {"reason": "Bukti tahap lain"}).url == page("deposit", deposit.pk)
    assert "TREASURY" not in money(cycle)
    assert "Bukti tahap lain" in text(decider.get(page("deposit", deposit.pk)))


@pytest.mark.parametrize(("change", "words"), [
    ({"rupiah": "499.999"}, "Bukti setor menyebut Rp499.999, sedangkan uang yang dipilih Rp500.000 dari 1 pembayaran"),
    ({"receipt_no": "<b>"}, "Tulis nomornya"),
    ({"left_out": "2024-3-K1"}, "bukan pembayaran tahap ini"),
    ({"left_out": "3171234567890123"}, "Jangan menulis NIK"),
    ({"left_out": " ".join(f"x{n}" for n in range(201))}, "Paling banyak 200"),
    ({"region": "6372"}, "6372"),
    ({"channel": "BNI"}, "BNI"),
    ({"accounts": ["DRAWN"]}, "DRAWN"),
    ({"reason": ""}, "Alasan"),
])  # fmt: skip
def test_it_refuses_and_keeps_what_was_typed(cycle, bank, client_of, change, words):
    answer = client_of(bank).post(page("deposit_tell", cycle.pk), asked(**change))
    assert answer.status_code == 422
    assert words in text(answer)
    assert change.get("receipt_no") or "A1B2/2024" in text(answer)
    assert deposits() == []


def test_deciding_asks_for_identity_again(cycle, bank, head, client_of, left_open):
    client_of(bank).post(page("deposit_tell", cycle.pk), asked())
    (deposit,) = deposits()
    answer = left_open(head).post(
        page("deposit_act", deposit.pk, "putuskan"), {"decision": "yes", "reason": "Sesuai bukti"}
    )
    assert answer.status_code in (302, 403)
    assert [each.state for each in deposits()] == ["TOLD"]


def test_what_was_decided_meanwhile_is_said(cycle, bank, head, client_of, signed_browser):
    browser = client_of(bank)
    browser.post(page("deposit_tell", cycle.pk), asked())
    (deposit,) = deposits()
    assert browser.post(page("deposit_act", deposit.pk, "tarik"), {"reason": "Keliru"}).status_code == 302
    answer = signed_browser(head).get(page("deposit_act", deposit.pk, "putuskan"), follow=True)
    assert "Setoran ini sudah diputuskan" in text(answer)
    assert browser.get(page("deposit_act", deposit.pk, "lain")).status_code == 404


def test_money_is_told_apart_by_age(cycle):
    with in_territory(EVERYWHERE):
        young = standing_of(cycle, date(2024, 6, 16))
        old = standing_of(cycle, date(2024, 8, 16))
    failed = next(each for each in young if each.account == "AT_CHANNEL")
    assert failed.ages == ((1, 500_000), (0, 0), (0, 0), (0, 0))
    failed = next(each for each in old if each.account == "AT_CHANNEL")
    assert failed.ages == ((0, 0), (0, 0), (0, 0), (1, 500_000))
    assert [each.draws_told for each in young] == [False, False]

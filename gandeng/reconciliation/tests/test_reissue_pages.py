import pytest
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.jobs.work import KINDS
from gandeng.payments.models import Cycle
from gandeng.payments.step_queries import waiting_steps
from gandeng.payments.tests.steps import families, opened
from gandeng.reconciliation.actions.exceptions import Act, act_on, decide_reissue
from gandeng.reconciliation.models import ReissueRequest
from gandeng.reconciliation.reissue_queries import waiting_reissues, waiting_to_send
from gandeng.reconciliation.tests.after import agreed, approve_round, case_of, closed, made, supplementary
from gandeng.reconciliation.tests.world import BANJARMASIN, payments_of, send, silent, told
from gandeng.registry.models import Account
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]


@pytest.fixture
def cycle(people):
    families(*[(BANJARMASIN, "BRI")] * 2)
    return made(people)


@pytest.fixture
def failed(cycle, bank):
    first, second = payments_of(cycle)
    send(bank, cycle, [told(first), told(second, "FAILURE", "", reason="F14 pasif")])
    return second


def page(name, cycle, *more):
    return reverse(f"reconciliation:{name}", args=[cycle.pk, *more])


def text(answer):
    return " ".join(answer.content.decode().split())


def work(who, kind, **arguments):
    with in_territory(who):
        return KINDS[kind](who, silent, arguments)


def test_it_works(people, cycle, failed, operator, coordinator, client_of, signed_browser):
    agreed(operator, coordinator, failed)
    officer = client_of(people.officer)
    told_first = text(officer.get(page("reissues", cycle)))
    assert "Buat daftar susulan" in told_first
    assert failed.pk in told_first
    assert officer.post(page("reissues_make", cycle)).status_code == 302
    assert work(people.officer, "reconciliation.reissue_round", cycle=str(cycle.pk)) == page("reissues", cycle)
    made = text(officer.get(page("reissues", cycle)))
    assert reverse("payments:submit", args=[cycle.pk]) in made and "Buat ulang daftar susulan" in made
    approve_round(people, cycle, 1)
    assert "Buat perintah bayar susulan" in text(officer.get(page("reissues", cycle)))
    order = page("reissues_instruct", cycle, 1)
    assert "Perintahkan sekarang?" in text(officer.get(order))
    assert signed_browser(people.officer).post(order, {"execute_on": "2999-01-01"}).status_code == 302
    done = work(people.officer, "reconciliation.instruct_round", cycle=str(cycle.pk), number=1, execute_on="2999-01-01")
    officer = client_of(people.officer)
    assert "BRI, susulan 1" in text(officer.get(done))
    assert "Rp500.000" in text(officer.get(page("reissues", cycle)))
    for shown in ("payments:cycle", "payments:journal", "reconciliation:cycle"):
        assert officer.get(reverse(shown, args=[cycle.pk])).status_code == 200
    journal = text(officer.get(reverse("payments:journal", args=[cycle.pk])))
    assert "Semua yang diperintahkan ada di tepat satu tempat" in journal
    assert "Rp0 di semua tempat lain:" in journal and "Kas negara</th>" not in journal


def test_the_payment_says_what_it_sends_again_and_by_what_it_is(
    people, cycle, failed, operator, coordinator, client_of
):
    agreed(operator, coordinator, failed)
    work(people.officer, "reconciliation.reissue_round", cycle=str(cycle.pk))
    officer = client_of(people.officer)
    assert f"{failed.pk}-U1" in text(officer.get(reverse("payments:payment", args=[failed.pk])))
    again = text(officer.get(reverse("payments:payment", args=[f"{failed.pk}-U1"])))
    assert "Bayar ulang dari" in again
    (listed,) = supplementary(cycle, 1)
    assert "susulan 1" in text(officer.get(reverse("payments:list", args=[listed.pk])))


def test_who_decides_finds_it_on_the_first_page(cycle, failed, operator, coordinator, client_of):
    with in_territory(operator):
        act_on(operator, case_of(failed), Act.REISSUE, reason="Rekening diganti", evidence="Retur 7/BRI")
    counted = []
    for who in (coordinator, operator):
        with in_territory(who):
            counted.append(waiting_reissues(who).count())
    assert counted == [1, 0]
    with in_territory(EVERYWHERE):
        asked = ReissueRequest.objects.get()
    decides = reverse("reconciliation:reissue", args=[asked.pk])
    read = text(client_of(coordinator).get(decides))
    assert "F14 pasif" in read and "sama dengan yang gagal" in read
    with in_territory(EVERYWHERE):
        Account.objects.filter(family=failed.family_id).update(account_index=b"new", account_last3="321")
    read = text(client_of(coordinator).get(decides))
    assert "•••• 321" in read and "lain dari yang gagal" in read
    assert "permintaan bayar ulang menunggu" in text(client_of(coordinator).get(reverse("home")))
    link = f"{page('reissues', cycle)}?state=ASKED"
    assert link in client_of(coordinator).get(reverse("reconciliation:cycles")).content.decode()
    assert failed.pk in text(client_of(coordinator).get(link))


def test_whoever_runs_the_stage_hears_of_what_is_agreed_on_until_it_is_on_a_list(
    people, cycle, failed, operator, coordinator, client_of
):
    def waits():
        with in_territory(people.officer):
            return waiting_to_send(people.officer).count(), waiting_steps(people.officer).count()

    def becomes(state):
        with in_territory(EVERYWHERE):
            Cycle.objects.filter(pk=cycle.pk).update(state=state)

    becomes("SIGNED")
    with in_territory(operator):
        act_on(operator, case_of(failed), Act.REISSUE, reason="Rekening diganti", evidence="Retur 7/BRI")
    closing = reverse("payments:close", args=[cycle.pk])
    told = text(client_of(people.officer).get(closing))
    assert f"{page('reissues', cycle)}?state=ASKED" in told and "tahap belum dapat ditutup" in told
    assert waits() == (0, 1), "to be closed"
    with in_territory(coordinator):
        decide_reissue(coordinator, ReissueRequest.objects.get(), approve=True, reason="Sesuai surat bank")
    assert f"{page('reissues', cycle)}?state=APPROVED" in text(client_of(people.officer).get(closing))
    becomes("RECONCILING")
    assert waits() == (1, 0)
    work(people.officer, "reconciliation.reissue_round", cycle=str(cycle.pk))
    assert waits() == (0, 1), "to be handed in"
    becomes("SIGNED")
    stage = reverse("payments:cycle", args=[cycle.pk])
    assert "Berikutnya: Ajukan daftar susulan" in text(client_of(people.officer).get(stage))
    approve_round(people, cycle, 1)
    assert "Berikutnya: Selesaikan daftar susulan" in text(client_of(people.officer).get(stage))
    becomes("RECONCILING")
    assert waits() == (0, 1), "to be ordered"
    work(people.officer, "reconciliation.instruct_round", cycle=str(cycle.pk), number=1, execute_on="2999-01-01")
    assert waits() == (0, 0)


def test_it_refuses_an_order_before_all_have_approved(people, cycle, failed, operator, coordinator, client_of):
    agreed(operator, coordinator, failed)
    work(people.officer, "reconciliation.reissue_round", cycle=str(cycle.pk))
    shown = text(client_of(people.officer).get(page("reissues_instruct", cycle, 1)))
    assert "harus disetujui lengkap" in shown
    assert client_of(people.officer).get(page("reissues_instruct", cycle, 7)).status_code == 404
    assert client_of(operator).get(page("reissues_instruct", cycle, 1)).status_code == 403


def test_it_refuses_a_state_that_is_none(people, cycle, client_of):
    assert client_of(people.officer).get(f"{page('reissues', cycle)}?state=LUPA").status_code == 400


def test_a_late_report_is_explained_from_upload_to_result(people, cycle, failed, bank, client_of):
    past = closed(people, cycle)
    shown = text(client_of(bank).get(page("upload", past)))
    assert "tahap itu belum dibuka" in shown
    opened(people, stage=3)
    assert "dibukukan pada tahap 3 tahun 2024" in text(client_of(bank).get(page("upload", past)))
    paid, _ = payments_of(past)
    file = send(bank, past, [told(paid, "REVERSAL", day="2024-08-02", reason="F14 pasif")], name="retur.csv")
    receipt = text(client_of(bank).get(reverse("reconciliation:file", args=[file.pk])))
    assert "Laporan sesudah penutupan" in receipt
    changed = text(client_of(people.officer).get(page("late", past)))
    assert paid.pk in changed
    assert ">Tahap 3 tahun 2024</a>, perhitungan" in changed
    assert "1 pembayaran dilaporkan lain" in text(client_of(people.officer).get(page("cycle", past)))
    booked = text(client_of(people.officer).get(page("cycle", file.cycle)))
    assert "Koreksi tahap yang sudah ditutup" in booked
    assert "tentang tahap 2 tahun 2024, dibukukan pada tahap 3 tahun 2024" in booked
    story = text(client_of(people.officer).get(reverse("payments:payment", args=[paid.pk])))
    assert "Menurut laporan sesudah penutupan" in story


def test_what_was_left_open_is_taken_up_by_one_button(people, cycle, failed, client_of):
    closed(people, cycle)
    present = opened(people, stage=3)
    officer = client_of(people.officer)
    left = text(officer.get(page("reissues", present)))
    assert "Bawa ke tahap ini" in left and "yang terbayar dua kali diminta kembali" in left
    assert officer.post(page("reissues_carry", present)).status_code == 302
    assert "Bawa ke tahap ini" not in text(officer.get(page("reissues", present)))
    assert failed.pk in text(officer.get(page("exceptions", present)))
    taken_up = text(officer.get(reverse("reconciliation:exception", args=[case_of(failed, present).pk])))
    assert "Dibawa dari tahap yang sudah ditutup" in taken_up and "perhitungan ke-0" not in taken_up
    assert "Tahap 2 tahun 2024, sudah ditutup; dikerjakan pada tahap 3 tahun 2024" in taken_up
    assert "usulkan penyaluran ulang" in taken_up and "mengaktifkan rekening kembali" in taken_up


def test_the_workbook_names_what_was_sent_again_without_ground(
    people, cycle, failed, bank, operator, coordinator, client_of
):
    from gandeng.reconciliation.tests.after import sent_again

    agreed(operator, coordinator, failed)
    sent_again(people, cycle)
    send(bank, cycle, [told(failed, day="2024-05-25")], name="telat.csv")
    listed = client_of(operator).get(f"{page('exceptions', cycle)}?kind=REISSUE_UNFOUNDED")
    assert "Bayar ulang tanpa dasar" in text(listed)
    assert client_of(operator).get(page("exceptions_export", cycle)).status_code == 200
    with in_territory(EVERYWHERE):
        assert payments_of(cycle)

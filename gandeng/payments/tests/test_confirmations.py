"""A channel tells which file it holds: another than was made here is told to whoever ordered (docs/threats.md, M10)."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.audit.models import AuditEntry
from gandeng.files.digests import sha256_of
from gandeng.payments import actions
from gandeng.payments.actions.packing import path_of
from gandeng.payments.models import Confirmation, Cycle, Instruction, Payment
from gandeng.payments.refused import Refused
from gandeng.payments.tests.steps import People, approved, families, instructed, listed, opened, quiet
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db
ALARM, WAITS = "Berkas bayar berbeda", "Berkas bayar"


@pytest.fixture
def people(cast, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    return People(cast)


@pytest.fixture
def cycle(people):
    families(("6371011001", "BRI"), ("6371011001", "POS"))
    return instructed(people, approved(people, listed(people, opened(people))))


@pytest.fixture
def made(cycle):
    """The order to BRI."""
    return order("BRI")


@pytest.fixture
def bank(cast):
    return cast("CHANNEL_OFFICER", "63", channel="BRI")


def order(channel):
    with in_territory(EVERYWHERE), scopes_disabled():
        return Instruction.objects.get(channel=channel)


def confirm(who, order, told):
    with in_territory(who):
        return actions.confirm(who, order, told)


def page(client, name, *args, **asked):
    return client.get(reverse(f"payments:{name}", args=args), asked).content.decode()


def waiting(client):
    """What the first page counts, each with how many rows its list has."""
    told = {one.label: one for one in client.get("/").context["waiting"]}
    for label in told.keys() & {ALARM, WAITS}:
        assert told[label].count == len(client.get(told[label].url).context["rows"])
    return {label: one.count for label, one in told.items()}


def one_row_swapped(made, copy):
    """What reaches the bank: the same archive with another amount in it, as far as anybody sees from outside."""
    before = path_of(made).read_bytes()
    copy.write_bytes(before[:-40] + bytes([before[-40] ^ 1]) + before[-39:])
    return sha256_of(copy)


def test_it_works(people, made, bank, client_of):
    browser, office = client_of(bank), client_of(people.officer)
    assert waiting(browser)[WAITS] == 1 and WAITS not in waiting(office)
    assert made.name in page(browser, "confirm", made.pk)
    from_whom = "Kata sandinya disampaikan kantor"
    assert from_whom in page(browser, "instructions", made.cycle_id) and from_whom not in page(
        office, "instructions", made.cycle_id
    )
    told = " ".join(sha256_of(path_of(made)).upper()[at : at + 8] for at in range(0, 64, 8))
    answer = browser.post(reverse("payments:confirm", args=[made.pk]), {"digest": told}, follow=True)
    assert "Berkas Anda sama dengan yang dibuat kantor." in answer.content.decode()
    with in_territory(EVERYWHERE):
        kept = Confirmation.objects.get()
        entry = AuditEntry.objects.get(action="instruction.confirmed")
    assert (kept.ours_sha256, kept.told_sha256, kept.matches, kept.person_id) == (
        made.sha256, made.sha256, True, bank.person_id,
    )  # fmt: skip
    assert (entry.facts["told"], entry.facts["matches"]) == (made.sha256, True)
    assert waiting(browser)[WAITS] == 0 == waiting(office)[ALARM]
    assert "Sesuai" in page(office, "instructions", made.cycle_id) and bank.person_name in page(office, "orders")


def test_a_swapped_row_alarms_whoever_ordered_until_the_right_file_is_held(people, made, bank, client_of, tmp_path):
    other = one_row_swapped(made, tmp_path / "copy.zip")
    browser, office = client_of(bank), client_of(people.officer)
    assert waiting(office)[ALARM] == waiting(browser)[ALARM] == 0
    told = browser.post(reverse("payments:confirm", args=[made.pk]), {"digest": other}, follow=True).content.decode()
    assert "bukan yang dibuat di sini" in told and "Jangan jalankan berkas itu" in told and other in told
    assert made.sha256 not in told and made.sha256 not in page(browser, "confirm", made.pk), "nothing to copy from us"
    assert waiting(office)[ALARM] == waiting(browser)[ALARM] == 1
    shelf = page(office, "orders", shelf="differs")
    assert str(made.pk) in shelf and str(order("POS").pk) not in shelf
    assert "Minta penyalur lewat telepon" in page(office, "instructions", made.cycle_id)
    assert confirm(bank, made, made.sha256).matches
    assert waiting(office)[ALARM] == 0 and str(made.pk) not in page(office, "orders", shelf="differs")
    assert str(made.pk) in page(office, "orders", shelf="matches")
    with in_territory(EVERYWHERE):
        entries = AuditEntry.objects.filter(action="instruction.confirmed").order_by("id")
        assert [each.facts["matches"] for each in entries] == [False, True], "the alarm stays in the log"


@pytest.mark.parametrize("told", ["", "abc", "g" * 64, "a" * 63, "a" * 65, "ａ" * 64, "a" * 64 + "\x00"])
def test_it_refuses_what_is_no_digest(made, bank, told, client_of):
    answer = client_of(bank).post(reverse("payments:confirm", args=[made.pk]), {"digest": told})
    assert answer.status_code == 422
    assert bool(told) or "Pilih berkas yang akan Anda jalankan" in answer.content.decode()
    with in_territory(EVERYWHERE):
        assert not Confirmation.objects.exists()


def test_it_refuses_the_digest_that_stands_inside_the_file(made, bank):
    """Whoever swaps the file swaps it along."""
    with pytest.raises(Refused, match="sidik daftar"):
        confirm(bank, made, made.list_sha256)


def test_a_file_packed_again_is_fetched_and_checked_again_without_an_alarm(people, made, bank, client_of):
    confirm(bank, made, made.sha256)
    before = made.sha256
    with in_territory(people.officer):
        made = actions.repack(people.officer, made, "kata sandi hilang", quiet)
    with pytest.raises(Refused, match="Unduh berkas yang sekarang"):
        confirm(bank, made, before)
    assert waiting(client_of(bank))[WAITS] == 1
    assert confirm(bank, made, sha256_of(path_of(made))).matches


def test_it_refuses_everybody_but_the_channels_own_officer(people, made, cast, client_of):
    address = reverse("payments:confirm", args=[made.pk])
    for who in (people.officer, people.province, cast("AUDITOR", "63")):
        assert client_of(who).get(address).status_code == client_of(who).post(address).status_code == 403
        with pytest.raises(PermissionDenied):
            confirm(who, made, made.sha256)
    for who in (cast("CHANNEL_OFFICER", "63", channel="BNI"), cast("CHANNEL_OFFICER", "62", channel="BRI")):
        assert client_of(who).get(address).status_code == 404
        assert str(made.pk) not in page(client_of(who), "orders", shelf="all")


def test_what_was_told_is_seen_by_those_who_see_the_order(people, made, bank, cast):
    confirm(bank, made, "0" * 64)
    for who, seen in ((people.officer, 1), (bank, 1), (cast("CHANNEL_OFFICER", "63", channel="POS"), 0),
                      (cast("PROVINCE_OFFICER", "62"), 0)):  # fmt: skip
        with in_territory(who):
            assert Confirmation.objects.count() == seen


def test_the_database_keeps_it_as_told_and_of_the_file_there_is(made, bank):
    kept = confirm(bank, made, "0" * 64)
    fields = {"instruction": made, "person_id": bank.person_id, "authority": "x"}
    with in_territory(EVERYWHERE), scopes_disabled():
        for act in (
            lambda: Confirmation.objects.filter(pk=kept.pk).update(told_sha256=made.sha256),
            lambda: Confirmation.objects.filter(pk=kept.pk).delete(),
            lambda: Confirmation.objects.create(ours_sha256="1" * 64, told_sha256="1" * 64, **fields),
            lambda: Confirmation.objects.create(ours_sha256=made.sha256, told_sha256="A" * 64, **fields),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()
        assert list(Confirmation.objects.values_list("told_sha256", flat=True)) == ["0" * 64]


def test_a_closed_stage_waits_for_nobody_and_can_still_be_told_of(people, made, bank, client_of):
    with in_territory(EVERYWHERE), scopes_disabled():
        Cycle.objects.filter(pk=made.cycle_id).update(state=Cycle.State.CLOSED)
    browser = client_of(bank)
    assert waiting(browser)[WAITS] == 0
    assert str(made.pk) in page(browser, "orders", shelf="all")
    assert not confirm(bank, made, "0" * 64).matches
    assert str(made.pk) in page(client_of(people.officer), "orders", shelf="differs")


def test_nothing_of_the_money_moves(people, made, bank):
    def money():
        with in_territory(EVERYWHERE), scopes_disabled():
            return sorted(Payment.objects.values_list("payment_id", "amount_rupiah")), Cycle.objects.get().state

    before = money()
    confirm(bank, made, "0" * 64)
    assert money() == before


def test_the_pages_ask_little(people, made, bank, client_of, django_assert_max_num_queries):
    confirm(bank, made, "0" * 64)
    for who in (bank, people.officer):
        browser = client_of(who)
        for name, args in (("orders", ()), ("instructions", (made.cycle_id,))):
            with django_assert_max_num_queries(13):
                assert "BRI" in page(browser, name, *args)

from datetime import date

import pytest
import pyzipper
from django.core.exceptions import PermissionDenied
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.payments import actions
from gandeng.payments.actions.packing import path_of
from gandeng.payments.models import HeldPayment, Instruction, JournalEntry, Payment
from gandeng.payments.refused import Refused
from gandeng.payments.tests.steps import (
    HELD_DAY,
    PREGNANT,
    People,
    approved,
    families,
    instructed,
    listed,
    lists_of,
    opened,
    quiet,
)
from gandeng.policy import PolicyGap
from gandeng.registry.cooling import NEVER
from gandeng.registry.models import Account, Family, Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(cast):
    return People(cast)


def seen(query):
    with in_territory(EVERYWHERE), scopes_disabled():
        return list(query())


def test_it_works(people):
    families(("6371011001", "BRI"), ("6371011001", "POS"), ("6372011001", "BRI"))
    cycle = listed(people, opened(people))
    assert [(each.district_code, each.channel, each.payments, each.total_rupiah) for each in lists_of(cycle)] == [
        ("6371", "BRI", 1, 500_000),
        ("6371", "POS", 1, 500_000),
        ("6372", "BRI", 1, 500_000),
    ]
    cycle = approved(people, cycle)
    assert cycle.state == "APPROVED"
    cycle = instructed(people, cycle)
    assert cycle.state == "INSTRUCTED"
    with in_territory(people.officer):
        assert actions.balances(cycle) == {
            place: {"FUNDS": -500_000, "NOT_SENT": 0, "AT_CHANNEL": 500_000}
            for place in (("6371", "BRI"), ("6371", "POS"), ("6372", "BRI"))
        }
        actions.set_reconciling(cycle)
        actions.set_signed(cycle)
        closed = actions.close_cycle(people.officer, cycle)
    assert (closed.state, len(closed.closing_digest)) == ("CLOSED", 64)


def test_the_file_opens_with_the_password_shown_once_and_holds_what_was_sealed(people):
    [family] = families(("6371011001", "BRI"))
    cycle = instructed(people, approved(people, listed(people, opened(people))))
    with in_territory(people.officer):
        made = Instruction.objects.get(cycle=cycle)
        password = actions.show_password(people.officer, made)
        with pytest.raises(Refused, match="sudah pernah ditampilkan"):
            actions.show_password(people.officer, made)
    with pyzipper.AESZipFile(path_of(made)) as archive:
        archive.setpassword(password.encode())
        names = archive.namelist()
        told = archive.read(next(name for name in names if name.endswith(".csv") and name.startswith("BRI"))).decode()
        assert all(info.wz_aes_strength == 3 for info in archive.filelist)
        archive.setpassword(b"salah")
        with pytest.raises(RuntimeError):
            archive.read(names[0])
    assert "500000" in told
    assert f"2024-2-{family.family_no}" in told
    assert not list(path_of(made).parent.glob("open*"))


def test_the_same_steps_again_give_the_same_ids_and_one_booking(people):
    families(("6371011001", "BRI"), ("6372011001", "BNI"))
    cycle = opened(people)
    listed(people, cycle)
    before = seen(lambda: Payment.objects.order_by("pk").values_list("pk", "list_id", "amount_rupiah"))
    roots = [each.root for each in lists_of(cycle)]
    with in_territory(people.officer):
        actions.make_lists(people.officer, cycle, quiet)
    assert seen(lambda: Payment.objects.order_by("pk").values_list("pk", "list_id", "amount_rupiah")) == before
    assert [each.root for each in lists_of(cycle)] == roots
    instructed(people, approved(people, cycle))
    with in_territory(people.officer), pytest.raises(Refused):
        actions.instruct(people.officer, cycle, quiet)
    assert JournalEntry.objects.filter(kind="INSTRUCTED").count() == 2


def test_what_is_not_usable_yet_is_held_back_with_a_reason(people):
    paid, account, collector, nobody, bare, shared, unopened = (make_family("6371011001", **PREGNANT) for _ in range(7))
    without = {"account_index": None, "account_sealed": b"", "account_last3": ""}
    with in_territory(EVERYWHERE), scopes_disabled():
        Account.objects.filter(family=account).update(usable_from=HELD_DAY)
        Family.objects.filter(pk=collector.pk).update(collector_usable_from=HELD_DAY)
        Family.objects.filter(pk=nobody.pk).update(collector=None)
        Account.objects.filter(family=bare).delete()
        Account.objects.filter(family=unopened).update(**without)
        Account.objects.filter(family=shared).update(**without, usable_from=NEVER)
    cycle = listed(people, opened(people))
    held = seen(lambda: HeldPayment.objects.values_list("reason", "family_id", "amount_rupiah", "usable_from"))
    assert set(held) == {
        ("ACCOUNT_NEW", account.pk, 500_000, HELD_DAY),
        ("ACCOUNT_SHARED", shared.pk, 500_000, None),
        ("COLLECTOR_NEW", collector.pk, 500_000, HELD_DAY),
        ("NO_ACCOUNT", bare.pk, 500_000, None),
        ("NO_ACCOUNT", unopened.pk, 500_000, None),
        ("NO_COLLECTOR", nobody.pk, 500_000, None),
    }
    assert [each.family_id for each in seen(lambda: Payment.objects.all())] == [paid.pk]
    with in_territory(EVERYWHERE), scopes_disabled():
        Account.objects.filter(family=account).update(usable_from="2024-01-01")
    listed(people, cycle)
    assert {each.family_id for each in seen(lambda: Payment.objects.all())} == {paid.pk, account.pk}


@pytest.mark.parametrize("when", ["before", "after"])
def test_what_a_family_denies_is_held_also_where_the_registry_is_frozen_already(people, when):
    paid, account, post, collector, name = (
        make_family("6371011001", channel=channel, **PREGNANT) for channel in ("BRI", "BRI", "POS", "BNI", "BNI")
    )
    cycle = opened(people)
    if when == "after":
        with in_territory(people.officer):
            actions.freeze(people.officer, cycle, quiet)
            actions.calculate(people.officer, cycle, quiet)
    with in_territory(EVERYWHERE), scopes_disabled():
        Account.objects.filter(family__in=[account.pk, post.pk]).update(usable_from=NEVER)
        Family.objects.filter(pk=collector.pk).update(collector_usable_from=NEVER)
        Family.objects.filter(pk=name.pk).update(collector_usable_from=HELD_DAY)
    if when == "after":
        with in_territory(people.officer):
            actions.make_lists(people.officer, cycle, quiet)
    else:
        listed(people, cycle)
    held = dict(seen(lambda: HeldPayment.objects.values_list("family_id", "reason")))
    denied = {account.pk: "ACCOUNT_DENIED", post.pk: "ACCOUNT_DENIED", collector.pk: "COLLECTOR_DENIED"}
    assert held == denied | ({name.pk: "COLLECTOR_NEW"} if when == "before" else {}), "waiting is of the frozen day"
    assert {one.usable_from for one in seen(lambda: HeldPayment.objects.exclude(reason="COLLECTOR_NEW"))} == {None}
    assert paid.pk in {one.family_id for one in seen(lambda: Payment.objects.all())}


def test_another_account_since_freezing_is_none_to_hold(people):
    """The one that was frozen is good: what the family denies came later."""
    [family] = families(("6371011001", "BRI"))
    cycle = opened(people)
    with in_territory(people.officer):
        actions.freeze(people.officer, cycle, quiet)
        actions.calculate(people.officer, cycle, quiet)
    with in_territory(EVERYWHERE), scopes_disabled():
        frozen = Account.objects.get(family=family)
        Account.objects.filter(pk=frozen.pk).update(valid_until="2024-03-01")
        Account.objects.create(
            family=family, village_code=family.village_code, channel="BNI", account_index=b"x" * 32,
            account_last3="123", valid_from="2024-03-01", usable_from=NEVER,
        )  # fmt: skip
    with in_territory(people.officer):
        actions.make_lists(people.officer, cycle, quiet)
    assert [(one.channel, one.account_last3) for one in seen(lambda: Payment.objects.all())] == [
        ("BRI", frozen.account_last3)
    ]
    assert seen(lambda: HeldPayment.objects.all()) == []


def test_a_dead_collector_is_told(people):
    family = make_family("6371011001", members=2)
    with in_territory(EVERYWHERE), scopes_disabled():
        Member.objects.filter(family=family).exclude(pk=family.collector_id).update(pregnancy_no=1)
        Member.objects.filter(pk=family.collector_id).update(deceased_on="2024-02-01")
    listed(people, opened(people))
    assert [each.collector_deceased for each in seen(lambda: Payment.objects.all())] == [True]


@pytest.mark.parametrize("region", ["63", "6371", ""])
def test_it_refuses_a_stage_twice_for_regions_that_overlap(people, cast, region):
    opened(people)
    minister = cast("MINISTRY_OFFICER", "")
    with in_territory(minister), pytest.raises(Refused, match="sudah dibuka"):
        actions.open_cycle(minister, 2024, 2, None, region)


@pytest.mark.parametrize("region", ["63", "6371", ""])
def test_it_refuses_a_stage_of_another_length_that_pays_a_month_again(people, cast, region):
    minister = cast("MINISTRY_OFFICER", "")
    with in_territory(minister):
        actions.open_cycle(minister, 2024, 1, 3, "63")
        with pytest.raises(Refused, match=r"tahap 1 tahun 2024 .*: Maret\."):
            actions.open_cycle(minister, 2024, 2, 2, region)
        actions.open_cycle(minister, 2024, 6, 1, region)
        with pytest.raises(Refused, match=r"tahap 6 tahun 2024 .*: Juni\."):
            actions.open_cycle(minister, 2024, 3, 2, region)
        actions.open_cycle(minister, 2024, 4, 2, region)
        actions.open_cycle(minister, 2024, 2, 2, "62")
        actions.open_cycle(minister, 2025, 2, 2, region)


def test_it_refuses_a_year_without_figures(people):
    with in_territory(people.officer), pytest.raises(PolicyGap):
        actions.open_cycle(people.officer, 1999, 1, None, "63")


@pytest.mark.parametrize(
    ("role", "region"),
    [("PROVINCE_HEAD", "63"), ("PROVINCE_OFFICER", "62"), ("DISTRICT_OPERATOR", "6371"), ("AUDITOR", "63")],
)
def test_it_refuses_others_to_run_it(people, cast, role, region):
    cycle, other = opened(people), cast(role, region)
    families(("6371011001", "BRI"))
    with in_territory(other):
        for act in (actions.freeze, actions.calculate, actions.make_lists, actions.instruct):
            with pytest.raises(PermissionDenied):
                act(other, cycle, quiet)
        with pytest.raises(PermissionDenied):
            actions.open_cycle(other, 2024, 3, None, "63")


def test_it_refuses_steps_out_of_order(people):
    families(("6371011001", "BRI"))
    cycle = opened(people)
    with in_territory(people.officer):
        for act in (actions.calculate, actions.make_lists, actions.instruct):
            with pytest.raises(Refused):
                act(people.officer, cycle, quiet)
        with pytest.raises(Refused):
            actions.close_cycle(people.officer, cycle)


def test_it_refuses_lists_where_nobody_is_due_anything(people):
    make_family("6371011001", birth_date=date(1990, 1, 1))
    with pytest.raises(Refused, match="Tidak ada keluarga yang berhak"):
        listed(people, opened(people))


def test_it_refuses_to_freeze_again_under_lists_that_were_handed_in(people):
    families(("6371011001", "BRI"))
    cycle = listed(people, opened(people))
    with in_territory(people.officer):
        actions.submit_list(people.officer, lists_of(cycle)[0])
        for act in (actions.freeze, actions.calculate):
            with pytest.raises(Refused, match="1 daftar"):
                act(people.officer, cycle, quiet)


def test_it_refuses_frozen_files_that_were_changed(people, settings):
    families(("6371011001", "BRI"))
    cycle = opened(people)
    with in_territory(people.officer):
        cycle = actions.freeze(people.officer, cycle, quiet)
        (settings.DATA_DIR / cycle.frozen_folder / "families.parquet").open("ab").write(b"x")
        with pytest.raises(Refused, match="tidak lagi sama"):
            actions.calculate(people.officer, cycle, quiet)


def test_a_family_that_leaves_the_province_after_the_lists_is_paid_as_listed(people):
    family, _ = families(("6371011001", "BRI"), ("6371011001", "BRI"))
    cycle = approved(people, listed(people, opened(people)))
    with in_territory(EVERYWHERE), scopes_disabled():
        Family.objects.filter(pk=family.pk).update(village_code="6201011001")
    instructed(people, cycle)
    [(rows, rupiah)] = seen(lambda: Instruction.objects.values_list("rows", "total_rupiah"))
    assert (rows, rupiah) == (2, 1_000_000)

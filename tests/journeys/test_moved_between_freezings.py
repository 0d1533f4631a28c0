"""Families that moved between the freezings of two regions of a stage are paid where they live, once."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.facilitators.tests.factories import few_queries
from gandeng.payments.actions import freeze
from gandeng.payments.held_queries import came_in, held_totals
from gandeng.payments.models import Cycle, HeldPayment, Payment
from gandeng.payments.refused import Refused
from gandeng.payments.tests.steps import HELD_DAY, People, families, listed, moved, opened
from gandeng.reconciliation.actions.reissues import make_reissue_round
from gandeng.reconciliation.tests.after import approve_round, closed, made, money, round_of, send_round, supplementary
from gandeng.reconciliation.tests.conftest import made_once
from gandeng.reconciliation.tests.world import BANJARMASIN, silent
from gandeng.registry.models import Account, Family, Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.runs.tests.samples import read_in_this_process
from tests.journeys.verified import verified

pytestmark = pytest.mark.django_db
THERE = "6201011001"


def _ordered(people):
    """The stage of the province it moves to, before it comes; each province has a family that stays."""
    families((BANJARMASIN, "BRI"), (BANJARMASIN, "BRI"), (THERE, "BRI"))
    return made(People(people.cast, "62"), region="62")


once, people, there = made_once(_ordered)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Files are read without the child process."""
    read_in_this_process(monkeypatch)


@pytest.fixture
def others(people):
    """Of the province it moves to."""
    return People(people.cast, "62")


@pytest.fixture
def mover(there):
    """Lives in the other province as yet."""
    with in_territory(EVERYWHERE):
        return Family.objects.filter(village_code=BANJARMASIN).order_by("family_no")[0]


def _before(cycle):
    """Frozen before what this test's transaction notes: all of it bears the moment the transaction began."""
    with connection.cursor() as cursor:
        cursor.execute("select now() - interval '1 minute'")
        Cycle.objects.filter(pk=cycle.pk).update(frozen_at=cursor.fetchone()[0])
    return Cycle.objects.get(pk=cycle.pk)


def _changed(model, family, **changed):
    with in_territory(EVERYWHERE), scopes_disabled():
        model.objects.filter(**{"pk" if model is Family else "family": family.pk}).update(**changed)


def _came(people, cycle):
    with in_territory(people.officer):
        return came_in(Cycle.objects.get(pk=cycle.pk))


def _shut(others, cycle):
    with in_territory(EVERYWHERE):
        Cycle.objects.filter(pk=cycle.pk).update(state="RECONCILING")
    return closed(others, cycle)


def _paid_by_later(people, later):
    """What a closed stage owes, on the one supplementary list of a later one."""
    with in_territory(people.officer):
        number = make_reissue_round(people.officer, later, silent, owed=True)
    with in_territory(EVERYWHERE):
        return Payment.objects.get(list__cycle=later, list__round=number)


def _told(people, cycle):
    """Reasons of a region's held families, with their number."""
    with in_territory(people.officer):
        return {row["reason"]: row["families"] for row in held_totals(cycle)}


def test_who_is_in_neither_freezing_is_calculated_and_paid_where_it_lives(people, others, mover, there, client_of):
    moved(mover.pk, THERE)
    here = listed(people, opened(people))
    with in_territory(people.officer):
        assert not Payment.objects.filter(cycle=here, family=mover).exists()
    assert _came(others, there) == [mover.pk]
    browser = client_of(others.officer)
    with few_queries():
        page = browser.get(reverse("reconciliation:reissues", args=[there.pk])).content.decode()
    assert "1 keluarga pindah ke sini sesudah data dibekukan" in page and "Buat daftar susulan" in page
    number = round_of(others, there)
    assert [(each.district_code, each.total_rupiah) for each in supplementary(there, number)] == [("6201", 500_000)]
    assert _came(others, there) == []
    approve_round(others, there, number)
    send_round(others, there, number)
    assert money(there) == {"FUNDS": -1_000_000, "AT_CHANNEL": 1_000_000}
    with in_territory(EVERYWHERE):
        paid = Payment.objects.get(family=mover)
    assert (paid.pk, paid.cycle_id, paid.owed_by_id) == (f"2024-2-{mover.family_no}", there.pk, None)
    shown = browser.get(reverse("payments:payment", args=[paid.pk])).content.decode()
    assert "Jumlah berbeda" not in shown and "Kehamilan" in shown
    with pytest.raises(Refused, match="tidak ada keluarga yang ditahan"):
        round_of(others, there)
    assert verified() == {}


def test_who_is_held_where_it_lived_is_paid_from_there(people, others, mover, there):
    """Held for a new account; by now it lives elsewhere, and nobody there is pregnant any more."""
    _changed(Account, mover, usable_from=HELD_DAY)
    here = made(people)
    moved(mover.pk, THERE)
    _changed(Account, mover, usable_from=date(2024, 6, 1))
    _changed(Member, mover, pregnancy_no=None)
    assert _came(others, there) == []
    number = round_of(people, here)
    assert [each.total_rupiah for each in supplementary(here, number)] == [500_000]
    with in_territory(EVERYWHERE):
        paid = Payment.objects.get(family=mover)
    assert (paid.cycle_id, paid.amount_rupiah, paid.village_code) == (here.pk, 500_000, BANJARMASIN)
    assert verified() == {}


def test_what_holds_it_is_told_where_it_lives(people, others, mover, there):
    moved(mover.pk, THERE)
    _changed(Account, mover, usable_from=HELD_DAY)
    listed(people, opened(people))
    round_of(others, there)
    assert _told(others, there) == {"ACCOUNT_NEW": 1}
    assert _came(others, there) == []
    _changed(Account, mover, usable_from=date(2024, 6, 1))
    number = round_of(others, there)
    assert [each.total_rupiah for each in supplementary(there, number)] == [500_000]
    assert verified() == {}


def test_closing_holds_it_and_a_later_stage_pays(others, mover, there, client_of):
    moved(mover.pk, THERE)
    with in_territory(EVERYWHERE):
        Cycle.objects.filter(pk=there.pk).update(state="SIGNED")
    page = client_of(others.officer).get(reverse("payments:close", args=[there.pk])).content.decode()
    assert "1 keluarga pindah ke sini sesudah data dibekukan" in page
    _shut(others, there)
    assert _told(others, there) == {"CAME_IN": 1}
    later = made(others, stage=3, region="62")
    owed = _paid_by_later(others, later)
    assert (owed.pk, owed.owed_by_id) == (f"2024-2-{mover.family_no}", there.pk)
    assert verified() == {}


def test_who_moves_after_the_closing_and_before_the_other_freezing_is_paid_by_a_later_stage(
    people, others, mover, there, client_of
):
    _shut(others, there)
    moved(mover.pk, THERE)
    assert _came(others, there) == []
    here = opened(people)
    with in_territory(people.officer):
        freeze(people.officer, here, silent)
    assert _came(others, there) == []
    here = listed(people, here)
    assert _came(others, there) == [mover.pk]
    later = made(others, stage=3, region="62")
    page = client_of(others.officer).get(reverse("reconciliation:reissues", args=[later.pk])).content.decode()
    assert "1 keluarga pindah ke sini sesudah tahap terdahulu ditutup" in page and 'name="owed"' in page
    with pytest.raises(Refused, match="tidak ada keluarga yang ditahan"):
        round_of(others, later)
    owed = _paid_by_later(others, later)
    assert (owed.pk, owed.owed_by_id, owed.amount_rupiah) == (f"2024-2-{mover.family_no}", there.pk, 500_000)
    assert _came(others, there) == []
    assert verified() == {}


@pytest.mark.parametrize("shut", ["before here froze", "after here froze"])
def test_who_went_through_a_third_region_is_paid_where_it_lives(people, there, mover, shut):
    """It left here before here froze, was nowhere counted, and came to a region that had closed the stage by then."""
    third = People(people.cast, "64")
    families(("6401011001", "BRI"))
    cycle = _before(made(third, region="64"))
    if shut == "before here froze":
        cycle = _shut(third, cycle)
    moved(mover.pk, THERE)
    listed(people, opened(people))
    if shut == "after here froze":
        cycle = _shut(third, cycle)
    moved(mover.pk, "6401011001")
    assert _came(third, cycle) == [mover.pk]
    later = made(third, stage=3, region="64")
    owed = _paid_by_later(third, later)
    assert (owed.pk, owed.owed_by_id, owed.amount_rupiah) == (f"2024-2-{mover.family_no}", cycle.pk, 500_000)
    assert _came(third, cycle) == []
    assert verified() == {}


def test_a_region_that_never_ran_the_stage_may_have_paid_it_otherwise(others, there, mover):
    _shut(others, there)
    moved(mover.pk, THERE)
    assert _came(others, there) == []


def _paid_there(people, mover, _there):
    made(people)
    moved(mover.pk, THERE)


def _listed_there(people, mover, _there):
    """Its lists may still be made anew."""
    _changed(Account, mover, usable_from=HELD_DAY)
    _before(listed(people, opened(people)))
    moved(mover.pk, THERE)


def _frozen_there(people, mover, _there):
    with in_territory(people.officer):
        _before(freeze(people.officer, opened(people), silent))
    moved(mover.pk, THERE)


def _due_nothing_there(people, mover, _there):
    _changed(Member, mover, pregnancy_no=None)
    made(people)
    moved(mover.pk, THERE)
    _changed(Member, mover, pregnancy_no=1)


def _new_to_the_programme(_people, mover, there):
    moved(mover.pk, THERE)
    _changed(Family, mover, entered_on=timezone.localdate(there.frozen_at) + timedelta(days=1))


def _not_active_then(_people, _mover, _there):
    proposed = make_family(BANJARMASIN, status="PROPOSED", pregnancy_no=1)
    moved(proposed.pk, THERE)
    _changed(Family, proposed, status="ACTIVE")


def _back_by_now(_people, mover, _there):
    moved(mover.pk, THERE)
    moved(mover.pk, BANJARMASIN)


@pytest.mark.parametrize(
    "what",
    [
        _paid_there, _listed_there, _frozen_there, _due_nothing_there, _new_to_the_programme, _not_active_then,
        _back_by_now,
    ],
)  # fmt: skip
def test_nobody_else_came_in(people, others, mover, there, what):
    what(people, mover, there)
    assert _came(others, there) == []


def test_the_database_refuses_it_for_a_family_the_calculation_knows(others, there):
    with in_territory(EVERYWHERE), scopes_disabled():
        known = Payment.objects.get(cycle=there)
        with pytest.raises(IntegrityError, match="not what it is due"), transaction.atomic():
            HeldPayment.objects.create(
                cycle=there, run_id=there.run_id, family_id=known.family_id, village_code=THERE, channel="BRI",
                amount_rupiah=900_000, reason="CAME_IN",
            )  # fmt: skip

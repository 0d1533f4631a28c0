"""Three provinces through stages of two years, with life between any two steps, against plain Python.

More of them by hand: `GANDENG_YEARS=100:140 .venv/bin/python -m pytest tests/journeys/test_years.py` runs those seeds.
"""

import os
from random import Random

import pytest
from django.conf import settings

from conftest import Cast
from gandeng.accounts.acting import in_territory
from gandeng.office.verify import verify
from gandeng.payments.held_queries import held_in_force, waiting_held
from gandeng.payments.models import Cycle, HeldPayment, Payment
from gandeng.reconciliation.models import ExceptionCase
from gandeng.registry.tests.factories import EVERYWHERE
from gandeng.runs.tests.samples import read_in_this_process
from tests.journeys.years.life import Families
from tests.journeys.years.office import Office
from tests.journeys.years.oracle import STAGES, Books
from tests.simulation.books import every_row

FAMILIES = 24
PLACES = {"63": ("6371", "6372"), "62": ("6201",), "61": ("6101",)}
FIRST, _, LAST = os.environ.get("GANDENG_YEARS", "").partition(":")
SEEDS = range(int(FIRST), int(LAST or int(FIRST) + 1)) if FIRST else (1,)
STAGES_RUN = STAGES if FIRST else STAGES[1:]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_family_gets_each_stage_once_or_a_named_reason(seed, own_database, server, monkeypatch):
    read_in_this_process(monkeypatch)
    chance, books = Random(seed), Books()
    cast = Cast()
    offices = [Office(cast, region, districts, books, chance) for region, districts in PLACES.items()]
    families = Families(cast, books, chance, FAMILIES)
    _years(offices, families, chance)
    _last_round(offices, families)
    assert {"move", "sanction", "account", "resume", "birth"} <= families.done.keys(), families.done
    _once_and_right(books)
    _closed_stages_stay(offices)
    address = server.get_uri(own_database)
    wrong = {each.check: each.examples for each in verify(address, data=settings.DATA_DIR) if each.wrong}
    assert not wrong, wrong


def _years(offices, families, chance):
    """Each office goes on at its own pace, its next stage at times before the last is closed."""
    going = {office: [] for office in offices}
    left = {office: list(STAGES_RUN) for office in offices}
    while any(left.values()) or any(going.values()):
        office = chance.choice([each for each in offices if left[each] or going[each]])
        if left[office] and (not going[office] or (len(going[office]) == 1 and chance.random() < 0.05)):
            stage = left[office].pop(0)
            families.stage = max(families.stage, stage)
            going[office].append(_stage(office, stage))
        running = chance.choice(going[office])
        if next(running, "over") == "over":
            going[office].remove(running)
        for _ in range(chance.choice((0, 1, 1, 2, 3))):
            families.happens()
        if chance.random() < 0.05:
            office.late()


def _stage(office, stage):
    yield from office.run(stage)
    yield from office.settle(stage)
    if stage != STAGES_RUN[-1]:
        yield from office.end(stage)


def _last_round(offices, families):
    """Everything that can be paid is, by the last stage; then that is closed too."""
    last = STAGES_RUN[-1]
    families.everything_usable()
    for _ in range(3):
        for office in offices:
            office.report(last, kindly=True)
            while office.rounds(last, owed=True):
                office.report(last, kindly=True)
    for office in offices:
        with in_territory(office.people.officer):
            assert not waiting_held(office.people.officer).exists(), "what can be paid by now was not"
        for _ in office.end(last):
            pass


def _once_and_right(books):
    wrong = []
    for stage in STAGES_RUN:
        for household in books.households.values():
            wrong += [(stage, household.no, why) for why in _wrong(books, stage, household)]
    assert not wrong, "\n".join(
        f"{stage} {no}: {why}\n    {_story(books, stage, books.households[no])}" for stage, no, why in wrong
    )


def _story(books, stage, household):
    """Freezings of the stage and the family's lives, by their moments."""
    frozen = {moment: f"{region} freezes" for (region, of), moment in books.frozen.items() if of == stage}
    lives = {since: f"{life.village} {life.status} {life.due(stage)}" for since, life in household.lives}
    with in_territory(EVERYWHERE):
        held = HeldPayment.objects.filter(
            family__family_no=household.no, cycle__year=stage[0], cycle__stage=stage[1]
        ).order_by("id")
        told = list(held.values_list("cycle__region_code", "reason", "amount_rupiah"))
        paid = Payment.objects.filter(payment_id__startswith=f"{stage[0]}-{stage[1]}-{household.no}")
        lists = list(paid.values_list("payment_id", "cycle__region_code", "owed_by__region_code", "list__round"))
    suspended = household.suspended.get(stage, [])
    return f"{sorted((frozen | lives).items())} suspended {suspended} held {told} paid {lists}"


def _wrong(books, stage, household):
    wanted = books.wanted(stage, household)
    mine = [told for told in books.sent.values() if told[:2] == (stage, household.no)]
    firsts = [told for told in mine if not told[3]]
    if len(firsts) > 1:
        yield f"ordered {len(firsts)} times"
    got = books.got(stage, household)
    if not firsts:
        if wanted and not _held(stage, household):
            yield f"due {wanted}, got nothing, and nobody says why"
        elif wanted:
            yield f"due {wanted}, held still: {_held(stage, household)}"
        if books.nobody_can_miss(stage, household) and not _held(stage, household):
            yield "in no freezing, due money all the while, and nobody found it"
        return
    _, _, amount, _, region = firsts[0]
    right = {wanted[region]} if region in wanted else books.came_into(stage, household).get(region, set())
    if amount not in right:
        yield f"ordered {amount} by {region}, due {right}"
    if got > amount:
        yield f"got {got} of {amount}"
    if got < amount and got != amount - 50_000 and not _told_back(stage, household):
        yield f"got {got} of {amount}, and nobody says why"


def _held(stage, household):
    with in_territory(EVERYWHERE):
        cycles = list(Cycle.objects.filter(year=stage[0], stage=stage[1]))
        return sorted(held_in_force(*cycles).filter(family__family_no=household.no).values_list("reason", flat=True))


def _told_back(stage, household):
    """What is lacking stands as an exception that somebody works."""
    with in_territory(EVERYWHERE):
        mine = Payment.objects.filter(payment_id__startswith=f"{stage[0]}-{stage[1]}-{household.no}")
        return ExceptionCase.objects.filter(payment__in=mine).exclude(state="GONE").exists()


def _closed_stages_stay(offices):
    now = every_row()
    for office in offices:
        for stage, (rows, frozen) in office.closed_as.items():
            for table, told in rows.items():
                assert told <= now[table], (stage, table, sorted(told - now[table])[:3])
            assert office.kept(stage)[1] == frozen

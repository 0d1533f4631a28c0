"""What an office does of a stage, one step after the other, by the real actions; the bank beside it."""

from datetime import timedelta

from django.db import transaction
from django_scopes import scopes_disabled

from gandeng.accounts.acting import acting_for, in_territory
from gandeng.accounts.models import Grant
from gandeng.jobs.work import WorkRefused
from gandeng.payments import actions
from gandeng.payments.actions.cycles import frozen_of
from gandeng.payments.models import Cycle, Payment
from gandeng.payments.refused import Refused
from gandeng.payments.tests.steps import People, approved, instructed
from gandeng.reconciliation.actions import statements
from gandeng.reconciliation.actions.exceptions import Act, act_on, decide_reissue
from gandeng.reconciliation.actions.files import CameBefore, NotReceived
from gandeng.reconciliation.actions.reissues import carry_over, make_reissue_round
from gandeng.reconciliation.models import ExceptionCase, ReissueRequest, ResultFile, Signature
from gandeng.reconciliation.tests import after
from gandeng.reconciliation.tests.world import send, silent, told, withdraw
from gandeng.registry.tests.factories import EVERYWHERE
from tests.journeys.years.oracle import day_of
from tests.simulation import books as rows_of

ADDRESS = "https://contoh.test/periksa/"
CAME_BACK = ("FAILED", "RETURNED")
AGAIN = 0.25
"""How often a step is done twice, or wrongly first."""


class Office:
    """One province."""

    def __init__(self, cast, region, districts, books, chance):
        self.region, self.districts, self.books, self.chance = region, districts, books, chance
        self.people = People(cast, region)
        self.operators = {each: cast("DISTRICT_OPERATOR", each) for each in districts}
        self.coordinators = {each: cast("DISTRICT_COORDINATOR", each) for each in districts}
        self.banks = {each: cast("CHANNEL_OFFICER", region, channel=each) for each in ("BRI", "POS")}
        self.cycles = {}
        """Stage -> id, in the order they were opened."""
        self.closed_as = {}
        """Cycle -> every row that names it, as it was closed, and the bytes it was frozen as."""
        self.files = 0

    def cycle(self, stage):
        return Cycle.objects.get(pk=self.cycles[stage])

    # -- a stage --

    def run(self, stage):
        """One step after the other; between any two of them life goes on."""
        officer = self.people.officer
        with in_territory(officer):
            self.cycles[stage] = actions.open_cycle(officer, *stage, None, self.region).pk
        yield
        yield from self._listed(stage)
        while self.chance.random() < AGAIN:
            yield from self._listed(stage)
        approved(self.people, self.cycle(stage))
        yield
        instructed(self.people, self.cycle(stage))
        self.note(stage)
        yield
        self.report(stage)
        yield

    def _listed(self, stage):
        officer = self.people.officer
        for step in (actions.freeze, actions.calculate, actions.make_lists):
            with in_territory(officer):
                step(officer, self.cycle(stage), silent)
            if step is actions.freeze:
                self.books.frozen[self.region, stage] = self.books.tick()
            yield

    def settle(self, stage):
        """What came back or was held back, as often as it happens to be looked at."""
        while self.chance.random() < 0.6:
            self.rounds(stage, owed=self.chance.random() < 0.5)
            yield

    def end(self, stage):
        """Signed by everybody and closed, however often something comes in between."""
        while self.cycle(stage).state != "CLOSED":
            self.report(stage)
            yield
            self.decide(stage)
            self.sign(stage)
            yield
            if self.cycle(stage).state == "SIGNED":
                self.hold_sums(stage)
                with in_territory(self.people.officer):
                    actions.close_cycle(self.people.officer, self.cycle(stage))
                self.closed_as[stage] = self.kept(stage)
        yield

    def kept(self, stage):
        """Every row that names the cycle, and its frozen bytes."""
        mine = str(self.cycles[stage])
        rows = {table: {row for row in told if mine in row} for table, told in rows_of.every_row().items()}
        folder = frozen_of(self.cycle(stage))
        return rows, {path.name: path.read_bytes() for path in sorted(folder.iterdir())}

    # -- money that is sent again, or was held --

    def rounds(self, stage, *, owed):
        """A supplementary round, from its lists to the bank's answer; nothing where there is nothing to pay."""
        cycle, officer = self.cycle(stage), self.people.officer
        with in_territory(officer):
            carry_over(officer, cycle)
        self.decide(stage)
        try:
            with in_territory(officer):
                number = make_reissue_round(officer, cycle, silent, owed=owed)
        except Refused:
            return False
        if not after.supplementary(cycle, number):
            return False
        after.approve_round(self.people, cycle, number)
        after.send_round(self.people, cycle, number)
        self.note(stage)
        return True

    def decide(self, stage):
        """Two people agree to send again whatever came back whole."""
        with in_territory(EVERYWHERE):
            asked = ReissueRequest.objects.filter(state__in=("ASKED", "APPROVED")).values("payment")
            came = ExceptionCase.objects.filter(cycle=self.cycles[stage], row=None, kind__in=CAME_BACK)
            open_cases = list(came.filter(state__in=("OPEN", "WITH_BANK")).exclude(payment__in=asked))
        for case in open_cases:
            district = case.region_code[:4]
            with in_territory(self.operators[district]):
                found = ExceptionCase.objects.select_related("cycle", "payment").get(pk=case.pk)
                act_on(self.operators[district], found, Act.REISSUE, reason="Diganti", evidence="Retur 7")
            with in_territory(self.coordinators[district]):
                request = ReissueRequest.objects.select_related("exception__cycle").get(exception=case, state="ASKED")
                decide_reissue(self.coordinators[district], request, approve=True, reason="Sesuai")

    # -- the bank --

    def ordered(self, stage):
        with in_territory(EVERYWHERE), scopes_disabled():
            sent = Payment.objects.filter(cycle=self.cycles[stage], list__state="INSTRUCTED")
            return list(sent.select_related("list", "family", "owed_by").order_by("payment_id"))

    def note(self, stage):
        """What was ordered now."""
        for each in self.ordered(stage):
            of = (each.owed_by.year, each.owed_by.stage) if each.owed_by else stage
            if each.reissue_of_id:
                of = self.books.sent[each.reissue_of_id][0]
            told_of = (of, each.family.family_no, each.amount_rupiah, each.reissue_of_id, self.region)
            self.books.sent.setdefault(each.pk, told_of)

    def report(self, stage, *, kindly=False):
        """The bank tells what it has not told yet; a file comes twice, or a wrong one first."""
        for channel, bank in self.banks.items():
            mine = [each for each in self.ordered(stage) if each.channel == channel and each.pk not in self.books.has]
            rows, has = [], {}
            for each in mine:
                events, has[each.pk] = self._events(each, kindly=kindly)
                if events is None:
                    del has[each.pk]
                    continue
                day = (day_of(stage) + timedelta(days=20)).isoformat()
                rows += [told(each, event, amount, day=day) for event, amount in events]
            if not rows:
                continue
            if self.chance.random() < AGAIN:
                told_of = [each for each in mine if each.pk in has]
                wrong = [told(each, "FAILURE", "", reference=f"X{self.number()}") for each in told_of]
                withdraw(self.people.officer, self._file(bank, stage, wrong, channel))
            self._file(bank, stage, rows, channel)
            self.books.has |= has
            if self.chance.random() < AGAIN:
                try:
                    self._file(bank, stage, rows, channel)
                except CameBefore:
                    continue
                raise AssertionError("the same file came in twice")

    def _events(self, payment, *, kindly):
        whole = payment.amount_rupiah
        draw = 0.0 if kindly else self.chance.random()
        if draw < 0.74:
            return [("CREDIT", whole)], whole
        if draw < 0.83:
            return [("FAILURE", "")], 0
        if draw < 0.92:
            return [("CREDIT", whole), ("REVERSAL", whole)], 0
        if draw < 0.95:
            return [("CREDIT", whole), ("REVERSAL", 50_000)], whole - 50_000
        return None, 0

    def number(self):
        self.files += 1
        return f"{self.region}-{self.files}"

    def _file(self, bank, stage, rows, channel):
        file = send(bank, self.cycle(stage), rows, name=f"{self.number()}.csv", channel=channel, region=self.region)
        assert file.state == ResultFile.State.TAKEN, file.state
        return file

    def late(self):
        """Money of a closed stage comes back after all."""
        closed = [stage for stage in self.cycles if self.cycle(stage).state == "CLOSED"]
        if not closed:
            return
        stage = self.chance.choice(closed)
        there = [each for each in self.ordered(stage) if self.books.has.get(each.pk) == each.amount_rupiah]
        if not there:
            return
        each = self.chance.choice(there)
        row = told(each, "REVERSAL", reference=f"L{self.number()}", day="2025-12-20", reason="terlambat")
        try:
            self._file(self.banks[each.channel], stage, [row], each.channel)
        except (NotReceived, WorkRefused):
            return
        self.books.has[each.pk] = 0

    # -- signing --

    def sign(self, stage):
        with in_territory(EVERYWHERE):
            there = sorted({each.list.district_code for each in self.ordered(stage)})
        for place in (*there, self.region):
            maker = self.people.province if place == self.region else self.coordinators[place]
            with in_territory(maker):
                made = self._in_force(stage, place) or statements.make_statement(maker, self.cycle(stage), place)
            with in_territory(EVERYWHERE):
                missing = statements.missing(made, list(Signature.objects.filter(statement=made)))
            for each in missing:
                who = self._signs(place, each)
                with in_territory(who):
                    statements.sign(
                        who, made, capacity=each.capacity, channel=each.channel, digest=made.digest, address=ADDRESS
                    )

    def _in_force(self, stage, place):
        found = statements.Statement.objects.filter(cycle=self.cycles[stage], region_code=place, voided_at=None)
        return found.first()

    def _signs(self, place, needed):
        if needed.channel:
            return self.banks[needed.channel]
        if place == self.region:
            return self.people.province
        return self.people.head(place) if needed.capacity == "HEAD" else self.coordinators[place]

    def hold_sums(self, stage):
        """Orders = journal = statements up the levels = what the bank says."""
        ordered = self.ordered(stage)
        on_accounts = sum(self.books.has.get(each.pk, 0) for each in ordered)
        cycle = self.cycle(stage)
        with in_territory(EVERYWHERE):
            figures = {
                each.region_code: each.figures["total"]
                for each in statements.Statement.objects.filter(cycle=cycle, voided_at=None)
            }
            booked = after.money(cycle, later=False)
        top = figures.pop(self.region)
        assert top["instructed"] == sum(each["instructed"] for each in figures.values())
        assert top["instructed"] == sum(each.amount_rupiah for each in ordered), stage
        assert top["net"] == sum(each["net"] for each in figures.values()) == on_accounts, (stage, top, on_accounts)
        assert booked.get("CREDITED", 0) + booked.get("DRAWN", 0) == on_accounts, (stage, booked, on_accounts)
        assert sum(booked.values()) == 0


def grant_everywhere(cast, role, regions):
    """One person who holds the role in each of them."""
    acting = cast(role, regions[0])
    with transaction.atomic():
        for region in regions[1:]:
            Grant.objects.create(person_id=acting.person_id, role=role, region_code=region, valid_from="2024-01-01")
    return acting_for(acting.person_id, cast.today)

"""What people and banks do about money that goes to the treasury, in any order, mixed with all else they do."""

from datetime import date

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.simulation import bank
from tests.simulation.machine import SENDERS, channels, person, regions
from tests.simulation.machine_after import AfterMachine, which
from tests.simulation.oracle_treasury import GOES

chosen = st.sampled_from([GOES, GOES, GOES[:2], GOES[:2], *((account,) for account in GOES)])
tellers = person("officer", "second officer", "bri", "pos", "officer and head")
deciders = person("province head", "province head", "officer and head", "head of both", "ministry")


class TreasuryMachine(AfterMachine):
    """Deposits of any cycle's money there is."""

    def reported_cycles(self):
        return [cycle for cycle in self.office.model.chain if cycle.outcomes]

    def has_reports(self):
        return bool(self.reported_cycles())

    def about(self, which):
        return self.reported_cycles()[which % len(self.reported_cycles())]

    @precondition(has_reports)
    @rule(
        name=tellers, which=which, channel=channels, region=regions, accounts=chosen,
        off=st.sampled_from([0] * 7 + [1]), all_but=st.sampled_from([None, None, None, 0, 1]),
        again=st.sampled_from([False] * 5 + [True]),
        until=st.sampled_from([None, None, None, date(2024, 5, 17), date(2024, 6, 20)]),
    )  # fmt: skip
    def tell_deposit(self, name, which, channel, region, accounts, off, all_but, again, until):
        about, deposits = self.about(which), self.model.every_deposit
        there = sorted({payment for payment, _ in about.could_go(channel, region, accounts)})
        left_out = [] if all_but is None else there[all_but : all_but + 1]
        told = {"receipt": deposits[-1].receipt if again and deposits else "", "off": off, "until": until}
        self.office.tell_deposit(
            self.who(name), channel, *accounts, about=about, region=region, left_out=left_out, **told
        )

    @precondition(has_reports)
    @rule(which=which, channel=channels, accounts=chosen)
    def deposit(self, which, channel, accounts):
        self.office.deposit(channel, *accounts, about=self.about(which))

    def has_deposits(self):
        return bool(self.office.model.every_deposit)

    def one_of_them(self, which):
        newest = self.model.every_deposit[::-1]
        return newest[which % len(newest)]

    @precondition(has_deposits)
    @rule(which=st.integers(0, 5), name=deciders, confirm=st.sampled_from([True, True, True, False]))
    def decide_deposit(self, which, name, confirm):
        self.office.decide_deposit(self.who(name), self.one_of_them(which), confirm=confirm)

    @precondition(has_deposits)
    @rule(which=st.integers(0, 5), name=tellers)
    def take_back_deposit(self, which, name):
        self.office.take_back_deposit(self.who(name), self.one_of_them(which))

    @precondition(has_deposits)
    @rule(which=st.integers(0, 5), name=deciders)
    def void_deposit(self, which, name):
        self.office.void_deposit(self.who(name), self.one_of_them(which))

    @precondition(has_deposits)
    @rule(
        which=which, now=st.booleans(), part=st.sampled_from([1, 1, 2]),
        event=st.sampled_from(["CREDIT", "CREDIT", "REVERSAL", "REVERSAL", "FAILURE", "WITHDRAWAL"]),
    )  # fmt: skip
    def told_of_what_is_deposited(self, which, now, part, event):
        """The bank says something of a payment that somebody told as deposited, mostly what contradicts it."""
        deposit = self.one_of_them(which)
        payments = sorted({payment for payment, _ in deposit.rows})
        fact = deposit.about.facts[payments[which % len(payments)]]
        self.told += 1
        amount = None if event == "FAILURE" else fact.amount // part
        row = bank.tell(fact, event, amount, reference=f"R{self.told}", day="2024-07-20")
        self.send(SENDERS[fact.channel], fact.channel, "63", [row], None, now, deposit.about)

"""What people and banks do beyond one cycle, in any order, mixed with all they do within one."""

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from tests.simulation import bank
from tests.simulation.machine import (
    ODD,
    SENDERS,
    TRUE,
    CycleMachine,
    ages,
    chances,
    channels,
    levels,
    person,
    regions,
    senders,
)  # fmt: skip
from tests.simulation.oracle_after import RECEIVING

STAGES = ("reported", "next reported", "closed", "next listed", "signed", "next signed", "next closed")
CYCLES_MAX = 3
which = st.integers(0, 30)


class AfterMachine(CycleMachine):
    """Up to three cycles, one after the other."""

    @initialize(stage=st.sampled_from(STAGES))
    def begin(self, stage):
        self.office = self.world.enter(stage)

    # -- money that is sent again --

    def receives(self):
        return self.office.model.state in RECEIVING

    @precondition(lambda self: self.receives() and self.has_cases())
    @rule()
    def agree_all(self):
        self.office.agree_all()

    def may_be_listed(self):
        model = self.office.model
        return any(cycle.reissues or cycle.held() for cycle in model.chain)

    @precondition(may_be_listed)
    @rule(name=person("officer", "second officer"), owed=st.booleans())
    def make_round(self, name, owed):
        self.office.make_round(self.who(name), owed)

    @precondition(lambda self: self.receives() or self.office.model.state == "CLOSED")
    @rule()
    def release(self):
        self.office.release()

    def round_lists(self):
        return sorted((key for key in self.office.seen_roots if len(key) > 2), key=str)

    def has_round(self):
        return bool(self.round_lists())

    @precondition(has_round)
    @rule(name=person("second officer", "province head", "head 6371", "head 6372"), which=which, level=levels, age=ages)
    def say_yes_to_money_sent_again(self, name, which, level, age):
        lists = self.round_lists()
        key = lists[which % len(lists)]
        self.office.say_yes(self.who(name), key, level, self.seen(key, age))

    @precondition(has_round)
    @rule(name=person("province head", "head 6371"), which=which, age=ages)
    def refuse_money_sent_again(self, name, which, age):
        lists = self.round_lists()
        key = lists[which % len(lists)]
        self.office.refuse(self.who(name), key, self.seen(key, age))

    @precondition(has_round)
    @rule()
    def approve_round(self):
        self.office.approve_round()

    @precondition(has_round)
    @rule(name=person("officer", "second officer", "ministry"), back=st.sampled_from([0, 0, 0, 1]))
    def send_again(self, name, back):
        last = max(key[2] for key in self.round_lists())
        self.office.send_again(self.who(name), max(1, last - back))

    @precondition(lambda self: self.receives() and (self.model.to_send() or self.office.model.usable))
    @rule(owed=st.booleans())
    def send_round(self, owed):
        self.office.send_round(owed)

    @precondition(lambda self: self.receives() or self.office.model.state == "CLOSED")
    @rule(which=which)
    def new_account(self, which):
        families = sorted({fact.family for fact in self.model.facts.values()})
        self.office.new_account(families[which % len(families)])

    def agreed_on(self):
        """Payments whose money is sent again, or about to be, with the cycle they are of."""
        asked = {each.case for cycle in self.office.model.chain for each in cycle.reissues if each.state == "APPROVED"}
        return sorted((key, self.office.model.owner(key)) for key in asked)

    @precondition(lambda self: bool(self.agreed_on()))
    @rule(
        which=which, event=st.sampled_from(["CREDIT", "CREDIT", "REVERSAL", "FAILURE", "WITHDRAWAL"]), now=st.booleans()
    )
    def told_of_what_is_sent_again(self, which, event, now):
        """The bank says something of the original meanwhile, mostly that it arrived after all."""
        asked = self.agreed_on()
        key, cycle = asked[which % len(asked)]
        self.told += 1
        fact = cycle.facts[key]
        row = bank.tell(fact, event, reference=f"R{self.told}", day="2024-07-20")
        self.send(SENDERS[fact.channel], fact.channel, "63", [row], None, now, cycle)

    # -- after the closing --

    def closed(self):
        return [cycle for cycle in self.office.model.chain if cycle.state == "CLOSED"]

    @precondition(lambda self: self.office.model.state == "CLOSED" and len(self.office.shelves) < CYCLES_MAX)
    @rule(name=person("officer", "second officer"))
    def open_next(self, name):
        self.office.open_next(self.who(name))

    @precondition(lambda self: bool(self.closed()))
    @rule(
        channel=channels, name=senders, region=regions, rows=st.integers(1, 4), chance=chances, now=st.booleans(),
        odd=st.sampled_from([False, False, True]),
    )  # fmt: skip
    def report_late(self, channel, name, region, rows, chance, now, odd):
        """About a closed cycle."""
        region = "6371" if name.endswith("6371") else region
        about = chance.choice(self.closed())
        told = [self.row(channel, region, ODD if odd else TRUE, chance, about) for _ in range(rows)]
        self.send(name or SENDERS[channel], channel, region, told, None, now, about)

    @precondition(lambda self: len(self.office.model.chain) > 1 and any(c.files for c in self.office.model.chain))
    @rule(which=which, to=which, name=senders)
    def the_same_about_another(self, which, to, name):
        """A file there is, said to be about this or another cycle."""
        files = [file for cycle in self.model.chain for file in cycle.files]
        file, about = files[which % len(files)], self.model.chain[to % len(self.model.chain)]
        who = self.who(name or SENDERS[file.channel])
        self.office.receive(who, file.channel, file.region, file.rows, name="salinan.csv", about=about)

    @precondition(lambda self: bool(self.office.model.before))
    @rule(name=person("officer", "second officer"))
    def carry_over(self, name):
        self.office.carry_over(self.who(name))

    @precondition(lambda self: self.office.model.state != "CLOSED")
    @rule()
    def end(self):
        self.office.end()

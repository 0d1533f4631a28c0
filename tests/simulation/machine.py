"""What people and banks do with a cycle, in any order: rules that draw, and leave the doing to the office."""

import random

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from gandeng.office.verify import verify
from tests.simulation import bank
from tests.simulation.oracle import ACTS, CHANNELS, DISTRICTS
from tests.simulation.world import PEOPLE

STAGES = ("instructed", "reported", "calculated", "listed", "approved", "districts signed", "signed", "closed")
SENDERS = {"BRI": "bri", "POS": "pos"}


def person(*usual):
    """Mostly one of the usual people, now and then anybody."""
    return st.sampled_from([*usual * (40 // len(usual)), *PEOPLE])


places = st.sampled_from([(district, channel) for district in DISTRICTS for channel in CHANNELS])
channels = st.sampled_from(CHANNELS)
regions = st.sampled_from(["63"] * 8 + [*DISTRICTS])
senders = person("", "", "", "officer", "operator 6371", "bri 6371")
"""'' is the channel's own officer."""
levels = st.sampled_from(["PREPARE", "DISTRICT", "PROVINCE", "CENTRE"])
ages = st.sampled_from([0, 0, 0, 1, 2])
"""How old the page is that somebody decides from: 0 is what is there now."""

TRUE = {
    "event": ("CREDIT", "CREDIT", "CREDIT", "REVERSAL", "FAILURE", "WITHDRAWAL"),
    "part": ("whole", "whole", "half", "double"),
    "keys": ("all", "all", "id", "account", "nik"),
    "reference": ("fresh", "own", "none"),
    "day": ("2024-05-17", "2024-05-17", "2024-06-20"),
    "reason": ("", "F14 REKENING PASIF", "F02", "salah nama"),
}
ODD = {
    "event": ("CREDIT", "CREDIT", "REVERSAL", "FAILURE", "WITHDRAWAL", "ENTAH"),
    "part": ("whole", "whole", "half", "nothing"),
    "keys": ("all", "other account", "other nik", "other id", "nobody", "damaged", "none"),
    "reference": ("own", "fresh", "none", "shared"),
    "day": ("2024-05-17", "2024-01-02", "2026-12-31"),
    "reason": ("", "F14 REKENING PASIF"),
}
"""What a row can be like: about a payment of the bank's own, and about anything else."""
MANGLES = ("as it is", "as it is", "doubled", "backwards", "shuffled", "with an earlier file", "cut in two")
chances = st.integers(0, 2**32).map(lambda seed: random.Random(seed))
"""Rows are drawn evenly from these; what Hypothesis shrinks are their number and the steps."""


class CycleMachine(RuleBasedStateMachine):
    """One cycle, from any of its stages on; `world` is set by whoever runs it."""

    world = None

    def __init__(self):
        super().__init__()
        self.office = None
        self.told = 0

    @initialize(stage=st.sampled_from(STAGES))
    def begin(self, stage):
        self.office = self.world.enter(stage)

    def teardown(self):
        if self.office is None:
            return
        try:
            wrong = {found.check: found.examples for found in verify(self.world.address) if found.wrong}
            assert not wrong, wrong
        finally:
            self.world.leave()

    @invariant()
    def the_books_are_those_of_the_oracle(self):
        if self.office is not None:
            self.office.look()

    # -- lists --

    @property
    def model(self):
        return self.office.model

    def who(self, name):
        return self.model.people[name]

    def before_instruction(self):
        """Or after the end, when nothing may be done."""
        return self.office.model.state in ("CALCULATED", "LISTED", "APPROVED", "CLOSED")

    @precondition(lambda self: self.before_instruction() and not self.office.jobs)
    @rule(name=person("officer", "officer and head"))
    def begin_again(self, name):
        self.office.begin_again(self.who(name))

    @precondition(before_instruction)
    @rule(name=person("officer", "second officer"))
    def make_lists(self, name):
        self.office.make_lists(self.who(name))

    def has_lists(self):
        return bool(self.office.seen_roots)

    def lists_are_out(self):
        return self.has_lists() and self.before_instruction()

    def seen(self, place, age):
        known = self.office.seen_roots[place]
        return known[-1 - age % len(known)]

    @precondition(lists_are_out)
    @rule(
        name=person("second officer", "province head", "head 6371", "head 6372"), place=places, level=levels, age=ages
    )
    def say_yes(self, name, place, level, age):
        self.office.say_yes(self.who(name), place, level, self.seen(place, age))

    @precondition(lists_are_out)
    @rule(name=person("second officer", "officer and head", "head of both", "province head"), place=places)
    def say_yes_in_turn(self, name, place):
        turn = {"DRAFT": "PREPARE", "SUBMITTED": "DISTRICT"}.get(self.model.lists[place].state, "PROVINCE")
        self.office.say_yes(self.who(name), place, turn)

    @precondition(lists_are_out)
    @rule(name=person("province head", "head 6371"), place=places, age=ages)
    def refuse(self, name, place, age):
        self.office.refuse(self.who(name), place, self.seen(place, age))

    @precondition(lambda self: self.office.model.state == "LISTED")
    @rule()
    def approve_all(self):
        self.office.approve_all()

    @precondition(lists_are_out)
    @rule(name=person("officer", "ministry"))
    def instruct(self, name):
        self.office.instruct(self.who(name))

    # -- banks --

    @precondition(has_lists)
    @rule(channel=channels, name=senders, region=regions, now=st.booleans())
    def everything_arrived(self, channel, name, region, now):
        region = "6371" if name.endswith("6371") else region
        facts = [f for f in self.model.facts.values() if f.channel == channel and f.village.startswith(region)]
        rows = [bank.tell(fact) for fact in facts]
        self.send(name or SENDERS[channel], channel, region, rows, None, now)

    @precondition(has_lists)
    @rule(channel=channels, name=senders, region=regions, rows=st.integers(1, 5), chance=chances, now=st.booleans())
    def report(self, channel, name, region, rows, chance, now):
        """Right, late, half, double, reversed, told again: all of payments of its own."""
        region = "6371" if name.endswith("6371") else region
        told = [self.row(channel, region, TRUE, chance) for _ in range(rows)]
        self.send(name or SENDERS[channel], channel, region, told, None, now)

    @precondition(has_lists)
    @rule(
        channel=channels, name=senders, region=regions, rows=st.integers(1, 5), chance=chances, now=st.booleans(),
        mangle=st.sampled_from(MANGLES), off=st.sampled_from([(0, 0)] * 6 + [(1, 0), (0, -1)]),
    )  # fmt: skip
    def report_oddly(self, channel, name, region, rows, chance, now, mangle, off):
        """Rows that are nobody's or somebody else's, files doubled, cut, mixed with earlier ones, totals mistyped."""
        region = "6371" if name.endswith("6371") else region
        told = [self.row(channel, region, chance.choice((TRUE, ODD)), chance) for _ in range(rows)]
        told = self.mangled(told, mangle, chance)
        cuts = [told[: len(told) // 2], told[len(told) // 2 :]] if mangle == "cut in two" else [told]
        for part in filter(None, cuts):
            typed = (len(part) + off[0], bank.total(part) + off[1])
            self.send(name or SENDERS[channel], channel, region, part, typed, now)

    def row(self, channel, region, like, chance, about=None):
        """About a payment of the channel and region, now and then about any other: a foreign row."""
        facts = list((about or self.model).facts.values())
        own = [fact for fact in facts if fact.channel == channel and fact.village.startswith(region)]
        fact = chance.choice(facts if like is ODD and chance.random() < 0.1 else own)
        other = chance.choice(own)
        spec = {name: chance.choice(choices) for name, choices in like.items()}
        self.told += 1
        row = bank.tell(
            fact, spec["event"],
            {"whole": fact.amount, "half": fact.amount // 2, "double": 2 * fact.amount, "nothing": ""}[spec["part"]],
            reference={"own": "", "fresh": f"R{self.told}", "none": "-", "shared": "SAMA"}[spec["reference"]],
            day=spec["day"], reason=spec["reason"],
        )  # fmt: skip
        row = row.but(bank_reference="") if spec["reference"] == "none" else row
        keys = {
            "all": {},
            "id": {"account_no": "", "nik": ""},
            "account": {"payment_id": "", "nik": "", "account_no": fact.account_no.lstrip("0")},
            "nik": {"payment_id": "TIDAK-ADA", "account_no": ""},
            "none": {"payment_id": "", "account_no": "", "nik": ""},
            "other account": {"account_no": other.account_no},
            "other nik": {"nik": other.nik},
            "other id": {"payment_id": other.payment_id},
            "nobody": {"payment_id": "LAIN", "account_no": "999", "nik": "6371014101800001"},
            "damaged": {"nik": "637101"},
        }
        return row.but(**keys[spec["keys"]])

    def mangled(self, rows, mangle, chance):
        if mangle == "doubled":
            return [*rows, *rows]
        if mangle == "backwards":
            return rows[::-1]
        if mangle == "with an earlier file" and self.model.files:
            return [*rows, *chance.choice(self.model.files).rows]
        if mangle == "shuffled":
            return chance.sample(rows, len(rows))
        return rows

    def send(self, name, channel, region, rows, typed, now, about=None):
        if rows:
            who = self.who(name)
            self.office.receive(who, channel, region, rows, typed=typed, name=f"{self.told}.csv", about=about)
        if now:
            self.office.work(-1)

    def has_files(self):
        return bool(self.office.model.files)

    @precondition(has_files)
    @rule(which=st.integers(0, 9), name=senders, changed=st.booleans())
    def the_same_again(self, which, name, changed):
        """Under another name; or with its rows in another order, which is another file that tells nothing new."""
        file = self.model.files[which % len(self.model.files)]
        name = name or SENDERS[file.channel]
        rows = file.rows[::-1] if changed else file.rows
        self.office.receive(self.who(name), file.channel, file.region, rows, name="salinan.csv")

    @rule(which=st.integers(0, 3))
    def work(self, which):
        """The worker takes a job, mostly the oldest."""
        self.office.work(which if which < 2 else 0)

    @precondition(lambda self: bool(self.office.jobs))
    @rule(which=st.integers(0, 3))
    def stop(self, which):
        self.office.stop(which)

    @precondition(has_files)
    @rule(which=st.integers(0, 9), name=person("second officer", "officer"), now=st.booleans())
    def withdraw(self, which, name, now):
        self.office.withdraw(self.who(name), self.model.files[which % len(self.model.files)])
        if now:
            self.office.work(-1)

    # -- exceptions --

    def has_cases(self):
        return bool(self.office.model.cases)

    def key(self, which):
        keys = sorted(self.model.cases, key=str)
        return keys[which % len(keys)]

    @precondition(has_cases)
    @rule(
        which=st.integers(0, 30),
        name=person("officer", "second officer", "officer", "coordinator 6371"),
        act=st.sampled_from(sorted(ACTS)),
        code=st.sampled_from(["F14", "F02"]),
        evidence=st.sampled_from(["surat 12/2024", "surat 12/2024", ""]),
        reason=st.sampled_from(["sudah dilihat", "sudah dilihat", "sudah dilihat", " "]),
    )
    def act(self, which, name, act, code, evidence, reason):
        self.office.act(self.who(name), self.key(which), act, reason=reason.strip(), evidence=evidence, code=code)

    @precondition(lambda self: any(c.kind in ("RETURNED", "FAILED") for c in self.office.model.cases.values()))
    @rule(which=st.integers(0, 9), name=person("officer", "coordinator 6371"))
    def ask_reissue(self, which, name):
        keys = sorted((k for k, c in self.model.cases.items() if c.kind in ("RETURNED", "FAILED")), key=str)
        self.office.act(self.who(name), keys[which % len(keys)], "REISSUE", evidence="surat 13/2024")

    @precondition(lambda self: bool(self.office.model.reissues))
    @rule(which=st.integers(0, 9), name=person("officer", "second officer", "coordinator 6371"), approve=st.booleans())
    def decide_reissue(self, which, name, approve):
        reissue = self.model.reissues[which % len(self.model.reissues)]
        self.office.decide(self.who(name), reissue, approve=approve)

    # -- signing --

    def has_run(self):
        return self.office.model.runs > 0

    @precondition(has_run)
    @rule(region=st.sampled_from([*DISTRICTS, "63", ""]), name=person("officer", "coordinator 6371", "head 6372"))
    def make_statement(self, region, name):
        self.office.make_statement(self.who(name), region)

    @precondition(lambda self: bool(self.office.model.statements))
    @rule(
        which=st.integers(0, 5),
        name=person("head 6371", "coordinator 6371", "bri", "pos", "head of both", "province head"),
        seat=st.sampled_from([("HEAD", ""), ("HEAD", ""), ("COORDINATOR", ""), ("CHANNEL", "BRI"), ("CHANNEL", "POS")]),
    )
    def sign(self, which, name, seat):
        newest = self.model.statements[::-1]
        self.office.sign(self.who(name), newest[which % len(newest)], *seat)

    @precondition(has_run)
    @rule(region=st.sampled_from([*DISTRICTS, "63"]))
    def sign_all(self, region):
        self.office.sign_all(region)

    @precondition(has_run)
    @rule(name=person("officer", "second officer"))
    def close(self, name):
        self.office.close(self.who(name))

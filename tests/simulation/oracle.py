"""A cycle in plain Python: who may do what now, where the money is, what is signed. Shares no code with the product.

Every `against_…` gives why an act is not possible, '' where it is; every other method does it.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from tests.engines import reconciliation_oracle as contract
from tests.simulation import bank

REGION, DISTRICTS, CHANNELS = "63", ("6371", "6372"), ("BRI", "POS")

MAY = {
    "PROVINCE_OFFICER": {"run", "instruct", "send", "withdraw", "work"},
    "PROVINCE_HEAD": {"approve PROVINCE", "sign PROVINCE"},
    "DISTRICT_HEAD": {"approve DISTRICT", "sign HEAD"},
    "DISTRICT_COORDINATOR": {"withdraw", "work", "sign COORDINATOR"},
    "DISTRICT_OPERATOR": {"send", "work"},
    "MINISTRY_OFFICER": {"run", "instruct", "send"},
    "MINISTRY_HEAD": {"approve CENTRE", "sign CENTRE"},
    "CHANNEL_OFFICER": {"send", "sign CHANNEL"},
    "AUDITOR": set(),
}
"""Written by hand from docs and DESIGN.md, not from `accounts.roles`."""

RIGHT_OF = {
    "PREPARE": "run",
    "DISTRICT": "approve DISTRICT",
    "PROVINCE": "approve PROVINCE",
    "CENTRE": "approve CENTRE",
}
WAITS = {"PREPARE": "DRAFT", "DISTRICT": "SUBMITTED", "PROVINCE": "DISTRICT"}
BECOMES = {"PREPARE": "SUBMITTED", "DISTRICT": "DISTRICT", "PROVINCE": "PROVINCE"}
RECEIVING = ("INSTRUCTED", "RECONCILING", "SIGNED")
LOOKED_AT = ("MISDIRECTED", "CONFLICTING", "UNKNOWN", "AMBIGUOUS", "MALFORMED")

ACTS = {
    "CODE": (("OPEN", "WITH_BANK"), None, False),
    "ASK_BANK": (("OPEN",), "WITH_BANK", False),
    "ACCEPT": (("OPEN", "WITH_BANK"), "WITH_BANK", True),
    "REJECT": (("OPEN", "WITH_BANK"), "SETTLED", False),
    "SETTLE": (("OPEN", "WITH_BANK"), "SETTLED", True),
    "REISSUE": (("OPEN", "WITH_BANK"), None, True),
    "REOPEN": (("WITH_BANK", "SETTLED"), "OPEN", False),
    "NOTE": (("OPEN", "WITH_BANK", "SETTLED"), None, False),
}
"""States before, state after (None: the same), whether evidence is asked."""


@dataclass(frozen=True)
class Person:
    """Role, region and channel of each grant."""

    name: str
    grants: tuple

    def may(self, right, region, channel=""):
        return any(
            right in MAY[role] and region.startswith(where) and (not of or not channel or of == channel)
            for role, where, of in self.grants
        )


@dataclass
class List:
    district: str
    channel: str
    rows: tuple = ()
    state: str = "DRAFT"
    revision: int = 0
    yes: dict = field(default_factory=dict)
    """Level -> person, of the content there is now."""

    @property
    def content(self):
        return (self.district, self.channel, self.revision, self.rows)


@dataclass
class File:
    no: int
    sender: str
    channel: str
    region: str
    rows: tuple
    typed: tuple
    state: str = "RECEIVED"
    waits: bool = True
    """Its reading is in the queue."""


@dataclass
class Case:
    kind: str
    region: str
    channel: str
    stake: int
    code: str = ""
    coded: bool = False
    state: str = "OPEN"


@dataclass
class Reissue:
    case: object
    asked_by: str
    state: str = "ASKED"


@dataclass
class Statement:
    no: int
    region: str
    figures: list
    files: tuple
    signed: list = field(default_factory=list)
    """(capacity, channel, person)."""
    void: bool = False
    minutes: bool = False

    @property
    def level(self):
        return {4: "DISTRICT", 2: "PROVINCE", 0: "CENTRE"}[len(self.region)]


class Model:
    """One cycle of one province."""

    def __init__(self, people, facts, calculated_by):
        self.people = people
        self.facts = facts
        self.state = "CALCULATED"
        self.calculated_by = calculated_by
        self.lists = {}
        self.files = []
        self.runs = 0
        self.outcomes = {}
        self.judged = {}
        self.cases = {}
        self.reissues = []
        self.statements = []

    # -- lists --

    def against_begin_again(self, who):
        if not who.may("run", REGION):
            return "no right"
        if self.state not in ("CALCULATED", "LISTED"):
            return "too late"
        return "lists are out" if any(each.state != "DRAFT" for each in self.lists.values()) else ""

    def begin_again(self, who):
        """Frozen and calculated anew: whoever did it has prepared."""
        self.state, self.calculated_by = "CALCULATED", who.name

    def against_make_lists(self, who):
        if not who.may("run", REGION):
            return "no right"
        return "" if self.state in ("CALCULATED", "LISTED") else "too early or late"

    def make_lists(self):
        for district in DISTRICTS:
            for channel in CHANNELS:
                made = self.lists.setdefault((district, channel), List(district, channel))
                if made.state == "DRAFT":
                    mine = [f for f in self.facts.values() if (f.district, f.channel) == (district, channel)]
                    made.rows = tuple(sorted((f.payment_id, f.amount) for f in mine))
        self.state = "LISTED"

    def against_yes(self, who, each, level, seen):
        if not who.may(RIGHT_OF[level], each.district):
            return "no right"
        if self.state != "LISTED" or level not in WAITS or each.state != WAITS[level] or not each.rows:
            return "not this level's turn"
        if seen != each.content:
            return "stale"
        if level != "PREPARE" and who.name == self.calculated_by:
            return "prepared it"
        return "twice" if who.name in each.yes.values() else ""

    def say_yes(self, who, each, level):
        each.yes[level] = who.name
        each.state = BECOMES[level]
        if level == "PROVINCE" and all(one.state in ("PROVINCE", "INSTRUCTED") for one in self.lists.values()):
            self.state = "APPROVED"

    def against_refusal(self, who, each, seen):
        if not any(who.may(right, each.district) for right in ("run", "approve DISTRICT", "approve PROVINCE")):
            return "no right"
        if self.state not in ("LISTED", "APPROVED") or each.state in ("DRAFT", "INSTRUCTED"):
            return "nothing to return"
        return "stale" if seen != each.content else ""

    def refuse(self, each):
        each.state, each.revision, each.yes = "DRAFT", each.revision + 1, {}
        if self.state == "APPROVED":
            self.state = "LISTED"

    def against_instruct(self, who):
        if not who.may("instruct", REGION):
            return "no right"
        if self.state not in ("LISTED", "APPROVED"):
            return "too early or late"
        return "" if self.ready() else "nothing is approved"

    def ready(self):
        """Channels all of whose lists are approved."""
        return [c for c in CHANNELS if all(self.lists[d, c].state == "PROVINCE" for d in DISTRICTS)]

    def instruct(self):
        for channel in self.ready():
            for district in DISTRICTS:
                self.lists[district, channel].state = "INSTRUCTED"
        if all(each.state == "INSTRUCTED" for each in self.lists.values()):
            self.state = "INSTRUCTED"

    # Supplementary lists of reissues would be rules of this part: made from `reissues` that are APPROVED, each row
    # naming its original, approved like any list; `expected_balances` then moves the original's money to its reissue.

    # -- what banks say --

    def against_receiving(self, who, channel, region, rows):
        if not who.may("send", region, channel):
            return "no right"
        if not region.startswith(REGION) or self.state not in RECEIVING:
            return "not now or not here"
        same = [f for f in self.files if f.rows == rows and f.state in ("RECEIVED", "TAKEN")]
        return "came before" if same and not self._stopped(channel, region, rows) else ""

    def _stopped(self, channel, region, rows):
        """The file whose reading was stopped, and which is therefore read when it is sent again."""
        told = (channel, region, rows, "RECEIVED", False)
        return next((f for f in self.files if (f.channel, f.region, f.rows, f.state, f.waits) == told), None)

    def receive(self, who, channel, region, rows, typed):
        if file := self._stopped(channel, region, rows):
            file.typed, file.waits = typed, True
            return file
        self.files.append(File(len(self.files), who.name, channel, region, rows, typed))
        return self.files[-1]

    def against_reading(self, file):
        return "closed meanwhile" if file.state == "RECEIVED" and self.state not in RECEIVING else ""

    def read(self, file):
        if file.state != "RECEIVED":
            return
        if file.typed != (len(file.rows), bank.total(file.rows)) or any(self._foreign(file, row) for row in file.rows):
            file.state = "REFUSED"
            return
        file.state = "TAKEN"
        self._run()

    def _foreign(self, file, row):
        """Told of another channel, or of a payment outside the file's region, by whichever key names it first."""
        if row.channel != file.channel and row.channel in contract.CHANNELS:
            return True
        told = bank.read(row)
        keys = (
            lambda p: told.payment_id and p.payment_id == told.payment_id,
            lambda p: told.account_no and (p.channel, p.account_no) == (told.channel, told.account_no),
            lambda p: told.nik and p.nik == told.nik,
        )
        for fits in keys:
            found = [p for p in map(bank.listed, self.instructed()) if fits(p)]
            if found:
                return not all(p.district_code.startswith(file.region) for p in found)
        return False

    def against_withdrawal(self, who, file):
        if not who.may("withdraw", file.region, file.channel):
            return "no right"
        if file.sender == who.name or file.state != "TAKEN":
            return "own file or not in use"
        return "closed" if self.state == "CLOSED" else ""

    def withdraw(self, file):
        file.state = "WITHDRAWN"
        resting = {s.region for s in self.in_force() if s.level == "DISTRICT" and file.no in s.files}
        self._void(resting)
        self._run()

    def instructed(self):
        return [self.facts[pid] for each in self.lists.values() if each.state == "INSTRUCTED" for pid, _ in each.rows]

    def in_use(self):
        return [file for file in self.files if file.state == "TAKEN"]

    def _run(self):
        """The contract over all files in use; then what follows from what it changed."""
        payments = [bank.listed(fact) for fact in self.instructed()]
        where = [(file.no, place) for file in self.in_use() for place in range(len(file.rows))]
        rows = [bank.read(row) for file in self.in_use() for row in file.rows]
        placed = contract.place(payments, rows)
        self.judged = {at: (each.disposition, each.payment_id) for at, each in zip(where, placed, strict=True)}
        before, self.outcomes = self.outcomes, contract.outcomes(payments, rows, placed)
        changed = {
            p.district_code
            for p in payments
            if told_of(before.get(p.payment_id)) != told_of(self.outcomes[p.payment_id])
        }
        self.runs += 1
        self._look_at(dict(zip(where, rows, strict=True)))
        if self.in_force():
            self._void(changed)
        if self.state == "INSTRUCTED":
            self.state = "RECONCILING"

    # -- what a person must look at --

    def _look_at(self, rows):
        due = {**self._payments_due(), **self._rows_due(rows)}
        for key, (kind, region, channel, stake, code) in due.items():
            if key not in self.cases:
                self.cases[key] = Case(kind, region, channel, stake, code)
                continue
            case = self.cases[key]
            if case.state == "GONE" or (case.state == "SETTLED" and (case.kind, case.stake) != (kind, stake)):
                case.state = "OPEN"
            case.kind, case.region, case.stake = kind, region, stake
            case.code = case.code if case.coded else code
        for key in self.cases.keys() - due.keys():
            self.cases[key].state = "GONE"

    def _payments_due(self):
        for_place = [(file.channel, file.region) for file in self.in_use()]
        due = {}
        for payment_id, told in self.outcomes.items():
            fact = self.facts[payment_id]
            heard = any(channel == fact.channel and fact.village.startswith(region) for channel, region in for_place)
            if told.outcome == "PAID" or (told.outcome == "UNREPORTED" and not heard):
                continue
            net = told.credited - told.reversed
            stake = max(abs(net - fact.amount), told.withdrawn - told.credited)
            code = re.match(r"(F(?:0[1-9]|1\d|2[0-4]))(?!\d)", told.reason or "")
            due[payment_id] = (told.outcome, fact.village, fact.channel, stake, code[1] if code else "")
        return due

    def _rows_due(self, rows):
        due = {}
        for at, (disposition, payment_id) in self.judged.items():
            if disposition in LOOKED_AT:
                file = self.files[at[0]]
                place = self.facts[payment_id].village if payment_id else file.region
                due[at] = (disposition, place, file.channel, rows[at].amount or 0, "")
        return due

    def against_act(self, who, key, act, *, reason, evidence):
        case = self.cases[key]
        before, _, evidenced = ACTS[act]
        of_row = isinstance(key, tuple)
        if not who.may("work", case.region, case.channel):
            return "no right"
        if self.state == "CLOSED" or case.state not in before or not reason or (evidenced and not evidence):
            return "not now, or nothing to show"
        if act in ("ACCEPT", "REJECT") and not of_row:
            return "of rows alone"
        if act == "ACCEPT" and case.kind not in ("UNKNOWN", "AMBIGUOUS"):
            return "nothing to suggest"
        if act == "REISSUE" and (of_row or case.kind not in ("RETURNED", "FAILED")):
            return "nothing came back"
        open_now = any(each.case == key and each.state in ("ASKED", "APPROVED") for each in self.reissues)
        return "asked already" if act == "REISSUE" and open_now else ""

    def act(self, who, key, act, code):
        case = self.cases[key]
        case.state = ACTS[act][1] or case.state
        if act == "CODE":
            case.code, case.coded = code, True
        if act == "REISSUE":
            self.reissues.append(Reissue(key, who.name))
        if act == "REOPEN":
            for each in self.reissues:
                if each.case == key and each.state == "ASKED":
                    each.state = "TAKEN_BACK"

    def against_deciding(self, who, reissue, approve):
        case = self.cases[reissue.case]
        if not who.may("work", case.region, case.channel):
            return "no right"
        if who.name == reissue.asked_by or reissue.state != "ASKED" or self.state == "CLOSED":
            return "asked it, or decided already"
        back = case.kind in ("RETURNED", "FAILED") and case.state != "GONE"
        return "" if back or not approve else "the money arrived"

    # -- signing --

    def in_force(self):
        return [each for each in self.statements if not each.void]

    def channels_of(self, region):
        return sorted({each.channel for each in self.lists.values() if each.district.startswith(region) and each.rows})

    def needed(self, statement):
        if statement.level == "DISTRICT":
            banks = [("CHANNEL", channel) for channel in self.channels_of(statement.region)]
            return [("HEAD", ""), ("COORDINATOR", ""), *banks]
        return [("HEAD", "")]

    def missing(self, statement):
        given = {(capacity, channel) for capacity, channel, _ in statement.signed}
        return [each for each in self.needed(statement) if each not in given]

    def against_making(self, who, region):
        rights = {4: ("work", "sign HEAD", "sign COORDINATOR"), 2: ("sign PROVINCE", "run"), 0: ("sign CENTRE", "run")}
        if not any(who.may(right, region) for right in rights[len(region)]):
            return "no right"
        if self.state not in ("RECONCILING", "SIGNED") or not region.startswith(REGION):
            return "not now or not here"
        if any(each.region == region for each in self.in_force()):
            return "there is one"
        if len(region) == 4:
            waiting = [f for f in self.files if f.state == "RECEIVED" and _touch(f.region, region)]
            return "a file waits" if waiting else ""
        below = {each.region for each in self.in_force() if each.level == "DISTRICT" and not self.missing(each)}
        return "" if below >= set(DISTRICTS) else "not all are signed beneath"

    def make(self, region):
        used = tuple(f.no for f in self.in_use() if _touch(f.region, region) and f.channel in self.channels_of(region))
        self.statements.append(Statement(len(self.statements), region, self.figures(region), used))
        return self.statements[-1]

    def figures(self, region):
        """By district and channel: payments, instructed, net, withdrawn, counts and rupiah by outcome."""
        rows = []
        for (district, channel), each in sorted(self.lists.items()):
            if not district.startswith(region) or not each.rows:
                continue
            counts, amounts, net, drawn = defaultdict(int), defaultdict(int), 0, 0
            for payment_id, amount in each.rows:
                told = self.outcomes[payment_id]
                counts[told.outcome] += 1
                amounts[told.outcome] += amount
                net += told.credited - told.reversed
                drawn += told.withdrawn
            total = sum(amount for _, amount in each.rows)
            rows.append((district, channel, len(each.rows), total, net, drawn, dict(counts), dict(amounts)))
        return rows

    def against_signing(self, who, statement, capacity, channel):
        level = statement.level
        if (capacity, channel) not in self.needed(statement):
            return "not needed"
        if not who.may(f"sign {level if level == 'PROVINCE' else capacity}", statement.region, channel):
            return "no right"
        if statement.void or self.state == "CLOSED":
            return "void or closed"
        if any(who.name == name for _, _, name in statement.signed):
            return "twice"
        elsewhere = [s for s in self.statements if s.level != level]
        if any(who.name == name for other in elsewhere for _, _, name in other.signed):
            return "signed at another level"
        return "" if (capacity, channel) in self.missing(statement) else "signed by another"

    def sign(self, who, statement, capacity, channel):
        """True where it was the last."""
        statement.signed.append((capacity, channel, who.name))
        complete = not self.missing(statement)
        if complete and statement.region == REGION:
            self.state = "SIGNED"
        return complete

    def _void(self, districts):
        for each in self.in_force():
            if each.region in districts or (districts and len(each.region) < 4):
                each.void = True
        if districts and self.state == "SIGNED":
            self.state = "RECONCILING"

    def against_closing(self, who):
        if not who.may("run", REGION):
            return "no right"
        if self.state != "SIGNED":
            return "not signed"
        return "a reissue is undecided" if any(each.state == "ASKED" for each in self.reissues) else ""

    # Late returns after closing would be rules of this part: booked as corrections in another open cycle.

    # -- where the money is --

    def balances(self):
        """(district, channel) -> account -> rupiah, nothing left out but zeros."""
        books = {}
        for place, each in self.lists.items():
            if each.state not in ("PROVINCE", "INSTRUCTED"):
                continue
            book = books[place] = defaultdict(int)
            for payment_id, amount in each.rows:
                book["FUNDS"] -= amount
                for account, rupiah in self._where(payment_id, amount, each.state).items():
                    book[account] += rupiah
        return {place: {name: sum_ for name, sum_ in book.items() if sum_} for place, book in books.items()}

    def _where(self, payment_id, amount, state):
        """As the table of `places_of_money` says it in words."""
        told = self.outcomes.get(payment_id)
        if state == "PROVINCE":
            return {"NOT_SENT": amount}
        if told is None or (told.outcome in ("UNREPORTED", "FAILED") and told.withdrawn == 0):
            return {"AT_CHANNEL": amount}
        net = told.credited - told.reversed
        if told.outcome == "INCONSISTENT" or told.withdrawn > net:
            return {"DISPUTED": amount}
        if told.outcome == "RETURNED":
            return {"RETURNED": amount}
        stays = min(net, amount)
        drawn = min(told.withdrawn, amount)
        back = min(told.reversed, amount - stays)
        return {"DRAWN": drawn, "CREDITED": stays - drawn, "RETURNED": back, "AT_CHANNEL": amount - stays - back}


def told_of(outcome):
    """What is kept of an outcome, and what may not change beneath a signature."""
    if outcome is None:
        return None
    days = (outcome.days[0], outcome.days[-1]) if outcome.days else (None, None)
    return (outcome.outcome, outcome.credited, outcome.reversed, outcome.withdrawn, outcome.reason or "", *days)


def _touch(one, other):
    return one.startswith(other) or other.startswith(one)

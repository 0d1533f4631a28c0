"""A cycle in plain Python: who may do what now, where the money is, what is signed. Shares no code with the product.

Every `against_…` gives why an act is not possible, '' where it is; every other method does it. What goes beyond one
cycle (money sent again, reports about closed ones) is in `oracle_after`.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace

from tests.engines import reconciliation_oracle as contract
from tests.simulation import bank
from tests.simulation.oracle_after import CAME_BACK, RECEIVING, UNFOUNDED, After, Case, told_of
from tests.simulation.oracle_treasury import Treasury

REGION, DISTRICTS, CHANNELS = "63", ("6371", "6372"), ("BRI", "POS")

MAY = {
    "PROVINCE_OFFICER": {"run", "instruct", "send", "withdraw", "work", "tell deposit"},
    "PROVINCE_HEAD": {"approve PROVINCE", "sign PROVINCE", "decide deposit"},
    "DISTRICT_HEAD": {"approve DISTRICT", "sign HEAD"},
    "DISTRICT_COORDINATOR": {"withdraw", "work", "sign COORDINATOR"},
    "DISTRICT_OPERATOR": {"send", "work"},
    "MINISTRY_OFFICER": {"run", "instruct", "send", "tell deposit"},
    "MINISTRY_HEAD": {"approve CENTRE", "sign CENTRE", "decide deposit"},
    "CHANNEL_OFFICER": {"send", "sign CHANNEL", "tell deposit"},
    "AUDITOR": set(),
}
"""Written by hand, not read from `accounts.roles`."""

RIGHT_OF = {
    "PREPARE": "run",
    "DISTRICT": "approve DISTRICT",
    "PROVINCE": "approve PROVINCE",
    "CENTRE": "approve CENTRE",
}
WAITS = {"PREPARE": "DRAFT", "DISTRICT": "SUBMITTED", "PROVINCE": "DISTRICT"}
WHILE_NOT_CLOSED = ("CALCULATED", "LISTED", "APPROVED", *RECEIVING)
BECOMES = {"PREPARE": "SUBMITTED", "DISTRICT": "DISTRICT", "PROVINCE": "PROVINCE"}
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
    round: int = 0
    accounts: tuple = ()
    """Of a supplementary list, whose rows are of another day than the cycle's."""

    @property
    def place(self):
        return (self.district, self.channel)

    @property
    def key(self):
        return (*self.place, self.round) if self.round else self.place

    @property
    def content(self):
        return (*self.place, self.round, self.revision, self.rows, self.accounts)


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
    about: object = None
    """The closed cycle it tells of; None: the one that has it."""


@dataclass
class Reissue:
    case: object
    asked_by: str
    state: str = "ASKED"


@dataclass
class Statement:
    no: int
    region: str
    figures: tuple
    files: tuple
    signed: list = field(default_factory=list)
    """(capacity, channel, person)."""
    void: bool = False
    minutes: bool = False

    @property
    def level(self):
        return {4: "DISTRICT", 2: "PROVINCE", 0: "CENTRE"}[len(self.region)]


def _event(row):
    """What makes two rows of two stages one event."""
    return row.channel, row.event, row.bank_reference, row.amount, row.occurred_on


class Model(After, Treasury):
    """One cycle of one province; the ones before it are closed."""

    def __init__(self, people, facts, calculated_by, key="2024-2", before=(), waits=(), usable=None):
        self.begin_treasury()
        super().__init__(before, waits, usable)
        self.people, self.facts, self.key = people, facts, key
        self.state = "CALCULATED"
        self.calculated_by = calculated_by
        self.lists = {}
        """By place, those of a supplementary round by place and round."""
        self.files = []
        self.runs = 0
        self.outcomes = {}
        self.judged_about = {}
        """Key of the cycle that files tell of -> (file, row) -> disposition and payment."""
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
        now = self.state in (RECEIVING if each.round else ("LISTED",))
        if not now or level not in WAITS or each.state != WAITS[level] or not each.rows:
            return "not this level's turn"
        if seen != each.content:
            return "stale"
        if level != "PREPARE" and who.name == self.calculated_by:
            return "prepared it"
        return "twice" if who.name in each.yes.values() else ""

    def say_yes(self, who, each, level):
        each.yes[level] = who.name
        each.state = BECOMES[level]
        own = [one for one in self.lists.values() if not one.round]
        if level == "PROVINCE" and not each.round and all(one.state in ("PROVINCE", "INSTRUCTED") for one in own):
            self.state = "APPROVED"

    def against_refusal(self, who, each, seen):
        if not any(who.may(right, each.district) for right in ("run", "approve DISTRICT", "approve PROVINCE")):
            return "no right"
        now = self.state in (RECEIVING if each.round else ("LISTED", "APPROVED"))
        if not now or each.state in ("DRAFT", "INSTRUCTED"):
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
        if all(each.state == "INSTRUCTED" for each in self.lists.values()):  # no round is made before
            self.state = "INSTRUCTED"

    # -- what banks say --

    def against_receiving(self, who, channel, region, rows, about=None):
        if not who.may("send", region, channel):
            return "no right"
        late = about is not None
        if not region.startswith(REGION) or self.state not in (WHILE_NOT_CLOSED if late else RECEIVING):
            return "not now or not here"
        same = [f for f in self.files_about(about or self) if f.rows == rows and f.state in ("RECEIVED", "TAKEN")]
        return "came before" if same and not self._stopped(channel, region, rows, about) else ""

    def _stopped(self, channel, region, rows, about):
        """The file whose reading was stopped, and which is therefore read when it is sent again."""
        told = (channel, region, rows, about, "RECEIVED", False)
        return next((f for f in self.files if (f.channel, f.region, f.rows, f.about, f.state, f.waits) == told), None)

    def receive(self, who, channel, region, rows, typed, about=None):
        if file := self._stopped(channel, region, rows, about):
            file.typed, file.waits = typed, True
            return file
        self.files.append(File(len(self.files), who.name, channel, region, rows, typed, about=about))
        return self.files[-1]

    def against_reading(self, file):
        takes = WHILE_NOT_CLOSED if file.about else RECEIVING
        return "closed meanwhile" if file.state == "RECEIVED" and self.state not in takes else ""

    def read(self, file):
        if file.state != "RECEIVED":
            return
        typed = file.typed == (len(file.rows), bank.total(file.rows))
        if not typed or any(self._foreign(file, row) or self._counted_elsewhere(file, row) for row in file.rows):
            file.state = "REFUSED"
            return
        file.state = "TAKEN"
        self.run(file.about)

    def _foreign(self, file, row):
        """Told of another channel, or of a payment outside the file's region, by whichever key names it first."""
        if row.channel != file.channel and row.channel in contract.CHANNELS:
            return True
        told = bank.read(row)
        keys = (
            lambda p: told.payment_id and p.payment_id == told.payment_id,
            lambda p: told.account_no and (p.channel, p.account_no) == (told.channel, told.account_no),
            lambda p: told.nik and p.nik == told.nik and p.channel == file.channel,
        )
        for fits in keys:
            found = [p for p in map(bank.listed, (file.about or self).instructed()) if fits(p)]
            if found:
                return not all(p.district_code.startswith(file.region) for p in found)
        return False

    def _counted_elsewhere(self, file, row):
        """It names no payment, and the same event of the family was counted for another stage."""
        about, told = file.about or self, bank.read(row)
        named = any(told.payment_id == payment_id for cycle in self.chain for payment_id in cycle.ordered())
        if named or not told.bank_reference:
            return False
        mine = [fact for fact in about.instructed() if fact.channel == told.channel]
        hers = [fact for fact in mine if told.account_no and bank.listed(fact).account_no == told.account_no]
        hers = hers or [fact for fact in mine if told.nik and fact.nik == told.nik]
        families = {fact.family for fact in hers}
        return any(
            _event(bank.read(kept.files[no].rows[place])) == _event(told) and other.facts[payment_id].family in families
            for kept in self.chain for other in self.chain if other is not about
            for (no, place), (disposition, payment_id) in kept.judged_about.get(other.key, {}).items()
            if disposition == "ACCEPTED" and kept.files[no].state == "TAKEN"
        )  # fmt: skip

    def ordered(self):
        """Ids of payments on any list."""
        return [payment_id for each in self.lists.values() for payment_id, _ in each.rows]

    def against_withdrawal(self, who, file):
        if not who.may("withdraw", file.region, file.channel):
            return "no right"
        if file.sender == who.name or file.state != "TAKEN":
            return "own file or not in use"
        return "closed" if self.state == "CLOSED" else ""

    def withdraw(self, file):
        file.state = "WITHDRAWN"
        if not file.about:  # what a late one changed voids what says so
            self.void({s.region for s in self.in_force() if s.level == "DISTRICT" and file.no in s.files})
        self.run(file.about)

    def instructed(self):
        return [self.facts[pid] for each in self.lists.values() if each.state == "INSTRUCTED" for pid, _ in each.rows]

    def in_use(self):
        """Its own; what it has about closed ones is theirs."""
        return [file for file in self.files if file.state == "TAKEN" and not file.about]

    def run(self, about=None):
        """The contract over all files in use about a cycle, its own if none is named; then what follows from changes.

        Of a closed cycle nothing changes: what is different now is this one's.
        """
        about = about or self
        payments = [bank.listed(fact) for fact in about.instructed()]
        files = [file for file in self.files_about(about) if file.state == "TAKEN"]
        where = [(file, place) for file in files for place in range(len(file.rows))]
        rows = [self._told_by(file, bank.read(row), payments) for file in files for row in file.rows]
        placed = contract.place(payments, rows)
        mine = {
            (file.no, place): (row, each)
            for (file, place), row, each in zip(where, rows, placed, strict=True)
            if file in self.files
        }
        self.judged_about[about.key] = {at: (each.disposition, each.payment_id) for at, (_, each) in mine.items()}
        told = contract.outcomes(payments, rows, placed)
        changed = self.booked_late(about, told) if about is not self else self._booked(told)
        self.runs += 1
        self._look_at(about, {at: row for at, (row, _) in mine.items()})
        if self.in_force():
            self.void({about.facts[payment_id].district for payment_id in changed})
        if self.state == "INSTRUCTED" and about is self:
            self.state = "RECONCILING"

    def _told_by(self, file, row, payments):
        """As the file may tell it: who is paid elsewhere by other channels alone is a stranger."""
        hers = [p for p in payments if row.nik and p.nik == row.nik]
        near = any(p.channel == file.channel or p.district_code.startswith(file.region) for p in hers)
        return replace(row, nik=f"9{row.nik[1:]}") if hers and not near else row

    def _booked(self, told):
        before, self.outcomes = self.outcomes, told
        return [each for each in told if told_of(before.get(each)) != told_of(told[each])]

    @property
    def judged(self):
        return {at: each for judged in self.judged_about.values() for at, each in judged.items()}

    # -- what a person must look at --

    def _look_at(self, about, rows):
        payments = self._payments_due() if about is self else self.late_due(about)
        due = {**payments, **self._rows_due(about, rows)}
        for key, (kind, region, channel, stake, code, detail) in due.items():
            if key not in self.cases:
                self.cases[key] = Case(kind, region, channel, stake, code, detail)
                continue
            case = self.cases[key]
            news = case.state == "GONE" or (case.kind, case.stake, case.detail) != (kind, stake, detail)
            if case.state == "GONE" or (case.state == "SETTLED" and (case.kind, case.stake) != (kind, stake)):
                case.state = "OPEN"
            if news and not case.coded and isinstance(key, str):
                case.code = code
            case.kind, case.region, case.stake, case.detail = kind, region, stake, detail
        for key in self.cases.keys() - due.keys():
            if self._tells_of(key) is about:
                self.cases[key].state = "GONE"

    def _tells_of(self, key):
        """The cycle that a case is about."""
        return self.owner(key) if isinstance(key, str) else self.files[key[0]].about or self

    def _payments_due(self):
        for_place = [(file.channel, file.region) for file in self.in_use()]
        due = {}
        for payment_id, told in self.outcomes.items():
            fact = self.facts[payment_id]
            heard = any(channel == fact.channel and fact.village.startswith(region) for channel, region in for_place)
            contradicted = self.is_unfounded(payment_id) or self.is_deposit_unfounded(payment_id)
            if contradicted or (told.outcome != "PAID" and (told.outcome != "UNREPORTED" or heard)):
                due[payment_id] = self.due(payment_id)
        return due

    def due(self, payment_id):
        """Kind, village, channel, rupiah at stake, code, the channel's words."""
        fact, told = self.owner(payment_id).facts[payment_id], self.now(payment_id)
        net = told.credited - told.reversed
        stake = max(abs(net - fact.amount), told.withdrawn - told.credited)
        words = told.reason or ""
        code = re.match(r"(F(?:0[1-9]|1\d|2[0-4]))(?!\d)", words)
        kind = told.outcome
        if self.is_unfounded(payment_id):
            kind, stake = UNFOUNDED, fact.amount
        elif self.is_deposit_unfounded(payment_id):
            kind, stake = "DEPOSIT_UNFOUNDED", self.taken(payment_id).total()
        return (kind, fact.village, fact.channel, stake, code[1] if code else "", words)

    def _rows_due(self, about, rows):
        due = {}
        for at, (disposition, payment_id) in self.judged_about[about.key].items():
            if disposition in LOOKED_AT:
                file = self.files[at[0]]
                place = file.region
                if payment_id and (
                    about.facts[payment_id].channel == file.channel or rows[at].payment_id == payment_id
                ):
                    place = about.facts[payment_id].village
                due[at] = (disposition, place, file.channel, rows[at].amount or 0, "", "")
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
        if act == "REISSUE" and (of_row or case.kind not in CAME_BACK):
            return "nothing came back"
        everywhere = [each for cycle in self.chain for each in cycle.reissues]
        open_now = any(each.case == key and each.state in ("ASKED", "APPROVED") for each in everywhere)
        in_treasury = act == "REISSUE" and self.taken(key)
        return "asked already, or in the treasury" if in_treasury or (act == "REISSUE" and open_now) else ""

    def act(self, who, key, act, code):
        case = self.cases[key]
        case.state = ACTS[act][1] or case.state
        if act == "CODE":
            case.code, case.coded = code, True
        if act == "REISSUE":
            self.reissues.append(Reissue(key, who.name))
        if act == "REOPEN":
            for each in self.reissues:
                if each.case == key and each.state in ("ASKED", "APPROVED") and self.leaves_its_round(key):
                    each.state = "TAKEN_BACK"

    def against_deciding(self, who, reissue, approve):
        case = self.cases[reissue.case]
        if not who.may("work", case.region, case.channel):
            return "no right"
        if who.name == reissue.asked_by or reissue.state != "ASKED" or self.state == "CLOSED":
            return "asked it, or decided already"
        back = case.kind in CAME_BACK and case.state != "GONE"
        return "" if back or not approve else "the money arrived"

    # -- signing --

    def in_force(self):
        return [each for each in self.statements if not each.void]

    def channels_of(self, region):
        sent = [each for each in self.lists.values() if each.state == "INSTRUCTED"]
        return sorted({each.channel for each in sent if each.district.startswith(region)})

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
            own = [file for file in self.files if not file.about]
            waiting = [f for f in own if f.state == "RECEIVED" and _touch(f.region, region)]
            return "a file waits" if waiting else ""
        below = {each.region for each in self.in_force() if each.level == "DISTRICT" and not self.missing(each)}
        return "" if below >= set(DISTRICTS) else "not all are signed beneath"

    def make(self, region):
        used = tuple(f.no for f in self.in_use() if _touch(f.region, region) and f.channel in self.channels_of(region))
        self.statements.append(Statement(len(self.statements), region, self.figures(region), used))
        return self.statements[-1]

    def figures(self, region):
        """By district and channel: payments, instructed, net, withdrawn, counts and rupiah by outcome.

        Then what of it is money sent a second time, and what is moved of closed cycles.
        """
        rows = []
        for place in sorted({each.place for each in self.lists.values() if each.state == "INSTRUCTED"}):
            if not place[0].startswith(region):
                continue
            sent = [row for each in self.lists.values() if each.state == "INSTRUCTED" and each.place == place
                    for row in each.rows]  # fmt: skip
            counts, amounts, net, drawn = defaultdict(int), defaultdict(int), 0, 0
            for payment_id, amount in sent:
                told = self.outcomes[payment_id]
                counts[told.outcome] += 1
                amounts[told.outcome] += amount
                net += told.credited - told.reversed
                drawn += told.withdrawn
            total = sum(amount for _, amount in sent)
            rows.append((*place, len(sent), total, net, drawn, dict(counts), dict(amounts)))
        return rows, self.sent_twice(region), self.corrections(region)

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

    def void(self, districts):
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
        if any(each.round and each.rows and each.state != "INSTRUCTED" for each in self.lists.values()):
            return "a supplementary list is not sent"
        if any(file.state == "RECEIVED" for file in self.files):
            return "a file waits"
        return "a reissue is undecided" if any(each.state == "ASKED" for each in self.reissues) else ""

    def close(self):
        self.signed_books, self.state = self.balances(), "CLOSED"

    # -- where the money is --

    def balances(self):
        """(district, channel) -> account -> rupiah, by all that is known now; nothing left out but zeros."""
        books = defaultdict(lambda: defaultdict(int))
        for each in self.lists.values():
            if each.state != "INSTRUCTED" and (each.round or each.state != "PROVINCE"):
                continue
            for payment_id, amount in each.rows:
                if self.is_sent_again(payment_id):  # it is with the payment that sends it
                    continue
                books[each.place]["FUNDS"] -= amount
                stands = self.where(payment_id, amount, each.state)
                if each.state == "INSTRUCTED":
                    stands = self.less_deposits(payment_id, amount, stands)
                for account, rupiah in stands.items():
                    books[each.place][account] += rupiah
        told = {place: {name: sum_ for name, sum_ in book.items() if sum_} for place, book in books.items()}
        return {place: book for place, book in told.items() if book}

    def where(self, payment_id, amount, state):
        """As the table of `places_of_money` says it in words."""
        told = self.now(payment_id)
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


def _touch(one, other):
    return one.startswith(other) or other.startswith(one)

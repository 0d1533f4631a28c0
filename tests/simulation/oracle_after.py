"""What goes beyond one cycle, in plain Python: money sent again, late reports, what a closed cycle leaves to the next.

The rules are those of docs/decisions/0017, read by hand.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace

RECEIVING = ("INSTRUCTED", "RECONCILING", "SIGNED")
"""States in which banks report, and money that came back is sent again."""
CAME_BACK = ("RETURNED", "FAILED")
UNFOUNDED = "REISSUE_UNFOUNDED"


def again_of(payment_id):
    """`2024-2-KPM1`, `2024-2-KPM1-U1`, `2024-2-KPM1-U2`."""
    told = re.fullmatch(r"(.*)-U(\d+)", payment_id)
    return f"{told[1]}-U{int(told[2]) + 1}" if told else f"{payment_id}-U1"


@dataclass
class Case:
    kind: str
    region: str
    channel: str
    stake: int
    code: str = ""
    detail: str = ""
    """The channel's words, of a payment; what they begin with is its code until a person gives one."""
    coded: bool = False
    state: str = "OPEN"


class After:
    """Of a cycle (`oracle.Model`) among the others of its region."""

    def __init__(self, before, waits=(), usable=None):
        self.before = list(before)
        """Closed cycles, the oldest first."""
        self.waits = {fact.payment_id: fact for fact in waits}
        """What is due to families whose account could not be used when the lists were made."""
        self.usable = set() if usable is None else usable
        """Families among them whose account may be used by now; one set for all cycles."""
        self.next = None
        self.late = {}
        """Payment -> what became of it after this cycle was closed, and the cycle that booked it; the newest."""
        self.booked = []
        """What this cycle booked about closed ones: payment and what is told of it now."""
        self.signed_books = None
        """Where the money was when it was closed."""
        self.books_found = {cycle.key: cycle.balances() for cycle in before}
        """Where the money of closed ones was when this one began."""

    @property
    def chain(self):
        """Every cycle, the oldest first."""
        later, cycle = [], self.next
        while cycle:
            later.append(cycle)
            cycle = cycle.next
        return [*self.before, self, *later]

    def owner(self, payment_id):
        """The cycle whose payment it is."""
        return next(cycle for cycle in self.chain if payment_id in cycle.facts)

    def now(self, payment_id):
        """Its outcome by all that is known; None before there is a run."""
        owner = self.owner(payment_id)
        return owner.late[payment_id][0] if payment_id in owner.late else owner.outcomes.get(payment_id)

    # -- money that was held back --

    def owing(self, owed):
        """Cycles whose held families a round pays."""
        return [self, *self.before] if owed else [self]

    def is_paid(self, payment_id):
        """On a list, of any cycle."""
        return any(payment_id in cycle.facts for cycle in self.chain)

    def held(self):
        """Families of this cycle on no list."""
        return {fact.family for payment_id, fact in self.waits.items() if not self.is_paid(payment_id)}

    # -- money that is sent again --

    def is_sent_again(self, payment_id):
        """Its money is on the way a second time."""
        return any(fact.original == payment_id for cycle in self.chain for fact in cycle.instructed())

    def is_listed_again(self, payment_id):
        """Also on a list that is not sent yet."""
        lists = [each for cycle in self.chain for each in cycle.lists.values() if each.round]
        return any(pid == again_of(payment_id) for each in lists for pid, _ in each.rows)

    def is_unfounded(self, payment_id):
        """Sent again, though by all that is known its money did not come back."""
        return self.now(payment_id).outcome not in CAME_BACK and self.is_sent_again(payment_id)

    def came_back(self, payment_id):
        """All of it, and nobody drew any."""
        told = self.now(payment_id)
        whole = told is not None and told.credited == told.reversed and told.withdrawn == 0
        return whole and told.outcome in CAME_BACK

    def to_send(self):
        """What two people agreed on and nobody sent, here or in a closed cycle."""
        asked = [(cycle, each) for cycle in (*self.before, self) for each in cycle.reissues]
        return [
            (cycle, each) for cycle, each in asked if each.state == "APPROVED" and not self.is_sent_again(each.case)
        ]

    def rounds(self, number=0):
        """Supplementary lists, all or of one round."""
        return [each for each in self.lists.values() if each.round and number in (0, each.round)]

    def round_to_make(self):
        last = max((each.round for each in self.rounds()), default=0)
        sent = any(each.state == "INSTRUCTED" for each in self.rounds(last)) if last else True
        return last + 1 if sent else last

    def against_round(self, who, region, owed=False):
        if not who.may("run", region):
            return "no right"
        if self.state not in RECEIVING:
            return "not now"
        if any(each.state not in ("DRAFT", "INSTRUCTED") for each in self.rounds()):
            return "a round is under way"
        wanted = any(self.came_back(each.case) for _, each in self.to_send())
        drafts = any(each.rows for each in self.rounds() if each.state == "DRAFT")
        held = any(cycle.held() for cycle in self.owing(owed))
        return "" if wanted or drafts or held else "nothing came back, nobody is held"

    def make_round(self, new_list, account_of, owed=False):
        """`account_of` a family, today; `new_list` of a district, channel and round."""
        wanted = []
        for cycle, each in self.to_send():
            if self.came_back(each.case):
                wanted.append(each.case)
            elif cycle is self:
                each.state = "TAKEN_BACK"
        number = self.round_to_make()
        for each in self.rounds(number):
            for payment_id, _ in each.rows:
                del self.facts[payment_id]
            each.rows = each.accounts = ()
        before = [(self.owner(original).facts[original], original) for original in wanted]
        listed = [replace(fact, payment_id=again_of(original), original=original) for fact, original in before]
        for cycle in self.owing(owed):
            ready = [fact for fact in cycle.waits.values() if fact.family in self.usable]
            listed += [fact for fact in ready if not self.is_paid(fact.payment_id)]
        for fact in listed:
            self.facts[fact.payment_id] = replace(fact, account_no=account_of(fact.family))
            key = (fact.district, fact.channel, number)
            made = self.lists.setdefault(key, new_list(*key))
            made.rows = tuple(sorted((*made.rows, (fact.payment_id, fact.amount))))
            made.accounts = tuple(self.facts[payment_id].account_no for payment_id, _ in made.rows)

    def leaves_its_round(self, original):
        """Its row leaves the draft it stands on; False where a list that was handed in has it."""
        again = again_of(original)
        listed = [each for each in self.rounds() if again in dict(each.rows)]
        if any(each.state != "DRAFT" for each in listed):
            return False
        for each in listed:
            del self.facts[again]
            each.rows = tuple(row for row in each.rows if row[0] != again)
            each.accounts = tuple(self.facts[payment_id].account_no for payment_id, _ in each.rows)
        return True

    def originals(self, number):
        listed = [self.facts[payment_id] for each in self.rounds(number) for payment_id, _ in each.rows]
        return [fact.original for fact in listed if fact.original]

    def against_sending_again(self, who, region, number):
        if not who.may("instruct", region):
            return "no right"
        if self.state not in RECEIVING:
            return "not now"
        states = {each.state for each in self.rounds(number) if each.rows}
        if states != {"PROVINCE"}:
            return "not approved, or sent"
        return "" if all(map(self.came_back, self.originals(number))) else "the money arrived meanwhile"

    def send_again(self, number):
        originals = self.originals(number)
        for each in self.rounds(number):
            if each.rows:
                each.state = "INSTRUCTED"
        for original in originals:
            case = self.cases.get(original)
            if case and case.state in ("OPEN", "WITH_BANK"):
                case.state = "SETTLED"
        elsewhere = [self.owner(original) for original in originals]
        self.void({
            cycle.facts[original].district
            for original, cycle in zip(originals, elsewhere, strict=True) if cycle is not self
        })  # fmt: skip
        self.run()

    def sent_twice(self, region):
        """District, channel, payments, rupiah that supplementary lists sent a second time."""
        payments, rupiah = Counter(), Counter()
        for each in self.rounds():
            if each.state == "INSTRUCTED" and each.district.startswith(region):
                again = [amount for payment_id, amount in each.rows if self.facts[payment_id].original]
                payments[each.place] += len(again)
                rupiah[each.place] += sum(again)
        return [(*place, payments[place], rupiah[place]) for place in sorted(payments) if payments[place]]

    # -- what comes after the closing --

    def files_about(self, about):
        """In the order they came."""
        own = [file for file in about.files if not file.about]
        return own + [file for cycle in about.chain for file in cycle.files if file.about is about]

    def booked_late(self, about, told):
        """Keep what is different now of a closed cycle's payments; gives those."""
        changed = [each for each in told if told_of(about.now(each)) != told_of(told[each])]
        for payment_id in changed:
            about.late[payment_id] = (told[payment_id], self)
            self.booked.append((payment_id, told_of(told[payment_id])))
        return changed

    def late_due(self, about):
        """Of a closed cycle: what this one has booked, and what it has taken up."""
        due = {}
        for fact in about.instructed():
            payment_id = fact.payment_id
            mine = payment_id in self.cases or about.late.get(payment_id, (None, None))[1] is self
            contradicted = self.is_unfounded(payment_id) or self.is_deposit_unfounded(payment_id)
            if mine and (contradicted or self.now(payment_id).outcome != "PAID"):
                due[payment_id] = self.due(payment_id)
        return due

    def against_carrying_over(self, who, region):
        if not who.may("run", region):
            return "no right"
        return "closed" if self.state == "CLOSED" else ""

    def left_open(self):
        """Payments of closed cycles that nobody settled, took up or put on a list since, as they are taken up."""
        newest = {}
        for cycle in (*self.before, self):
            for key, case in cycle.cases.items():
                if isinstance(key, str):
                    newest[key] = (cycle, case)
        asked = {
            key: case
            for key, (cycle, case) in newest.items()
            if cycle is not self and self._asks_for_somebody(key, case)
        }
        worked = {key for key, (_, case) in newest.items() if case.state != "GONE"}
        return asked | {key: Case("", "", "", 0) for key in self._never_told_of() - worked}

    def _asks_for_somebody(self, key, case):
        """Settled, it does where the money is neither there, nor on its way, nor in the treasury."""
        if case.state == "GONE":
            return False
        if case.state == "SETTLED":
            return self.now(key).outcome in CAME_BACK and not self.is_listed_again(key) and not self.taken(key).total()
        if self.is_unfounded(key):
            return True
        unpaid = self.now(key).outcome != "PAID" or self.is_deposit_unfounded(key)
        return unpaid and not self.is_listed_again(key)

    def _never_told_of(self):
        """Of closed cycles: signed as not reported on, and nobody has said since that they arrived."""
        unreported = [
            key for cycle in self.before for key, told in cycle.outcomes.items() if told.outcome == "UNREPORTED"
        ]
        return {key for key in unreported if self.now(key).outcome != "PAID"}

    def carry_over(self):
        for key, case in self.left_open().items():
            kind, place, channel, stake, *_ = self.due(key)
            state = "SETTLED" if case.state == "SETTLED" else "OPEN"
            taken = {"kind": kind, "region": place, "channel": channel, "stake": stake, "coded": False, "state": state}
            self.cases[key] = replace(case, **taken)

    def corrections(self, region):
        """What this cycle moved of closed ones: which, district, channel, account, rupiah in or out.

        Not what went to the treasury: papers say what banks reported.
        """
        told = []
        for cycle in self.before:
            was, is_now = self.books_found[cycle.key], cycle.balances()
            moved = defaultdict(int)
            for sign, books in ((-1, was), (1, is_now)):
                for place, book in books.items():
                    for account, rupiah in book.items():
                        moved[(*place, account)] += sign * rupiah
            for what in moved:
                moved[what] -= self.deposited_of_closed[cycle.key, *what]
            told += [(cycle.key, *what, rupiah) for what, rupiah in sorted(moved.items()) if rupiah]
        return [row for row in told if row[1].startswith(region)]


def told_of(outcome):
    """What is kept of an outcome, and what may not change beneath a signature."""
    if outcome is None:
        return None
    days = (outcome.days[0], outcome.days[-1]) if outcome.days else (None, None)
    return (outcome.outcome, outcome.credited, outcome.reversed, outcome.withdrawn, outcome.reason or "", *days)

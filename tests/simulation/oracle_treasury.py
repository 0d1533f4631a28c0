"""Money that goes to the treasury, in plain Python. The rules are those of docs/decisions/0019, read by hand."""

from collections import Counter
from dataclasses import dataclass, field, replace

from tests.simulation.oracle_after import CAME_BACK, RECEIVING

GOES = ("RETURNED", "AT_CHANNEL", "CREDITED")
"""Accounts whose money may go there."""
COUNTS = ("TOLD", "CONFIRMED")
"""States in which a receipt is used up."""
UNDER_WAY = ("OPEN", "WITH_BANK")


@dataclass
class Deposit:
    """A receipt of the treasury and whose money it is for."""

    no: int
    about: object
    """The cycle whose payments they are."""
    channel: str
    region: str
    receipt: str
    told_by: str
    rows: dict = field(default_factory=dict)
    """(payment, account) -> rupiah."""
    state: str = "TOLD"

    @property
    def rupiah(self):
        return sum(self.rows.values())


class Treasury:
    """Of a cycle (`oracle.Model`); deposits are kept with the cycle whose money they are."""

    def begin_treasury(self):
        self.deposits = []
        self.deposited_of_closed = Counter()
        """(cycle, district, channel, account) -> rupiah that deposits moved of closed ones, booked here."""

    @property
    def every_deposit(self):
        return sorted((each for cycle in self.chain for each in cycle.deposits), key=lambda each: each.no)

    # -- where money stands --

    def taken(self, payment_id):
        """Account -> rupiah of it that the treasury has."""
        told = Counter()
        for each in self.owner(payment_id).deposits:
            if each.state == "CONFIRMED":
                for (payment, account), rupiah in each.rows.items():
                    if payment == payment_id:
                        told[account] += rupiah
        return told

    def stands(self, payment_id):
        """Account -> rupiah, as if nothing had gone to the treasury."""
        owner = self.owner(payment_id)
        return owner.where(payment_id, owner.facts[payment_id].amount, "INSTRUCTED")

    def is_deposit_unfounded(self, payment_id):
        """The treasury has money of it that by all that is known now cannot have gone there."""
        stands = self.stands(payment_id)
        return any(rupiah > stands.get(account, 0) for account, rupiah in self.taken(payment_id).items())

    def less_deposits(self, payment_id, amount, stands):
        """Account -> rupiah when deposits are looked at as well."""
        taken = self.taken(payment_id)
        if not taken:
            return stands
        if self.is_deposit_unfounded(payment_id):
            return {"TREASURY": taken.total(), "DISPUTED": amount - taken.total()}
        left = {account: rupiah - taken[account] for account, rupiah in stands.items()}
        return {**left, "TREASURY": taken.total()}

    def is_asked_again(self, payment_id):
        asked = [each for cycle in self.chain for each in cycle.reissues if each.case == payment_id]
        return any(each.state in ("ASKED", "APPROVED") for each in asked)

    # -- telling, deciding --

    def could_go(self, channel, region, accounts, until=None, left_out=()):
        """(payment, account) -> rupiah of this cycle's money that could go now."""
        rows = {}
        for fact in self.instructed():
            payment_id, told = fact.payment_id, self.now(fact.payment_id)
            if fact.channel != channel or not fact.village.startswith(region) or payment_id in left_out:
                continue
            if told is None or told.outcome == "UNREPORTED" or self.is_asked_again(payment_id):
                continue
            if self.is_sent_again(payment_id) or self.is_deposit_unfounded(payment_id):
                continue
            if until and not (told.days and told.days[-1] <= until):
                continue
            stands, taken = self.stands(payment_id), self.taken(payment_id)
            for account in accounts:
                if (rupiah := stands.get(account, 0) - taken[account]) > 0:
                    rows[payment_id, account] = rupiah
        return rows

    def against_telling(self, who, about, deposit, rupiah):
        if not who.may("tell deposit", deposit.region, deposit.channel):
            return "no right"
        if about.state not in (*RECEIVING, "CLOSED"):
            return "nothing was sent"
        if not deposit.rows or rupiah != deposit.rupiah:
            return "not the sum of the receipt"
        used = any(each.receipt == deposit.receipt and each.state in COUNTS for each in self.every_deposit)
        return "the receipt was told before" if used else ""

    def _against_another(self, who, deposit):
        if not who.may("decide deposit", deposit.region, deposit.channel):
            return "no right"
        return "told it" if deposit.told_by == who.name else ""

    def _no_books(self, deposit):
        return "nothing is open that books it" if "CLOSED" == deposit.about.state == self.state else ""

    def against_confirming(self, who, deposit):
        if against := self._against_another(who, deposit) or self._no_books(deposit):
            return against
        if deposit.state != "TOLD":
            return "decided"
        for (payment_id, account), rupiah in deposit.rows.items():
            left = self.stands(payment_id).get(account, 0) - self.taken(payment_id)[account]
            told = self.now(payment_id)
            if told.outcome == "UNREPORTED" or rupiah > left or self.is_deposit_unfounded(payment_id):
                return f"the money of {payment_id} is not there"
            if self.is_asked_again(payment_id):
                return f"{payment_id} is asked for"
        return ""

    def against_refusing_deposit(self, who, deposit):
        return self._against_another(who, deposit) or ("" if deposit.state == "TOLD" else "decided")

    def against_taking_back(self, who, deposit):
        if deposit.told_by != who.name:
            return "another told it"
        return "" if deposit.state == "TOLD" else "decided"

    def against_voiding(self, who, deposit):
        if against := self._against_another(who, deposit) or self._no_books(deposit):
            return against
        return "" if deposit.state == "CONFIRMED" else "not confirmed"

    def confirm(self, deposit):
        self._becomes(deposit, "CONFIRMED")
        self._whole_cases(deposit, UNDER_WAY, "SETTLED")

    def void_deposit(self, deposit):
        self._becomes(deposit, "VOIDED")
        self._take_up(deposit)
        self._whole_cases(deposit, ("SETTLED",), "OPEN")

    def _becomes(self, deposit, state):
        """Of a closed cycle it is this one that books what moves."""
        about = deposit.about
        before = about.balances()
        deposit.state = state
        if about is not self:
            for sign, books in ((-1, before), (1, about.balances())):
                for place, book in books.items():
                    for account, rupiah in book.items():
                        self.deposited_of_closed[about.key, *place, account] += sign * rupiah

    def _take_up(self, deposit):
        """What closed cycles have settled and nobody could work any more, as the deposit had settled it."""
        for (payment_id, _), rupiah in deposit.rows.items():
            told, fact = self.now(payment_id), self.owner(payment_id).facts[payment_id]
            worked = [cycle for cycle in (*self.before, self) if payment_id in cycle.cases]
            if rupiah == fact.amount and told.outcome in CAME_BACK and worked[-1] is not self:
                stake = fact.amount - (told.credited - told.reversed)
                last = worked[-1].cases[payment_id]
                self.cases[payment_id] = replace(last, kind=told.outcome, stake=stake, coded=False, state="SETTLED")

    def _whole_cases(self, deposit, states, becomes):
        """Of payments all of whose money it is; in a cycle that is open."""
        for (payment_id, _), rupiah in deposit.rows.items():
            case = self.cases.get(payment_id)
            whole = rupiah == self.owner(payment_id).facts[payment_id].amount
            if self.state != "CLOSED" and whole and case and case.kind in CAME_BACK and case.state in states:
                case.state = becomes

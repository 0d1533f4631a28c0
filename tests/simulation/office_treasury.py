"""Acts about money that goes to the treasury: told with a receipt, decided by another person, voided."""

from datetime import date

from gandeng.accounts.acting import in_territory
from gandeng.reconciliation.actions import treasury
from gandeng.reconciliation.models import TreasuryDeposit
from gandeng.registry.tests.factories import EVERYWHERE
from tests.simulation.oracle import REGION
from tests.simulation.oracle_treasury import Deposit

DAY = date(2024, 7, 1)


class TreasuryActs:
    """Of the office (`office.Office`)."""

    def tell_deposit(
        self, who, channel, *accounts, about=None, region=REGION, receipt="", off=0, left_out=(), until=None
    ):
        """A receipt over what is chosen, `off` by so many rupiah; gives the deposit where it was taken."""
        about, no = about or self.model, len(self.deposit_ids)
        rows = about.could_go(channel, region, accounts, until, left_out)
        deposit = Deposit(no, about, channel, region, receipt or f"NTPN-{no}", who.name, rows)
        rupiah = max(0, deposit.rupiah + off)
        against = self.model.against_telling(who, about, deposit, rupiah)

        def act(acting):
            chosen = treasury.Chosen(region, channel, accounts, until, tuple(left_out))
            told = treasury.Receipt(deposit.receipt, DAY, rupiah)
            return treasury.tell_deposit(acting, self.cycle(about), chosen, told, reason="lampiran bank")

        if stored := self.does(who, against, act):
            self.deposit_ids.append(stored.pk)
            about.deposits.append(deposit)
            return deposit
        return None

    def decide_deposit(self, who, deposit, *, confirm=True):
        model = self.model
        against = (model.against_confirming if confirm else model.against_refusing_deposit)(who, deposit)
        stored = self._stored(deposit)
        decided = lambda a: treasury.decide_deposit(a, stored, confirm=confirm, reason="sesuai bukti")  # noqa: E731
        if self.does(who, against, decided):
            if confirm:
                model.confirm(deposit)
            else:
                deposit.state = "REFUSED"

    def take_back_deposit(self, who, deposit):
        against, stored = self.model.against_taking_back(who, deposit), self._stored(deposit)
        if self.does(who, against, lambda a: treasury.take_back_deposit(a, stored, reason="keliru")):
            deposit.state = "TAKEN_BACK"

    def void_deposit(self, who, deposit):
        against, stored = self.model.against_voiding(who, deposit), self._stored(deposit)
        if self.does(who, against, lambda a: treasury.void_deposit(a, stored, reason="bukti tahap lain")):
            self.model.void_deposit(deposit)

    def deposit(self, channel, *accounts, about=None, region=REGION):
        """Told and confirmed by the usual people, as far as that is possible now."""
        people = self.model.people
        deposit = self.tell_deposit(people["officer"], channel, *accounts, about=about, region=region)
        if deposit:
            self.decide_deposit(people["province head"], deposit)
        return deposit

    def _stored(self, deposit):
        with in_territory(EVERYWHERE):
            return TreasuryDeposit.objects.select_related("cycle").get(pk=self.deposit_ids[deposit.no])

"""Acts that go beyond one cycle: money is sent again, the next opens, takes up what was left, books what is late."""

from dataclasses import replace
from datetime import date

from django.db import transaction
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.audit.sealing import Place, blind_account, seal
from gandeng.payments import actions
from gandeng.reconciliation.actions import reissues
from gandeng.registry.models import Account
from gandeng.registry.tests.factories import EVERYWHERE
from tests.simulation import bank
from tests.simulation.oracle import DISTRICTS, REGION, List, Model
from tests.simulation.oracle_after import CAME_BACK


def _quiet(step, done=0, total=0):
    """Nobody watches."""


class AfterActs:
    """Of the office (`office.Office`)."""

    def new_account(self, family):
        """The bank gives the family another account, which may be used at once. The post has none."""
        with in_territory(EVERYWHERE), scopes_disabled(), transaction.atomic():
            account = Account.objects.get(family__family_no=family)
            if account.channel == "POS":
                return
            number = f"{int(self.account_of(family)) + 1_000_000:015d}"
            account.account_sealed = seal(number, Place("registry_account", "account", str(account.pk)))
            account.account_index = blind_account(account.channel, number)
            account.account_last3 = number[-3:]
            account.save()
            self.accounts[family] = number

    def account_of(self, family):
        """Of today."""
        known = {fact.family: fact.account_no for fact in self.everybody()}
        return self.accounts.get(family, known[family])

    def everybody(self):
        """A payment of each family, as it was at first."""
        first = self.shelves[0].model
        own = [fact for fact in first.facts.values() if not fact.original and fact.payment_id not in first.waits]
        return [*own, *first.waits.values()]

    def release(self):
        """The accounts of families held back may be used from now on."""
        held = {fact.family for fact in self.shelves[0].model.waits.values()}
        with in_territory(EVERYWHERE), scopes_disabled():
            Account.objects.filter(family__family_no__in=held).update(usable_from=date(2024, 1, 1))
        self.model.usable |= held

    # -- money that is sent again or was held back --

    def make_round(self, who, owed=False):
        against = self.model.against_round(who, REGION, owed)
        if self.does(who, against, lambda a: reissues.make_reissue_round(a, self.cycle(), _quiet, owed=owed)):
            self.model.make_round(lambda *key: List(*key[:2], round=key[2]), self.account_of, owed)
            self.note_roots()

    def send_again(self, who, number):
        against = self.model.against_sending_again(who, REGION, number)
        if self.does(who, against, lambda a: reissues.instruct_reissue_round(a, self.cycle(), number, _quiet)):
            self.model.send_again(number)

    def agree_all(self):
        """The usual people ask and agree that whatever came back is sent again."""
        for key, case in list(self.model.cases.items()):
            asked = [each for cycle in self.model.chain for each in cycle.reissues if each.case == key]
            open_now = [each for each in asked if each.state in ("ASKED", "APPROVED")]
            if not isinstance(key, str) or case.kind not in CAME_BACK or case.state not in ("OPEN", "WITH_BANK"):
                continue
            if not open_now:
                self.act(self.model.people["officer"], key, "REISSUE", evidence="surat 13/2024")
        for each in self.model.reissues:
            if each.state == "ASKED":
                agrees = "second officer" if each.asked_by == "officer" else "officer"
                self.decide(self.model.people[agrees], each, approve=True)

    def approve_round(self):
        """Every supplementary list as far as the usual people can take it."""
        usual = {"DRAFT": ("PREPARE", "second officer"), "DISTRICT": ("PROVINCE", "province head")}
        for each in self.model.rounds():
            for _ in range(3):
                level, name = usual.get(each.state, ("DISTRICT", f"head {each.district}"))
                if each.rows and each.state in ("DRAFT", "SUBMITTED", "DISTRICT"):
                    self.say_yes(self.model.people[name], each.key, level)

    def send_round(self, owed=False):
        """Made, approved and sent by the usual people, as far as that is possible now."""
        self.make_round(self.model.people["officer"], owed)
        self.approve_round()
        number = max((each.round for each in self.model.rounds()), default=1)
        self.send_again(self.model.people["officer"], number)

    # -- the next cycle --

    def open_next(self, who):
        """Opened, frozen, calculated. Only where the one in work is closed."""
        last = self.model
        stage = int(last.key.split("-")[1]) + 1

        def act(acting):
            cycle = actions.open_cycle(acting, 2024, stage, None, REGION)
            for step in (actions.freeze, actions.calculate):
                step(acting, cycle, _quiet)
            return cycle

        if cycle := self.does(who, "" if who.may("run", REGION) else "no right", act):
            key = f"2024-{stage}"
            told = [
                replace(fact, payment_id=f"{key}-{fact.family}", account_no=self.account_of(fact.family))
                for fact in self.everybody()
            ]
            still = {fact.family for fact in self.shelves[0].model.waits.values()} - last.usable
            facts = {fact.payment_id: fact for fact in told if fact.family not in still}
            waits = [fact for fact in told if fact.family in still]
            model = Model(
                last.people, facts, who.name, key, before=[*last.before, last], waits=waits, usable=last.usable
            )
            last.next = model
            self.begin(cycle.pk, model)

    def carry_over(self, who):
        against = self.model.against_carrying_over(who, REGION)
        count = len(self.model.left_open())
        carried = self.does(who, against, lambda a: (reissues.carry_over(a, self.cycle()),))
        if carried:
            assert carried == (count,), f"{carried} taken up, not {count}"
            self.model.carry_over()

    def end(self):
        """Everything the usual people still have to do until the cycle in work is closed, as far as it can be done."""
        people, model = self.model.people, self.model
        officer = people["officer"]
        if model.state in ("CALCULATED", "LISTED"):
            self.make_lists(officer)
            self.approve_all()
        if model.state in ("LISTED", "APPROVED"):
            self.instruct(officer)
        if model.state == "INSTRUCTED":
            mine = [fact for fact in model.facts.values() if fact.channel == "BRI"]
            self.receive(people["bri"], "BRI", REGION, [bank.tell(fact) for fact in mine])
        while self.jobs:
            self.work()
        for each in model.reissues:
            if each.state == "ASKED":
                agrees = "second officer" if each.asked_by == "officer" else "officer"
                self.decide(people[agrees], each, approve=False)
        for region in (*DISTRICTS, REGION):
            self.sign_all(region)
        while self.jobs:
            self.work()
        self.close(officer)

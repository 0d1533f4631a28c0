"""Several stages of three provinces that freeze on days of their own, while families live; and plain sums of it all.

What is done is done by the product's own acts. What each family is due of a stage is noted here by hand, from a table
of yearly rates, when its region is frozen, or finds that it came in; nothing of it is asked of the product.
"""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.payments import actions
from gandeng.payments.held_queries import held_in_force
from gandeng.payments.models import Cycle, Payment
from gandeng.payments.refused import Refused
from gandeng.payments.tests.steps import People, approved, instructed, quiet
from gandeng.reconciliation.actions.exceptions import Act, NotPossible, act_on, decide_reissue
from gandeng.reconciliation.actions.reissues import carry_over, instruct_reissue_round, make_reissue_round
from gandeng.reconciliation.models import ExceptionCase, OutcomeInForce, ReissueRequest
from gandeng.reconciliation.tests.after import approve_round, closed, supplementary
from gandeng.reconciliation.tests.world import send, told
from gandeng.registry.models import Account, Family
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.registry.tests.helpers import approved as said_yes
from gandeng.registry.tests.helpers import asked

VILLAGES = ("6371011001", "6372011001", "6201011001", "6401011001")
PROVINCES = ("63", "62", "64")
STAGES = ((2024, 2), (2024, 3), (2024, 4), (2025, 1), (2025, 2))
MONTHS = {2024: 2, 2025: 3}
"""Of a stage, by year."""
A_YEAR = {"pregnant": 3_000_000, "disabled": 2_400_000, "SD": 900_000, "SMP": 1_500_000, "SMA": 2_000_000, "": 0}
NEEDS = {
    "pregnant": {"pregnancy_no": 1},
    "disabled": {"severe_disability": True},
    "SD": {"school_level": "SD", "birth_date": date(2014, 5, 17)},
    "SMP": {"school_level": "SMP", "birth_date": date(2010, 5, 17)},
    "SMA": {"school_level": "SMA", "birth_date": date(2008, 5, 17)},
}
"""The one member of a family, by what she brings."""
HOMES = 18
STEADY = 4
"""Families that never change: each province has somebody to pay."""
STEPS_MAX = 600


@dataclass
class Home:
    """A family as it is known here."""

    pk: object
    number: str
    village: str
    need: str
    status: str = "ACTIVE"

    @property
    def province(self):
        return self.village[:2]

    def worth(self, stage):
        """What it is due of a stage, as it is now."""
        return A_YEAR[self.need] * MONTHS[stage[0]] // 12 if self.status == "ACTIVE" else 0


@dataclass
class Region:
    """A province, the stage it is in and how far that is."""

    code: str
    people: People
    at: int = -1
    cycle: object = None
    step: str = "CLOSED"
    frozen: dict = field(default_factory=dict)
    """By stage, where each family lived and its status when this region was frozen."""
    calculated: set = field(default_factory=set)
    closed: set = field(default_factory=set)


class Years:
    """Draws what happens next, and does it; `log` tells what that was."""

    def __init__(self, seed, cast, *, stages):
        self.chance, self.log, self.stages = random.Random(seed), [], STAGES[:stages]
        self.regions = {code: Region(code, People(cast, code)) for code in PROVINCES}
        self.operators = {each[:4]: cast("DISTRICT_OPERATOR", each[:4]) for each in VILLAGES}
        self.coordinators = {each[:4]: cast("DISTRICT_COORDINATOR", each[:4]) for each in VILLAGES}
        self.ministry = cast("MINISTRY_HEAD", "")
        self.homes = [self._home(place) for place in range(HOMES)]
        self.due = defaultdict(dict)
        """By family and stage, what each region that counted it says it is due."""
        self.reported = set()
        self.numbers = 0

    def _home(self, place):
        village, need = VILLAGES[place % len(VILLAGES)], [*NEEDS][place % len(NEEDS)]
        member = {"birth_date": date(1990, 5, 17), **NEEDS[need]}
        made = make_family(village, channel=("BRI", "POS")[place // 4 % 2], **member)
        return Home(made.pk, made.family_no, village, need)

    def note(self, *words):
        self.log.append(" ".join(map(str, words)))

    def another(self):
        self.numbers += 1
        return self.numbers

    def run(self):
        """Until every region is in its last stage; then all that can be paid is paid, and the sums are compared."""
        for _ in range(STEPS_MAX):
            going = [each for each in self.regions.values() if not self.is_last(each)]
            if not going:
                break
            if self.chance.random() < 0.35:
                self.live()
            elif self.chance.random() < 0.05:
                self.end_waiting()
            else:
                self.go_on(self.chance.choice(going))
        else:
            raise AssertionError("it does not end")
        self.settle()
        self.compare()

    def is_last(self, region):
        return region.at + 1 == len(self.stages) and region.step == "INSTRUCTED"

    # -- families live --

    def live(self):
        acts = [self.move] * 3 + [self.suspend, self.resume, self.end, self.bring_back, self.change, self.give_account]
        self.chance.choice(acts)(self.chance.choice(self.homes[STEADY:]))

    def ask(self, home, kind, **what):
        """An operator asks where it lives, and whoever decides says yes."""
        to = what.get("after", {}).get("village_code", home.village)
        if to[:2] != home.province:
            decides = self.ministry
        elif to[:4] != home.village[:4]:
            decides = self.regions[home.province].people.province
        else:
            decides = self.coordinators[home.village[:4]]
        said_yes(decides, asked(self.operators[home.village[:4]], Family(pk=home.pk), kind, **what))
        self.note(home.number, kind, to)

    def move(self, home):
        to = self.chance.choice([each for each in VILLAGES if each != home.village])
        self.ask(home, "MOVE", after={"village_code": to})
        home.village = to

    def suspend(self, home):
        if home.status == "ACTIVE" and self.chance.random() < 0.5:
            self._become(home, "SUSPEND", "SUSPENDED")

    def resume(self, home):
        if home.status == "SUSPENDED":
            self._become(home, "RESUME", "ACTIVE")

    def end(self, home):
        if home.status in ("ACTIVE", "SUSPENDED") and self.chance.random() < 0.3:
            self._become(home, "END", "ENDED")

    def bring_back(self, home):
        if home.status == "ENDED":
            self._become(home, "RESUME", "ACTIVE")

    def _become(self, home, kind, status):
        self.ask(home, kind, after={"status": status})
        home.status = status

    def change(self, home):
        """A pregnancy ends, or another begins."""
        if home.need in ("pregnant", ""):
            home.need = "" if home.need else "pregnant"
            self.ask(home, "PREGNANCY", place=0, after={"pregnancy_no": 2 if home.need else None})

    def give_account(self, home):
        """Another one, that waits."""
        if self.chance.random() < 0.3:
            self.ask(home, "ACCOUNT", after={"channel": "BRI"}, identifier=f"{8_000_000_000 + self.another():015d}")

    def end_waiting(self):
        """Of every account, as if its days were over."""
        with in_territory(EVERYWHERE), scopes_disabled():
            Account.objects.filter(usable_from__gt=timezone.localdate()).update(usable_from=date(2024, 1, 1))
        self.note("accounts may be used")

    # -- a region goes on with its stage --

    def go_on(self, region):
        self.note(region.code, self.stages[max(region.at, 0)], region.step)
        steps = {
            "CLOSED": self.open, "OPEN": self.freeze, "FROZEN": self.calculate, "CALCULATED": self.make_lists,
            "LISTED": self.order,
        }  # fmt: skip
        later = [self.report, self.report, self.report_late, self.agree, self.send_round, self.send_round, self.close]
        steps.get(region.step, self.chance.choice(later))(region)

    def _act(self, region, act, *more):
        with in_territory(region.people.officer):
            return act(region.people.officer, region.cycle, *more)

    def open(self, region):
        region.at += 1
        with in_territory(region.people.officer):
            officer, stage = region.people.officer, self.stages[region.at]
            region.cycle = actions.open_cycle(officer, *stage, None, region.code)
        region.step = "OPEN"

    def freeze(self, region):
        self._act(region, actions.freeze, quiet)
        stage = self.stages[region.at]
        region.frozen[stage] = {home.pk: (home.province, home.status) for home in self.homes}
        for home in self.homes:
            self.due[home.pk, stage].pop(region.code, None)
            if home.province == region.code:
                self.due[home.pk, stage][region.code] = home.worth(stage)
        region.step = "FROZEN"

    def calculate(self, region):
        if self.chance.random() < 0.15:
            self.freeze(region)
            return
        self._act(region, actions.calculate, quiet)
        region.calculated.add(self.stages[region.at])
        region.step = "CALCULATED"

    def make_lists(self, region):
        self._act(region, actions.make_lists, quiet)
        region.step = "LISTED"

    def order(self, region):
        if self.chance.random() < 0.15:
            self.make_lists(region)
            return
        approved(region.people, region.cycle)
        instructed(region.people, region.cycle)
        region.step = "INSTRUCTED"

    def report(self, region, *, about=None, everything=False):
        """Banks tell of some payments that they arrived, failed or came back; of `everything`, that it arrived."""
        cycle, rows = about or region.cycle, defaultdict(list)
        with in_territory(EVERYWHERE):
            ordered = list(Payment.objects.filter(cycle=cycle, list__state="INSTRUCTED").order_by("payment_id"))
        for payment in ordered:
            if payment.pk in self.reported or not (everything or self.chance.random() < 0.7):
                continue
            what = "CREDIT" if everything else self.chance.choice(["CREDIT"] * 5 + ["FAILURE", "REVERSAL"])
            rows[payment.channel].append(told(payment, what, "" if what == "FAILURE" else None))
            if what == "REVERSAL":
                rows[payment.channel].append(told(payment))
            self.reported.add(payment.pk)
        for channel, lines in sorted(rows.items()):
            name = f"{self.another()}.csv"
            send(region.people.officer, cycle, lines, name=name, channel=channel, region=region.code)

    def report_late(self, region):
        if shut := self._cycles(region, state="CLOSED"):
            self.report(region, about=self.chance.choice(shut))

    def _cycles(self, region, **like):
        with in_territory(EVERYWHERE):
            return list(Cycle.objects.filter(region_code=region.code, **like).order_by("opened_at"))

    def agree(self, region):
        """What closed stages left is taken up; two people agree to send again what came back."""
        self._act(region, carry_over)
        came_back = {"kind__in": ["RETURNED", "FAILED"], "state__in": ["OPEN", "WITH_BANK"], "row": None}
        with in_territory(EVERYWHERE):
            cases = list(ExceptionCase.objects.filter(cycle=region.cycle, **came_back).order_by("payment_id"))
        for case in cases:
            officer, decides = region.people.officer, self.coordinators[case.region_code[:4]]
            try:
                with in_territory(officer):
                    act_on(officer, case, Act.REISSUE, reason="Rekening diganti", evidence="Retur 7")
            except NotPossible:  # asked for already
                continue
            with in_territory(decides):
                wanted = ReissueRequest.objects.select_related("exception").get(exception=case, state="ASKED")
                decide_reissue(decides, wanted, approve=True, reason="Sesuai surat bank")
            self.note("   again:", case.payment_id)

    def send_round(self, region):
        """Supplementary lists of what came back and what was held, also by closed stages."""
        self.find_who_came_in(region, [self.stages[region.at], *sorted(region.closed)])
        try:
            with in_territory(region.people.officer):
                number = make_reissue_round(region.people.officer, region.cycle, quiet, owed=True)
        except Refused as no:
            self.note("   no round:", no)
            return
        if supplementary(region.cycle, number):
            approve_round(region.people, region.cycle, number)
            self._act(region, instruct_reissue_round, number, quiet)
            self.note("   round", number)

    def close(self, region):
        if self.is_last(region):
            return
        self.report(region)
        with in_territory(EVERYWHERE):
            if Cycle.objects.get(pk=region.cycle.pk).state == "INSTRUCTED":  # nothing was told of it yet
                return
        self.find_who_came_in(region, [self.stages[region.at]])
        closed(region.people, region.cycle)
        region.closed.add(self.stages[region.at])
        region.step = "CLOSED"

    def find_who_came_in(self, region, stages):
        """Families no region counted that live here by now are calculated here, as they are now."""
        for stage in stages:
            for home in self.homes:
                counted = home.province != region.code or self.due[home.pk, stage]
                if not counted and self._is_nobodys(home, region, stage):
                    self.due[home.pk, stage][region.code] = home.worth(stage)
                    self.note("   came in", home.number, stage)

    def _is_nobodys(self, home, region, stage):
        lived, status = region.frozen[stage][home.pk]
        others = [each for each in self.regions.values() if each is not region]
        soon = any(
            stage in each.frozen and stage not in each.calculated and each.frozen[stage][home.pk][0] == each.code
            for each in others
        )
        ran = stage not in region.closed or any(each.code == lived and stage in each.calculated for each in others)
        return lived != region.code and status == "ACTIVE" and ran and not soon

    # -- in the end --

    def settle(self):
        """Four times over: what came back may fail to be listed until something else was."""
        self.note("-- settling")
        for _ in range(4):
            self.end_waiting()
            for region in self.regions.values():
                for cycle in self._cycles(region):
                    self.report(region, about=cycle, everything=True)
                self.agree(region)
                self.send_round(region)
        for region in self.regions.values():
            self.report(region, everything=True)

    def compare(self):
        """Each family has got of each stage what one region said it is due, once; and nothing where none did."""
        with in_territory(EVERYWHERE), scopes_disabled():
            net = dict(OutcomeInForce.objects.values_list("payment", "net_rupiah"))
            held = {(each.family_id, each.cycle.key): each.reason for each in held_in_force(*Cycle.objects.all())}
        got = defaultdict(list)
        for payment, rupiah in net.items():
            if rupiah:
                year, stage, number, *_ = payment.split("-")
                got[number, (int(year), int(stage))].append(rupiah)
        wrong = [
            (home.number, stage, due, got[home.number, stage], held.get((home.pk, f"{stage[0]}-{stage[1]}")))
            for home in self.homes
            for stage in self.stages
            for due in [{rupiah for rupiah in self.due[home.pk, stage].values() if rupiah}]
            if len(got[home.number, stage]) != bool(due) or not due.issuperset(got[home.number, stage])
        ]
        assert not wrong, wrong

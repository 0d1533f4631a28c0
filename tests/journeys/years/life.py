"""What happens to families between two steps: asked for by one person, agreed to by another, noted by the oracle."""

from datetime import date, timedelta

import pgtrigger
from django.utils import timezone
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.commitments.actions import CommitmentRefused
from gandeng.commitments.queries import Quarter
from gandeng.commitments.tests.factories import answered, appealed, decided, make_facility, months, recorded, told
from gandeng.registry.actions import ChangeRefused, Proof, Wanted, approve_change, request_change, withdraw_change
from gandeng.registry.actions.applying import held
from gandeng.registry.models import Account, ChangeRequest, Family, Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from tests.journeys.years.office import grant_everywhere
from tests.journeys.years.oracle import STAGES, Household, Life, Person, day_of

VILLAGES = ("6371011001", "6371011002", "6372011001", "6201011001", "6101012001")
BORN = (
    date(1990, 5, 17), date(2022, 8, 1), date(2015, 3, 2), date(2010, 11, 30), date(2006, 1, 15), date(1951, 2, 1),
)  # fmt: skip
QUARTERS = {
    (2024, 4): Quarter(2024, 2), (2024, 6): Quarter(2024, 3), (2025, 1): Quarter(2024, 4), (2025, 2): Quarter(2025, 1),
    (2025, 3): Quarter(2025, 2), (2025, 4): Quarter(2025, 3),
}  # fmt: skip
"""Stage -> the quarter of school that decides about it: the stage is the first that begins after it."""
SCHOOLS = {2015: "SD", 2010: "SMP", 2006: "SMA"}


class Families:
    """Everybody, in the registry and in the oracle."""

    def __init__(self, cast, books, chance, count):
        self.books, self.chance = books, chance
        regions = sorted({each[:4] for each in VILLAGES})
        provinces = sorted({each[:2] for each in VILLAGES})
        self.asks, self.asks_to_hold = (grant_everywhere(cast, "DISTRICT_OPERATOR", regions) for _ in range(2))
        self.decides, self.holds = (grant_everywhere(cast, "PROVINCE_HEAD", provinces) for _ in range(2))
        self.judges, self.answers = (
            grant_everywhere(cast, role, regions) for role in ("DISTRICT_COORDINATOR", "DISTRICT_HEAD")
        )
        self.schools = {each: make_facility(self.asks, each, f"SDN {each}") for each in VILLAGES}
        self.done = {}
        self.serial = 0
        self.pupils = set()
        """Numbers of those who went to school from the beginning: what is recorded later binds no quarter before."""
        self.stage = STAGES[0]
        for place in range(count):
            self._made(VILLAGES[place % len(VILLAGES)], "POS" if place % 4 == 3 else "BRI")

    def _made(self, village, channel):
        own = {"pregnancy_no": 1} if self.chance.random() < 0.4 else {}
        family = make_family(village, channel=channel, members=self.chance.randint(2, 6), **own)
        people = []
        with in_territory(EVERYWHERE), scopes_disabled(), pgtrigger.ignore("registry.Member:update_update"):
            for place, member in enumerate(Member.objects.filter(family=family).order_by("member_no")):
                if place:
                    member.birth_date = self.chance.choice(BORN[1:])
                    member.school_level = SCHOOLS.get(member.birth_date.year, "")
                    member.severe_disability = self.chance.random() < 0.15
                    member.save()
                    self.pupils |= {member.member_no} if member.school_level else set()
                people.append(
                    Person(
                        member.member_no, member.birth_date, member.school_level, member.pregnancy_no,
                        member.severe_disability,
                    )
                )  # fmt: skip
        household = Household(family.family_no)
        self.books.households[family.family_no] = household
        self.books.became(household, Life(village, "ACTIVE", tuple(people)))

    # -- one thing happens --

    def happens(self):
        """Something, to somebody."""
        acts = {
            self.move: 8, self.birth: 2, self.death: 1, self.leaves: 1, self.back: 2, self.school: 2,
            self.pregnancy: 2, self.disability: 1, self.suspend: 1, self.end: 1, self.resume: 4, self.account: 2,
            self.collector: 1, self.deny: 1, self.days_pass: 2,
            self.sanction: 4, self.objection: 2, self.cleared: 2,
        }  # fmt: skip
        (act,) = self.chance.choices(list(acts), list(acts.values()))
        household = self.chance.choice(list(self.books.households.values()))
        name = act.__name__
        try:
            act(household)
        except (ChangeRefused, CommitmentRefused, IndexError):
            name += " refused"
        self.done[name] = self.done.get(name, 0) + 1

    def _ask(self, household, kind, after=None, member=None, identifier=""):
        asks, decides = (self.asks_to_hold, self.holds) if kind.startswith("HOLD") else (self.asks, self.decides)
        with in_territory(asks):
            family = Family.objects.get(family_no=household.no)
            of = Member.objects.get(member_no=member) if member else None
            wanted = Wanted(after or {}, identifier)
            change = request_change(asks, family, kind, of, wanted, "Keadaan keluarga", Proof("Surat dilihat"))
        try:
            with in_territory(decides):
                approve_change(decides, ChangeRequest.objects.get(pk=change.pk), "Sesuai")
        except ChangeRefused:
            with in_territory(asks):
                withdraw_change(asks, ChangeRequest.objects.get(pk=change.pk))
            raise

    def _somebody(self, household, fits, *, first=True):
        people = household.now.people if first else household.now.people[1:]
        return self.chance.choice([each for each in people if fits(each)])

    def _member(self, household, kind, person, **changed):
        self._ask(household, kind, changed.pop("after"), person.no)
        self.books.became(household, household.now.but(person.no, **changed))

    def move(self, household):
        elsewhere = [each for each in VILLAGES if each != household.now.village]
        village = self.chance.choice(elsewhere)
        self._ask(household, "MOVE", {"village_code": village})
        self.books.became(household, Life(village, household.now.status, household.now.people))

    def birth(self, household):
        self.serial += 1
        born = day_of(self.stage) - timedelta(days=self.chance.randint(1, 300))
        nik = f"{household.now.village[:6]}{born.day + 40:02d}{born:%m%y}{9000 + self.serial % 1000:04d}"
        told = {"name": f"Bayi Uji {self.serial}", "birth_date": born.isoformat(), "sex": "F"}
        self._ask(household, "BIRTH", told, identifier=nik)
        with in_territory(EVERYWHERE):
            known = {each.no for each in household.now.people}
            (no,) = (
                set(Member.objects.filter(family__family_no=household.no).values_list("member_no", flat=True)) - known
            )
        now = household.now
        self.books.became(household, Life(now.village, now.status, (*now.people, Person(no, born))))

    def death(self, household):
        person = self._somebody(household, lambda p: not (p.died or p.left))
        died = max(person.born, day_of(self.stage) - timedelta(days=self.chance.randint(-60, 60)))
        self._member(household, "DEATH", person, after={"deceased_on": died.isoformat()}, died=died)

    def leaves(self, household):
        person = self._somebody(household, lambda p: not (p.died or p.left), first=False)
        after = {"left_on": timezone.localdate().isoformat()}
        self._member(household, "LEFT", person, after=after, left=True)

    def back(self, household):
        gone = [each for each in self.books.households.values() if any(p.died or p.left for p in each.now.people)]
        household = self.chance.choice(gone)
        person = self._somebody(household, lambda p: p.died or p.left)
        self._member(household, "BACK", person, after={"deceased_on": None, "left_on": None}, died=None, left=False)

    def school(self, household):
        person = self._somebody(household, lambda p: p.born.year > 2000 and not (p.died or p.left))
        school = self.chance.choice([each for each in ("", "SD", "SMP", "SMA") if each != person.school])
        self._member(household, "SCHOOL_LEVEL", person, after={"school_level": school}, school=school)

    def pregnancy(self, household):
        person = self._somebody(household, lambda p: p.born.year == 1990 and not (p.died or p.left))
        no = None if person.pregnancy else self.chance.choice((1, 2, 3))
        self._member(household, "PREGNANCY", person, after={"pregnancy_no": no}, pregnancy=no)

    def disability(self, household):
        person = self._somebody(household, lambda p: not (p.died or p.left))
        yes = not person.disabled
        self._member(household, "DISABILITY", person, after={"severe_disability": yes}, disabled=yes)

    def _status(self, household, kind, status):
        self._ask(household, kind, {"status": status})
        self.books.became(household, Life(household.now.village, status, household.now.people))

    def suspend(self, household):
        self._status(household, "SUSPEND", "SUSPENDED")

    def end(self, household):
        self._status(household, "END", "ENDED")

    def resume(self, _household):
        stopped = [each for each in self.books.households.values() if each.now.status != "ACTIVE"]
        self._status(self.chance.choice(stopped), "RESUME", "ACTIVE")

    def _at_school(self, person):
        there = person.no in self.pupils and not (person.died or person.left)
        return there and 2009 <= person.born.year <= 2016 and person.school

    def sanction(self, household):
        """A pupil missed too much: a decision suspends the family's next stage, it objects, and is refused or waits."""
        stage = self.chance.choice([each for each in QUARTERS if each >= self.stage and each not in household.sheets])
        pupils = [each for each in self.books.households.values() if stage not in each.sheets]
        household = self.chance.choice([each for each in pupils if any(map(self._at_school, each.now.people))])
        person = self._somebody(household, self._at_school)
        self._sheet(household, stage, person.no, absent=4)
        (decision,) = decided(self.judges)
        household.sheets[stage] = (person.no, decision)
        told(self.asks, decision)
        if self.chance.random() < 0.8:
            appealed(self.asks, decision)
            household.objects.append((stage, decision))
            if self.chance.random() < 0.6:
                self._answer(household, stage, decision, upheld=False)

    def _sheet(self, household, stage, member, absent):
        with in_territory(EVERYWHERE):
            of = Member.objects.select_related("family").get(member_no=member)
        school = self.schools[household.now.village]
        recorded(self.asks, school, {of: months(absent)}, quarter=QUARTERS[stage])

    def _answer(self, household, stage, decision, *, upheld):
        answered(self.answers, decision, upheld=upheld)
        household.objects.remove((stage, decision))
        if not upheld:
            household.suspended.setdefault(stage, []).append((self.books.tick(), True))

    def objection(self, _household):
        """One that waited is answered."""
        household = self.chance.choice([each for each in self.books.households.values() if each.objects])
        stage, decision = self.chance.choice(household.objects)
        self._answer(household, stage, decision, upheld=self.chance.random() < 0.5)

    def cleared(self, _household):
        """A newer sheet says the pupil was there."""
        suspended = [each for each in self.books.households.values() if each.suspended]
        household = self.chance.choice(suspended)
        stage = self.chance.choice([each for each in household.suspended if household.is_suspended(each)])
        self._sheet(household, stage, household.sheets[stage][0], absent=0)
        household.suspended[stage].append((self.books.tick(), False))

    def account(self, household):
        self.serial += 1
        self._ask(household, "ACCOUNT", {"channel": "BRI"}, identifier=f"{8_000_000_000 + self.serial:015d}")
        household.waits.discard("denied account")
        household.waits.add("account")

    def collector(self, household):
        with in_territory(EVERYWHERE):
            collects = Family.objects.select_related("collector").get(family_no=household.no).collector.member_no
        person = self._somebody(household, lambda p: p.no != collects and not (p.died or p.left))
        with in_territory(EVERYWHERE):
            pk = str(Member.objects.get(member_no=person.no).pk)
        self._ask(household, "COLLECTOR", {"collector": pk}, person.no)
        household.waits.discard("denied collector")
        household.waits.add("collector")

    def deny(self, household):
        """The family says it did not ask for its account."""
        if "account" in household.waits and self.chance.random() < 0.5:
            with in_territory(EVERYWHERE):
                after = held("HOLD_ACCOUNT", Family.objects.get(family_no=household.no))
            self._ask(household, "HOLD_ACCOUNT", after)
            household.waits.discard("account")
            household.waits.add("denied account")
        else:
            raise IndexError

    def days_pass(self, _household):
        """What is new has waited long enough."""
        today = timezone.localdate()
        with in_territory(EVERYWHERE), scopes_disabled():
            Account.objects.filter(usable_from__gt=today, usable_from__year__lt=9999).update(usable_from=today)
            new = Family.objects.filter(collector_usable_from__gt=today, collector_usable_from__year__lt=9999)
            new.update(collector_usable_from=today)
        for each in self.books.households.values():
            each.waits -= {"account", "collector"}

    def everything_usable(self):
        """Whoever was denied an account has asked for another, and days have passed."""
        for each in self.books.households.values():
            if "denied account" in each.waits:
                self.account(each)
        self.days_pass(None)

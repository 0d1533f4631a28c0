"""A stage whose money was credited, two facilitators, a draw, and answers, for tests."""

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.utils import timezone
from django_scopes import scopes_disabled

from gandeng.accounts.acting import acting_for, in_territory
from gandeng.accounts.models import Person
from gandeng.audit.sealing import Place, seal
from gandeng.facilitators.models import Accompaniment, CaseloadChange, Staff
from gandeng.facilitators.tests.factories import make_staff
from gandeng.monitoring import actions, queries
from gandeng.monitoring.actions import Told
from gandeng.monitoring.models import Answer, Draw, Drawn, Stratum
from gandeng.monitoring.signs import Said
from gandeng.payments.tests.factories import make_cycle
from gandeng.reconciliation.tests.world import payments_of, send, told
from gandeng.registry.models import Family, ordered_id
from gandeng.registry.tests.factories import EVERYWHERE

VILLAGE, NEAR, ELSEWHERE, DISTRICT = "6371011001", "6371011002", "6371021001", "6371"
PAY_DAY = "2024-05-17"


def person_of(acting):
    with in_territory(EVERYWHERE):
        return Person.objects.get(pk=acting.person_id)


@dataclass
class World:
    """`cycle` with `many` credited families in each of two villages, a facilitator each, and the offices."""

    cast: Any
    many: int = 3
    stage: int = 2
    before: Any = None
    """The world of an earlier stage, whose people go on."""
    facilitators: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self):
        places = [(village, "BRI", 600_000) for village in (VILLAGE, NEAR) for _n in range(self.many)]
        self.cycle = make_cycle(tuple(places), stage=self.stage)
        if self.before is None:
            self._people()
        else:
            for name in ("officer", "coordinator", "operator", "desk", "outsider", "facilitators"):
                setattr(self, name, getattr(self.before, name))
            for village, acting in self.facilitators.items():
                with in_territory(EVERYWHERE), scopes_disabled():
                    staff = Staff.objects.get(person_id=acting.person_id)
                accompany(self.coordinator, village, staff)
        self.pay()

    def _people(self):
        self.officer = self.cast("PROVINCE_OFFICER", "63")
        self.coordinator = self.cast("DISTRICT_COORDINATOR", DISTRICT)
        self.operator = self.cast("DISTRICT_OPERATOR", DISTRICT)
        self.desk = self.cast("HELPDESK", DISTRICT)
        for village in (VILLAGE, NEAR):
            self.facilitators[village] = accompanying(self.cast, self.coordinator, village)
        self.outsider = self.cast("FACILITATOR", ELSEWHERE)

    def pay(self):
        """Everything is credited."""
        rows = [told(one, day=PAY_DAY) for one in payments_of(self.cycle)]
        assert send(self.officer, self.cycle, rows, region=DISTRICT).state == "TAKEN"

    def draw(self, **how):
        with in_territory(self.coordinator):
            return actions.draw(self.coordinator, self.cycle, DISTRICT, **how)

    def of(self, village):
        """Families drawn of a village's facilitator, as the office sees them."""
        with in_territory(self.coordinator):
            own = Drawn.objects.filter(cycle=self.cycle, village_code=village)
            return list(own.select_related("staff").order_by("id"))


def accompanying(cast, coordinator, village):
    """A facilitator who has had the families of a village all year."""
    acting = cast("FACILITATOR", village)
    staff = make_staff(DISTRICT, person=person_of(acting))
    accompany(coordinator, village, staff)
    return acting_for(acting.person_id, timezone.localdate())


def accompany(coordinator, village, staff, since=date(2024, 1, 1)):
    """All families of a village, from a day of the past on."""
    with in_territory(EVERYWHERE):
        families = list(Family.objects.filter(village_code=village, accompaniments=None))
        change = CaseloadChange.objects.create(
            kind="FIRST", region_code=village[:4], effective_on=since, reason="Uji", families=len(families),
            decided_by_id=coordinator.person_id,
        )  # fmt: skip
        Accompaniment.objects.bulk_create([
            Accompaniment(
                family=one, staff=staff, village_code=village, valid_from=since,
                began_by=change,
            )
            for one in families
        ])  # fmt: skip


WHOLE = Said(True, 600_000, "FAMILY", "FAMILY", "NO")
CUT = Said(True, 450_000, "FAMILY", "FAMILY", "YES")
NOTHING = Said(False, 0, "FAMILY", "FAMILY", "NO")
HELD = Said(True, 600_000, "FACILITATOR", "FACILITATOR", "NO")


def attempt(**changed):
    return Told(**({"answer_id": uuid4(), "on_day": timezone.localdate(), "how": "VISIT"} | changed))


def say(acting, one, said=WHOLE, **changed):
    """The family answers."""
    with in_territory(acting):
        found = queries.access_task(acting, one.pk)
        return actions.note_answer(acting, found, attempt(**changed), said, "ATM")


def miss(acting, one, why="ABSENT", next_on=None, **changed):
    """Nobody was met."""
    with in_territory(acting):
        found = queries.access_task(acting, one.pk)
        return actions.note_not_reached(acting, found, attempt(**changed), why, next_on)


def newest(one):
    with in_territory(EVERYWHERE):
        return Answer.objects.filter(drawn=one).order_by("-number").first()


def everything(cast, payment, words="Uji yang disegel"):
    """One row of each table about a payment, whatever the channel says of it."""
    district = payment.village_code[:4]
    coordinator, operator = cast("DISTRICT_COORDINATOR", district), cast("DISTRICT_OPERATOR", district)
    key, seed = ordered_id(), bytes(32)
    with in_territory(coordinator):
        made = Draw.objects.create(
            pk=key, cycle_id=payment.cycle_id, region_code=district, number=1, each=1,
            seed_sealed=seal(seed.hex(), Place("monitoring_draw", "seed", str(key))),
            seed_sha256=sha256(seed).hexdigest(), by_id=coordinator.person_id, authority="x",
        )  # fmt: skip
        stratum = Stratum.objects.create(draw=made, region_code=district, families=[payment.family_id])
        one = Drawn.objects.create(
            draw=made, stratum=stratum, cycle_id=payment.cycle_id, family_id=payment.family_id, payment=payment,
            village_code=payment.village_code, name=payment.name, net_rupiah=payment.amount_rupiah,
        )  # fmt: skip
        actions.hand_out(coordinator, stratum, None)
    answer = say(operator, one, NOTHING, words=words)
    with in_territory(operator):
        actions.open_case(operator, one, answer, "NOT_RECEIVED")
    return one

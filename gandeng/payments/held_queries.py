"""Money that is due and on no list: what is in force, why it is held, what may be paid by now."""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Count, Exists, F, Func, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from gandeng.accounts.acting import Acting, in_territory
from gandeng.accounts.machine import MACHINE, for_everyone
from gandeng.accounts.roles import May
from gandeng.commitments.suspension_queries import lifted_decisions, lifted_since, suspended_in
from gandeng.core.cycle import Cycle as Stage
from gandeng.entitlements.models import Entitlement
from gandeng.payments.levels import AFTER_INSTRUCTION
from gandeng.payments.models import Cycle, HeldPayment, Payment, PaymentList
from gandeng.policy import benefit_policy
from gandeng.registry.history import status_at
from gandeng.registry.models import Account, Family

IN_FORCE = Func("run", "family", "pk", function="payments_held_in_force", output_field=BooleanField())
"""Of a row of held money: nobody has paid the family since, and no newer row tells, in any territory."""


def held_in_force(*cycles: Cycle) -> QuerySet[HeldPayment]:
    """Families due money in the calculations in force that stand on no list, of that cycle or of a later one."""
    return HeldPayment.objects.filter(IN_FORCE, run__in=_runs(*cycles)).select_related("cycle")


def held_to_list(owing: Cycle, paying_cycle: Cycle) -> QuerySet[HeldPayment]:
    """Families one cycle holds, and those on a supplementary list of `paying_cycle` that is DRAFT, to be made anew.

    Asked for everyone: of a narrower territory it leaves out families that have left it.
    """
    draft = PaymentList.objects.filter(cycle=paying_cycle, round__gt=0, state=PaymentList.State.DRAFT)
    listed = paying(owing.pk).exclude(list__in=draft)
    held = HeldPayment.objects.filter(~Exists(listed), run__in=_runs(owing)).select_related("family", "cycle")
    return held.order_by("run_id", "family_id", "-id").distinct("run_id", "family_id")


def waiting_held(acting: Acting) -> QuerySet[HeldPayment]:
    """Families that lists may take by now, in a stage whose lists are out and which this person runs.

    Held until a day that has come, or for a collector or an account that is there by now and may be paid, or as a
    double that is a family again, or beside one.
    """
    if not acting.may(May.RUN_CYCLE):
        return HeldPayment.objects.none()
    today = timezone.localdate()
    paid_to = Account.objects.filter(family=OuterRef("family"), valid_until=None, usable_from__lte=today)
    collects = Family.objects.filter(
        Q(collector_usable_from=None) | Q(collector_usable_from__lte=today), pk=OuterRef("family"),
        collector__nik_index__isnull=False,
    )  # fmt: skip
    beside = Func("family", function="payments_double_ended", output_field=BooleanField())
    again = Q(reason=_Why.DOUBLE) & ~Q(family__status=Family.Status.ENDED)
    again |= Q(reason=_Why.PAID_AS_DOUBLE) & ~Q(beside)
    there = Q(Exists(paid_to), Exists(collects)) & (Q(reason__in=_ENDED_BY_PEOPLE) | again)
    return HeldPayment.objects.filter(
        Q(usable_from__lte=today) | there, IN_FORCE, run=F("cycle__run"), cycle__state__in=AFTER_INSTRUCTION,
        cycle__region_code__within=acting.where(May.RUN_CYCLE),
    )  # fmt: skip


_Why = HeldPayment.Reason
_ENDED_BY_PEOPLE = (
    _Why.NO_COLLECTOR, _Why.NO_ACCOUNT, _Why.ACCOUNT_SHARED, _Why.ACCOUNT_DENIED, _Why.COLLECTOR_DENIED,
)  # fmt: skip
"""Reasons with no day: a change of the registry ends them."""


def held_until_today(acting: Acting, cycles: Iterable[Cycle]) -> dict[UUID, int]:
    """The same by cycle."""
    held = waiting_held(acting).filter(cycle__in=list(cycles))
    return dict(held.values_list("cycle").annotate(n=Count("pk")))


def numbers_of(acting: Acting, held: Iterable[HeldPayment]) -> dict[UUID, str]:
    """Numbers of families that are held here, and nothing else of them: some live in another territory by now."""
    with in_territory(for_everyone(acting)):
        families = Family.objects.filter(pk__in={each.family_id for each in held})
        return dict(families.values_list("pk", "family_no"))


def seen_families(held: Iterable[HeldPayment]) -> set[UUID]:
    """Those of them that live in the asker's territory."""
    return set(Family.objects.filter(pk__in={each.family_id for each in held}).values_list("pk", flat=True))


def _runs(*cycles: Cycle) -> list[UUID]:
    return [each.run_id for each in cycles if each.run_id]


def lifted_in(cycle: Cycle) -> list[UUID]:
    """Families whose suspension has ended since the freezing, that are not paid and not yet held for it."""
    if cycle.run_id is None or cycle.frozen_at is None:
        return []
    families = lifted_since(cycle.year, cycle.stage, cycle.frozen_at)
    none = Entitlement.objects.filter(run=cycle.run_id, family_id__in=families, amount_rupiah=0)
    held = HeldPayment.objects.filter(run=cycle.run_id, family_id=OuterRef("family_id"))
    found = none.filter(~Exists(held), ~Exists(paying(cycle.pk))).values_list("family_id", flat=True)
    was = status_at(found, cycle.frozen_at) if found else {}
    return sorted(family for family in found if was.get(family) == Family.Status.ACTIVE)


def lifted_perhaps(cycles: Collection[Cycle]) -> list[Cycle]:
    """Those of them for which `lifted_in` may name families, in one question; it names none for the others."""
    of_stage = {
        "family_id": OuterRef("family_id"), "run__year": OuterRef("recommendation__cycle_year"),
        "run__stage": OuterRef("recommendation__cycle_stage"), "run__in": _runs(*cycles),
    }  # fmt: skip
    nothing, held = Entitlement.objects.filter(**of_stage, amount_rupiah=0), HeldPayment.objects.filter(**of_stage)
    rows = lifted_decisions().filter(Exists(nothing), ~Exists(held)).order_by()
    stages = set(rows.values_list("recommendation__cycle_year", "recommendation__cycle_stage").distinct())
    return [each for each in cycles if (each.year, each.stage) in stages]


def came_in(cycle: Cycle) -> list[UUID]:
    """Families at home here by now that lived elsewhere when the data were frozen, and that no region calculated.

    What a decision suspends is left out, wherever it was decided. Of a closed stage, those whom another region that ran
    it lost, or a decision had suspended.
    """
    if cycle.run_id is None or cycle.state not in (*AFTER_INSTRUCTION, Cycle.State.CLOSED):
        return []
    with connection.cursor() as cursor:
        cursor.execute("select payments_came_in(%s) order by 1", [cycle.pk])
        families = [family for (family,) in cursor.fetchall()]
    if not families:
        return []
    with in_territory(MACHINE):
        suspended = set(suspended_in(cycle.year, cycle.stage, timezone.localdate(), living_in=cycle.region_code))
    return [family for family in families if family not in suspended]


def figures_changed(cycles: Collection[Cycle]) -> bool:
    """Whether the figures of one of these stages are other ones, or told otherwise, than when it was calculated."""
    calculated = [(each, each.run.policy_digest) for each in cycles if each.run is not None]
    return any(benefit_policy(Stage(each.year, each.stage), each.months).digest != then for each, then in calculated)


class HeldSum(NamedTuple):
    """Families held back that are still to be paid, their rupiah, and how many more another region pays, or another
    family that is the same."""

    families: int = 0
    rupiah: int = 0
    elsewhere: int = 0


def held_together(sums: Iterable[HeldSum]) -> HeldSum:
    """Of several cycles."""
    return HeldSum(*map(sum, zip(*sums, strict=True)))


def held_by_cycle(cycles: Iterable[Cycle]) -> dict[UUID, HeldSum]:
    """By cycle, what is held back."""
    elsewhere = Q(reason__in=(_Why.PAID_ELSEWHERE, _Why.DOUBLE, _Why.PAID_AS_DOUBLE))
    told = held_in_force(*cycles).order_by().values_list("cycle").annotate(
        n=Count("pk", filter=~elsewhere), rupiah=Coalesce(Sum("amount_rupiah", filter=~elsewhere), 0),
        elsewhere=Count("pk", filter=elsewhere),
    )  # fmt: skip
    return {cycle: HeldSum(int(families), int(rupiah), int(paid)) for cycle, families, rupiah, paid in told}


def paying(cycle: UUID | OuterRef) -> QuerySet[Payment]:
    """For `Exists` beside a family: payments of what a cycle owes it, on a list of that cycle or of a later one.

    Not money of an earlier one that this cycle sent again.
    """
    due = Q(cycle=cycle, owed_by=None, reissue_of=None) | Q(owed_by=cycle)
    return Payment.objects.filter(due, family_id=OuterRef("family_id"))


def is_held(owing: Cycle, paying_cycle: Cycle) -> bool:
    """Is there a family for a supplementary list of `paying_cycle` among those that `owing` has not paid?"""
    return held_to_list(owing, paying_cycle).exists() or bool(lifted_in(owing)) or bool(came_in(owing))


def held_totals(cycle: Cycle) -> list[dict[str, Any]]:
    """Reason, families and rupiah held back."""
    by_reason = held_in_force(cycle).values("reason").order_by("reason")
    return [dict(row) for row in by_reason.annotate(families=Count("pk"), rupiah=Sum("amount_rupiah"))]

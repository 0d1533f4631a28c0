"""What families are due that the frozen data kept back (lifted suspensions) or left out (those that came in)."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.core.calculation import CheckFailed
from gandeng.core.cycle import Cycle as Stage
from gandeng.entitlements.actions import IdentityBroken, gives_the_same
from gandeng.entitlements.actions import calculate as calculate_entitlements
from gandeng.entitlements.models import Entitlement
from gandeng.payments.actions.cycles import Report, folder_of, frozen_of, kept_as
from gandeng.payments.held_queries import came_in, lifted_in
from gandeng.payments.models import Cycle, HeldPayment
from gandeng.payments.refused import Refused
from gandeng.policy import benefit_policy
from gandeng.registry.snapshots import as_active, freeze

Reason = HeldPayment.Reason


def hold_since(acting: Acting, cycle: Cycle, report: Report) -> int:
    """Calculate them, and hold what they are due; each calculation is a run of its own, with the reasons of members.

    Families of one stage are paid alike: where its figures were changed since, another source beside them among it,
    they are calculated if everybody else would be due the same. Gives how many were not. Whoever calls reads for
    everyone. Raises Refused.
    """
    uncounted = 0
    if lifted := lifted_in(cycle):
        uncounted += _hold(acting, cycle, Reason.LIFTED, lifted, partial(as_active, frozen_of(cycle), lifted), report)
    if came := came_in(cycle):
        left_out = partial(freeze, cycle.region_code, on=timezone.localdate(), only=came)
        uncounted += _hold(acting, cycle, Reason.CAME_IN, came, left_out, report)
    return uncounted


def _hold(
    acting: Acting, cycle: Cycle, reason: Reason, families: Sequence[UUID], freezes: Callable[[Path], object],
    report: Report,
) -> int:  # fmt: skip
    """Those `families`, whose data `freezes` writes into a folder; gives how many could not be calculated."""
    calculated = cycle.run
    if calculated is None:
        return 0
    policy = benefit_policy(Stage(cycle.year, cycle.stage), cycle.months)
    mark = uuid4().hex[:12]
    frozen, out = folder_of(cycle) / f"since-{mark}", folder_of(cycle) / f"run-{mark}"
    if policy.digest != calculated.policy_digest:
        before = Path(settings.DATA_DIR) / calculated.folder
        if not gives_the_same(policy, frozen_of(cycle), before, out, report):
            return len(families)
    freezes(frozen)
    try:
        run = calculate_entitlements(acting, policy, cycle.region_code, frozen, out, report, kept_as=kept_as(out))
    except (CheckFailed, IdentityBroken) as broken:
        raise Refused("identity", check=getattr(broken, "check", str(broken))) from broken
    due = Entitlement.objects.filter(run=run, amount_rupiah__gt=0)
    held = [
        HeldPayment(
            cycle=cycle, run=calculated, family_id=each.family_id, village_code=each.village_code,
            amount_rupiah=each.amount_rupiah, reason=reason,
        )
        for each in due
    ]  # fmt: skip
    HeldPayment.objects.bulk_create(held)
    return 0

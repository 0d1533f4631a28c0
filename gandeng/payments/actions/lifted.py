"""Families a decision suspended when the data were frozen, and whose suspension has ended since: what they are due."""

from pathlib import Path
from uuid import uuid4

from django.conf import settings

from gandeng.accounts.acting import Acting
from gandeng.core.calculation import CheckFailed
from gandeng.core.cycle import Cycle as Stage
from gandeng.entitlements.actions import IdentityBroken, gives_the_same
from gandeng.entitlements.actions import calculate as calculate_entitlements
from gandeng.entitlements.models import Entitlement
from gandeng.payments.actions.cycles import Report, folder_of, frozen_of, kept_as
from gandeng.payments.models import Cycle, HeldPayment
from gandeng.payments.queries import lifted_in
from gandeng.payments.refused import Refused
from gandeng.policy import benefit_policy
from gandeng.registry.snapshots import as_active


def hold_lifted(acting: Acting, cycle: Cycle, report: Report) -> int:
    """Calculate them from the frozen data as families that are active, and hold what they are due.

    The calculation is a run of its own with the reasons of every member. Families of one stage are paid alike: where
    its figures were changed since, another source beside them among it, they are calculated if everybody else would be
    due the same. Gives how many were not. Raises Refused.
    """
    families, calculated = lifted_in(cycle), cycle.run
    if not families or calculated is None:
        return 0
    policy = benefit_policy(Stage(cycle.year, cycle.stage), cycle.months)
    mark = uuid4().hex[:12]
    frozen, out = folder_of(cycle) / f"lifted-{mark}", folder_of(cycle) / f"run-{mark}"
    if policy.digest != calculated.policy_digest:
        before = Path(settings.DATA_DIR) / calculated.folder
        if not gives_the_same(policy, frozen_of(cycle), before, out, report):
            return len(families)
    as_active(frozen_of(cycle), families, frozen)
    try:
        run = calculate_entitlements(acting, policy, cycle.region_code, frozen, out, report, kept_as=kept_as(out))
    except (CheckFailed, IdentityBroken) as broken:
        raise Refused("identity", check=getattr(broken, "check", str(broken))) from broken
    due = Entitlement.objects.filter(run=run, amount_rupiah__gt=0)
    held = [
        HeldPayment(
            cycle=cycle, run=calculated, family_id=each.family_id, village_code=each.village_code,
            amount_rupiah=each.amount_rupiah, reason=HeldPayment.Reason.LIFTED,
        )
        for each in due
    ]  # fmt: skip
    HeldPayment.objects.bulk_create(held)
    return 0

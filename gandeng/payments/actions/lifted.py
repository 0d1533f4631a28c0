"""Families a decision suspended when the data were frozen, and whose suspension has ended since: what they are due."""

from uuid import uuid4

from gandeng.accounts.acting import Acting
from gandeng.core.calculation import CheckFailed
from gandeng.core.cycle import Cycle as Stage
from gandeng.entitlements.actions import IdentityBroken
from gandeng.entitlements.actions import calculate as calculate_entitlements
from gandeng.entitlements.models import Entitlement
from gandeng.payments.actions.cycles import Report, folder_of, frozen_of, kept_as
from gandeng.payments.models import Cycle, HeldPayment
from gandeng.payments.queries import lifted_in
from gandeng.payments.refused import Refused
from gandeng.policy import benefit_policy
from gandeng.registry.snapshots import as_active


def hold_lifted(acting: Acting, cycle: Cycle, report: Report) -> None:
    """Calculate them from the frozen data as families that are active, and hold what they are due.

    The calculation is a run of its own with the reasons of every member. Nothing where the figures of the stage are no
    longer those it was calculated with: families of one stage are paid by one policy. Raises Refused.
    """
    families, calculated = lifted_in(cycle), cycle.run
    if not families or calculated is None:
        return
    policy = benefit_policy(Stage(cycle.year, cycle.stage), cycle.months)
    if policy.digest != calculated.policy_digest:
        return
    mark = uuid4().hex[:12]
    frozen, out = folder_of(cycle) / f"lifted-{mark}", folder_of(cycle) / f"run-{mark}"
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

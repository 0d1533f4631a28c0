"""A cycle from its opening to its signatures; its end is `closing`."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from gandeng.accounts.acting import Acting, in_territory
from gandeng.accounts.machine import for_everyone
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.commitments.suspension_queries import suspended_in
from gandeng.core.calculation import CheckFailed
from gandeng.core.cycle import Cycle as Stage
from gandeng.documents.numerals import month_name
from gandeng.entitlements.actions import IdentityBroken
from gandeng.entitlements.actions import calculate as calculate_entitlements
from gandeng.entitlements.frozen import FrozenChanged, prove
from gandeng.entitlements.models import Run
from gandeng.files.flushed import flush
from gandeng.payments.actions.locking import locked
from gandeng.payments.models import Cycle, PaymentList
from gandeng.payments.refused import Refused
from gandeng.policy import benefit_policy
from gandeng.registry.snapshots import freeze as freeze_registry

type Report = Callable[[str, int, int], None]

State = Cycle.State
BEFORE_LISTS_ARE_OUT = (State.OPEN, State.FROZEN, State.CALCULATED, State.LISTED)


def folder_of(cycle: Cycle) -> Path:
    """Where the files of a cycle are; `Cycle.frozen_folder` and `Run.folder` name folders within DATA_DIR."""
    return Path(settings.DATA_DIR) / "cycles" / str(cycle.pk)


def open_cycle(acting: Acting, year: int, stage: int, months: int | None, region: str) -> Cycle:
    """Open a stage for a region. Raises PolicyGap where the figures do not reach it, Refused where one is open."""
    authority = acting.authority(May.RUN_CYCLE, region)
    policy = benefit_policy(Stage(year, stage), months)
    with transaction.atomic():
        with connection.cursor() as cursor:  # two who open at once see each other
            cursor.execute("select pg_advisory_xact_lock(%s, %s)", [71_063, year])
        _require_months_free(Stage(year, stage), policy.months, region)
        cycle = Cycle.objects.create(
            year=year, stage=stage, months=policy.months, region_code=region, opened_by_id=acting.person_id
        )
        facts: dict[str, Any] = {"cycle": cycle.key, "months": policy.months, "policy": policy.digest}
        record(acting, "cycle.opened", cycle, region=region, authority=authority, **facts)
    return cycle


def _require_months_free(asked: Stage, months: int, region: str) -> None:
    """No month of a year is paid twice: stages need not be of one length, and regions that overlap share families."""
    of_year = Cycle.objects.filter(year=asked.year).order_by("stage", "region_code")
    others = [each for each in of_year if region.startswith(each.region_code) or each.region_code.startswith(region)]
    if any(each.stage == asked.stage for each in others):
        raise Refused("cycle_exists", stage=asked.stage, year=asked.year)
    paid = {*asked.covers(months=months)}
    for each in others:
        if both := sorted(paid & {*Stage(each.year, each.stage).covers(months=each.months)}):
            raise Refused(
                "months_paid", stage=asked.stage, year=asked.year, other=each.stage, other_year=each.year,
                months=", ".join(map(month_name, both)),
            )  # fmt: skip


def freeze(acting: Acting, cycle: Cycle, report: Report) -> Cycle:
    """Freeze the registry of the region as it is today; what was calculated before is void with it. Raises Refused."""
    authority = acting.authority(May.RUN_CYCLE, cycle.region_code)
    with locked(cycle, *BEFORE_LISTS_ARE_OUT) as found:
        _require_drafts(found)
        report("Membekukan data keluarga", 0, 0)
        _sweep(found)
        folder = folder_of(found) / f"frozen-{uuid4().hex[:12]}"
        try:
            today = timezone.localdate()
            with in_territory(for_everyone(acting)):  # decided where a family lived then, in force where it lives now
                suspended = suspended_in(found.year, found.stage, today, living_in=found.region_code)
            frozen = freeze_registry(found.region_code, folder, on=today, suspended=suspended)
            flush(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        if frozen.families == 0:
            shutil.rmtree(folder, ignore_errors=True)
            raise Refused("no_families")
        found.state, found.run, found.frozen_at = State.FROZEN, None, timezone.now()
        found.frozen_folder, found.frozen_digest = kept_as(folder), frozen.digest
        found.save()
        facts: dict[str, Any] = {"families": frozen.families, "members": frozen.members, "digest": found.frozen_digest}
        if suspended:
            facts["suspended_by_decision"] = len(suspended)
        record(acting, "cycle.frozen", found, region=found.region_code, authority=authority, **facts)
    return found


def calculate(acting: Acting, cycle: Cycle, report: Report) -> Cycle:
    """What every frozen family is due: a new run, on the policy as it is now. Raises Refused if a sum does not hold."""
    acting.authority(May.RUN_CYCLE, cycle.region_code)
    with locked(cycle, State.FROZEN, State.CALCULATED, State.LISTED) as found:
        _require_drafts(found)
        frozen = frozen_of(found)
        policy = benefit_policy(Stage(found.year, found.stage), found.months)
        out = folder_of(found) / f"run-{uuid4().hex[:12]}"
        try:
            found.run = calculate_entitlements(
                acting, policy, found.region_code, frozen, out, report, kept_as=kept_as(out)
            )
        except (CheckFailed, IdentityBroken) as broken:
            raise Refused("identity", check=getattr(broken, "check", str(broken))) from broken
        found.state = State.CALCULATED
        found.save()
    return found


def frozen_of(cycle: Cycle) -> Path:
    """The frozen folder, proved to be what was frozen. Raises Refused."""
    folder = Path(settings.DATA_DIR) / cycle.frozen_folder
    try:
        prove(folder, cycle.frozen_digest)
    except FrozenChanged as changed:
        raise Refused("frozen_changed", name=folder.name) from changed
    return folder


def kept_as(folder: Path) -> str:
    """What a record calls a folder: its place within DATA_DIR."""
    return folder.relative_to(settings.DATA_DIR).as_posix()


def _require_drafts(cycle: Cycle) -> None:
    """The rows of lists that were handed in rest on the frozen data: those lists come back first."""
    handed_in = PaymentList.objects.filter(cycle=cycle).exclude(state=PaymentList.State.DRAFT).count()
    if handed_in:
        raise Refused("lists_not_draft", count=handed_in)


def _sweep(cycle: Cycle) -> None:
    """Folders no record names: what killed jobs left behind. Nobody else works here, the cycle is locked."""
    runs = Run.objects.filter(year=cycle.year, stage=cycle.stage, region_code=cycle.region_code)
    named = {cycle.frozen_folder, *runs.values_list("folder", flat=True)}
    for folder in folder_of(cycle).glob("*-????????????"):
        if kept_as(folder) not in named:
            shutil.rmtree(folder, ignore_errors=True)


def set_reconciling(cycle: Cycle) -> Cycle:
    """The first result file is in. Nothing where it was said before."""
    return _move(cycle, State.RECONCILING, State.INSTRUCTED)


def set_signed(cycle: Cycle) -> Cycle:
    """Every signature asked for is there."""
    return _move(cycle, State.SIGNED, State.RECONCILING)


def reopen_signed(cycle: Cycle) -> Cycle:
    """A signature fell: what was signed has changed."""
    return _move(cycle, State.RECONCILING, State.SIGNED)


def _move(cycle: Cycle, to: State, since: State) -> Cycle:
    with locked(cycle, since, to) as found:
        if found.state != to:
            found.state = to
            found.save(update_fields=["state"])
    cycle.state = to
    return found

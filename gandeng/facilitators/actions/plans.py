"""A plan from its question to its end: choose a way, edit by hand, lock, drop it or carry it out."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.core.money import format_number
from gandeng.facilitators import moving, placing
from gandeng.facilitators.actions.caseload import note
from gandeng.facilitators.measures import Start, measure_today
from gandeng.facilitators.models import CaseloadChange, Plan, PlanLock, PlanOption, PlanRow
from gandeng.facilitators.moving import CaseloadRefused
from gandeng.facilitators.plan_queries import Drift, drift_of, locks_of, names_of, shares_of, start_of
from gandeng.facilitators.solving import Answer, keep_plan

State = Plan.State
FOUND = "found"
"""In the facts of an option: rows of villages somebody has edited, as the solver had them."""
DROPPED = "plan.dropped"
"""Among the notes of a plan: why it was dropped."""
_NAMED = 5


@dataclass(frozen=True)
class Asked:
    """What was asked: people left out, the norm, seconds for the solver, whose locks to keep."""

    region: str
    as_of: date
    norm: int
    left_out: tuple[UUID, ...]
    seconds: int
    follows: UUID | None = None

    def to_json(self) -> dict[str, Any]:
        """As a job and a plan keep it."""
        return {
            "region": self.region, "as_of": self.as_of.isoformat(), "norm": self.norm, "seconds": self.seconds,
            "left_out": [str(one) for one in self.left_out], "follows": str(self.follows) if self.follows else None,
        }  # fmt: skip

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Asked":
        """As it was."""
        return cls(
            kept["region"], date.fromisoformat(kept["as_of"]), kept["norm"],
            tuple(UUID(one) for one in kept["left_out"]), kept["seconds"],
            UUID(kept["follows"]) if kept["follows"] else None,
        )  # fmt: skip


@transaction.atomic
def make_plan(acting: Acting, asked: Asked, start: Start, answer: Answer, follows: Plan | None) -> Plan:
    """Keep what the solver found, as a draft; the locks that were kept stand in it again. PermissionDenied."""
    authority = acting.authority(May.PLAN_CASELOAD, asked.region)
    plan = Plan.objects.create(
        region_code=asked.region, as_of=asked.as_of, wish=asked.to_json(), follows=follows,
        before=start.to_json() | {"measures": measure_today(start).to_json()},
        notes=[{"code": one.code, "facts": dict(one.facts)} for one in answer.notes], made_by_id=acting.person_id,
    )  # fmt: skip
    options = keep_plan(plan, start, answer)
    locks = locks_of(follows) if follows else []
    PlanLock.objects.bulk_create(
        PlanLock(plan=plan, village_code=one.village_code, staff_id=one.staff_id, stays=one.stays) for one in locks
    )
    record(
        acting, "plan.made", plan, region=asked.region, authority=authority, options=len(options), locks=len(locks),
        families=start.families, follows=str(follows.pk) if follows else "",
    )  # fmt: skip
    return plan


@transaction.atomic
def choose(acting: Acting, plan: Plan, number: int) -> PlanOption:
    """The way to go on with; edits of another one stay with that one. CaseloadRefused, PermissionDenied."""
    plan, authority = _draft(acting, plan)
    option = PlanOption.objects.filter(plan=plan, number=number).first()
    if option is None:
        raise CaseloadRefused(_("Pilihan itu tidak ada dalam rencana ini."))
    plan.chosen = option
    plan.save(update_fields=["chosen"])
    record(acting, "plan.chosen", plan, region=plan.region_code, authority=authority, option=number)
    return option


@transaction.atomic
def give(acting: Acting, plan: Plan, row: PlanRow, taker: UUID, families: int) -> None:
    """So many families of the row's village to somebody else of the plan. CaseloadRefused, PermissionDenied."""
    plan, authority = _draft(acting, plan)
    row = _again(plan, row)
    if taker == row.staff_id:
        raise CaseloadRefused(_("Pilih orang lain sebagai penerima."))
    if taker not in start_of(plan).taking_part:
        raise CaseloadRefused(_("Orang itu tidak ikut dalam rencana ini."))
    if not 1 <= families <= row.families:
        raise CaseloadRefused(
            _("Tulis angka dari 1 sampai %(most)s: sebanyak itu keluarganya di desa ini.")
            % {"most": format_number(row.families)}
        )
    _keep_found(row)
    PlanRow.objects.filter(pk=row.pk).update(families=F("families") - families, edited=True)
    PlanRow.objects.filter(pk=row.pk, families=0).delete()
    found, made = PlanRow.objects.get_or_create(
        option=row.option, village_code=row.village_code, staff_id=taker,
        defaults={"families": families, "edited": True},
    )  # fmt: skip
    if not made:
        PlanRow.objects.filter(pk=found.pk).update(families=F("families") + families, edited=True)
    record(
        acting, "plan.edited", plan, region=plan.region_code, authority=authority, village=row.village_code,
        giver=str(row.staff_id), taker=str(taker), families=families,
    )  # fmt: skip


@transaction.atomic
def restore(acting: Acting, plan: Plan, village: str) -> None:
    """The village as the solver had it, whatever was edited there. CaseloadRefused, PermissionDenied."""
    plan, authority = _draft(acting, plan)
    option = (
        PlanOption.objects.select_for_update(no_key=True).filter(pk=plan.chosen.pk).first() if plan.chosen else None
    )
    kept = option.facts.get(FOUND, {}).pop(village, None) if option else None
    if option is None or kept is None:
        raise CaseloadRefused(_("Desa itu tidak diubah dengan tangan."))
    PlanRow.objects.filter(option=option, village_code=village).delete()
    PlanRow.objects.bulk_create(
        PlanRow(option=option, village_code=village, staff_id=UUID(staff), families=families)
        for staff, families in kept
    )
    option.save(update_fields=["facts"])
    record(acting, "plan.restored", plan, region=plan.region_code, authority=authority, village=village)


def _keep_found(row: PlanRow) -> None:
    """What the solver had, before the first edit of a village."""
    option = PlanOption.objects.select_for_update(no_key=True).get(pk=row.option_id)
    found = option.facts.setdefault(FOUND, {})
    if row.village_code not in found:
        rows = PlanRow.objects.filter(option=option, village_code=row.village_code).order_by("-families", "staff_id")
        found[row.village_code] = [[str(one.staff_id), one.families] for one in rows]
        option.save(update_fields=["facts"])


@transaction.atomic
def lock(acting: Acting, plan: Plan, row: PlanRow, *, stays: bool) -> PlanLock:
    """For the next question: the village stays with her, or never goes to her. CaseloadRefused, PermissionDenied."""
    plan, authority = _draft(acting, plan)
    row = _again(plan, row)
    found, made = PlanLock.objects.get_or_create(
        plan=plan, village_code=row.village_code, staff_id=row.staff_id, defaults={"stays": stays}
    )
    if not made and found.stays != stays:
        raise CaseloadRefused(_("Desa dan orang ini sudah dikunci sebaliknya. Lepaskan dahulu kunci itu."))
    if made:
        record(
            acting, "plan.locked", plan, region=plan.region_code, authority=authority, village=row.village_code,
            staff=str(row.staff_id), stays=stays,
        )  # fmt: skip
    return found


@transaction.atomic
def unlock(acting: Acting, plan: Plan, lock_id: UUID) -> None:
    """Forget a lock; one that is gone already is gone. CaseloadRefused, PermissionDenied."""
    plan, authority = _draft(acting, plan)
    found = PlanLock.objects.filter(plan=plan, pk=lock_id).first()
    if found is not None:
        found.delete()
        record(
            acting, "plan.unlocked", plan, region=plan.region_code, authority=authority, village=found.village_code,
            staff=str(found.staff_id),
        )  # fmt: skip


@transaction.atomic
def drop(acting: Acting, plan: Plan, *, reason: str) -> None:
    """It will not be carried out. CaseloadRefused, PermissionDenied."""
    plan, authority = _draft(acting, plan)
    plan.state, plan.decided_by_id, plan.decided_at = State.DROPPED, acting.person_id, timezone.now()
    plan.notes = [*plan.notes, {"code": DROPPED, "facts": {"reason": reason}}]
    plan.save(update_fields=["state", "decided_by", "decided_at", "notes"])
    record(acting, "plan.dropped", plan, region=plan.region_code, authority=authority, reason=reason)


@transaction.atomic
def approve(acting: Acting, plan: Plan, *, day: date, reason: str) -> CaseloadChange:
    """Carry the chosen way out from `day` on, as it is edited. The plan is bound to what was looked at.

    Raises CaseloadRefused where the district's caseload is another one since, or two decide at once; PermissionDenied.
    """
    authority = acting.authority(May.DECIDE_CASELOAD, plan.region_code)
    plan = _held(plan)
    if plan.chosen is None:
        raise CaseloadRefused(_("Pilih dahulu salah satu pilihan."))
    if day < max(timezone.localdate(), plan.as_of):
        raise CaseloadRefused(_("Tanggal mulai tidak boleh sebelum hari ini dan tidak sebelum tanggal dasar rencana."))
    moving.hold(plan.region_code)
    shares = shares_of(plan.chosen)
    drift = drift_of(plan, shares, day)
    if drift.refuses:
        raise CaseloadRefused(refusal(drift))
    placing.fill_by_shares(shares, day)
    change, followed = moving.carry_out(acting, CaseloadChange.Kind.BALANCE, plan.region_code, day=day, reason=reason)
    note(acting, authority, change, followed, plan=str(plan.pk), option=str(plan.chosen.number))
    plan.state, plan.change = State.CARRIED_OUT, change
    plan.decided_by_id, plan.decided_at = acting.person_id, timezone.now()
    plan.save(update_fields=["state", "change", "decided_by", "decided_at"])
    record(
        acting, "plan.carried_out", plan, region=plan.region_code, authority=authority, reason=reason,
        option=plan.chosen.number, change=str(change.pk), families=change.families,
        families_came=sum(drift.came.values()), families_went=sum(drift.went.values()),
    )  # fmt: skip
    return change


def refusal(drift: Drift) -> str:
    """Why a plan cannot be carried out any more, and what to do."""
    said = []
    if drift.acts:
        said.append(
            _("Sejak rencana ini dibuat, beban kabupaten/kota ini sudah diubah %(count)s kali.")
            % {"count": format_number(drift.acts)}
        )
    if drift.gone:
        names = names_of(drift.gone)
        told = ", ".join(sorted(str(names[one]) if one in names else str(one)[:8] for one in drift.gone))
        said.append(_("Pada tanggal itu bukan pendamping lagi: %(names)s.") % {"names": told})
    if drift.new_villages:
        said.append(
            _("Ada keluarga di desa yang belum ada dalam rencana: %(villages)s.")
            % {"villages": _some([region_name(code) for code in sorted(drift.new_villages)])}
        )
    return " ".join([*said, _("Minta rencana baru; kunci dari rencana ini dapat dibawa.")])


def _some(words: list[str]) -> str:
    rest = len(words) - _NAMED
    shown = ", ".join(words[:_NAMED])
    return _("%(shown)s, dan %(rest)s lagi") % {"shown": shown, "rest": format_number(rest)} if rest > 0 else shown


def _draft(acting: Acting, plan: Plan) -> tuple[Plan, str]:
    """The plan held for us alone, still a draft, and the words of the right to work on it."""
    authority = acting.authority(May.PLAN_CASELOAD, plan.region_code)
    return _held(plan), authority


def _held(plan: Plan) -> Plan:
    found = Plan.objects.select_for_update(of=("self",), no_key=True).select_related("chosen").get(pk=plan.pk)
    if found.state != State.DRAFT:
        raise CaseloadRefused(
            _("Rencana ini sudah diputuskan (%(state)s); tidak dapat diubah lagi.")
            % {"state": found.get_state_display()}
        )
    return found


def _again(plan: Plan, row: PlanRow) -> PlanRow:
    """The row as it is now. Another person may have given its families away meanwhile."""
    found = PlanRow.objects.filter(pk=row.pk, option_id=plan.chosen_id).first()
    if found is None:
        raise CaseloadRefused(_("Baris itu sudah berubah. Muat ulang halamannya."))
    return found

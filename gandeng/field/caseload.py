"""What a phone carries: her families today and what each needs next, with no account and of a NIK four digits.

A handful of questions whatever the number of families.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.commitments.models import Obligation
from gandeng.core.region_code import DISTRICT_DIGITS, SUB_DISTRICT_DIGITS
from gandeng.facilitators.act_queries import accompanied_by
from gandeng.facilitators.models import Staff
from gandeng.facilitators.moving import ACCOMPANIED
from gandeng.family_sessions.models import AbsenceNote, Attendance
from gandeng.field.carried_commitments import decisions, sheets, without_place
from gandeng.field.carried_graduation import checklists, graduations
from gandeng.field.carried_groups import absences, every_session, groups
from gandeng.field.kinds.registry_change import FROM_PHONES
from gandeng.field.models import Visit
from gandeng.field.reading import canonical
from gandeng.field.versions import version
from gandeng.follow_up.models import FollowUp
from gandeng.follow_up.queries import UNDRAWN, tasks, undrawn
from gandeng.graduation.words import ANSWERS, VISITED
from gandeng.helpdesk.published import kinds as case_kinds
from gandeng.payments.models import Cycle
from gandeng.reconciliation.words import REASON_CODES, kind_name, reason_name
from gandeng.regions import places
from gandeng.registry.cooling_queries import new_by_family
from gandeng.registry.models import Family, Member
from gandeng.words import say


def carried(acting: Acting, staff: Staff | None, day: date) -> dict[str, Any]:
    """Families with members and tasks, groups, sheets to fill, and the words of the codes among them."""
    if staff is None:
        return {"families": [], "words": _words({}), "villages": [], "checklists": {}} | _beside(acting, [], day)
    own = accompanied_by(staff, day).values("family_id")
    families = list(Family.objects.filter(pk__in=own, status__in=ACCOMPANIED).order_by("village_code", "family_no"))
    keys = [one.pk for one in families]
    members = _by_family(Member.objects.filter(family_id__in=keys).order_by("member_no"))
    waiting, decided, leaving = _tasks(staff, day), decisions(keys, day), graduations(keys)
    placeless, new = without_place(keys, day), new_by_family(keys, day)
    told = [
        _family(one, members.get(one.pk, []), placeless)
        | {"tasks": waiting.get(one.pk, []), "decisions": decided.get(one.pk, []), "graduation": leaving.get(one.pk)}
        | {"new": [{"what": what, "from": start.isoformat()} for what, start in new.get(one.pk, [])]}
        for one in families
    ]
    steps = {one["code"] or one["kind"]: one["step"] for all_ in waiting.values() for one in all_}
    around = _villages({one.village_code[:DISTRICT_DIGITS] for one in families})
    return {
        "families": told, "words": _words(steps), "villages": around, "checklists": checklists(leaving.values()),
    } | _beside(acting, keys, day)  # fmt: skip


def _beside(acting: Acting, own: list[UUID], day: date) -> dict[str, Any]:
    """Of groups and sheets, for these families."""
    return {
        "groups": groups(own, day) if own else [], "sessions": every_session(),
        "absences": absences(acting, day) if own else [], "sheets": sheets(own, day) if own else [],
    }  # fmt: skip


def _villages(districts: Collection[str]) -> list[dict[str, Any]]:
    """Of her districts, by sub-district; a village by what its code has beyond that of the sub-district."""
    return [
        {
            "code": each.code.digits,
            "name": each.name if len(districts) == 1 else f"{each.name}, {region_name(district)}",
            "villages": {one.code.digits[SUB_DISTRICT_DIGITS:]: one.name for one in places.villages_of(each.code)},
        }
        for district in sorted(districts)
        for each in places.sub_districts_of(district)
    ]  # fmt: skip


def etag(told: dict[str, Any]) -> str:
    """The same while nothing of it changed, whatever the hour."""
    return f'"{hashlib.sha256(canonical(told).encode()).hexdigest()[:32]}"'


def _by_family(members: Iterable[Member]) -> dict[UUID, list[Member]]:
    found: dict[UUID, list[Member]] = {}
    for one in members:
        found.setdefault(one.family_id, []).append(one)
    return found


def _family(family: Family, members: list[Member], placeless: Mapping[UUID, list[str]]) -> dict[str, Any]:
    collector = next((one.name for one in members if one.pk == family.collector_id), "")
    return {
        "id": str(family.pk), "family_no": family.family_no, "name": collector, "village_code": family.village_code,
        "village": region_name(family.village_code), "status": family.status,
        "members": [
            _member(one, family) | {"unplaced": placeless.get(one.pk, [])}
            for one in members if not one.is_gone
        ],
        "version": version(family, members),
    }  # fmt: skip


def _member(one: Member, family: Family) -> dict[str, Any]:
    return {
        "id": str(one.pk), "name": one.name, "born": one.birth_date.isoformat(), "sex": one.sex,
        "nik4": one.nik_last4, "collector": one.pk == family.collector_id, "school_level": one.school_level,
        "pregnancy_no": one.pregnancy_no, "disabled": one.severe_disability,
    }  # fmt: skip


def _tasks(staff: Staff, day: date) -> dict[UUID, list[dict[str, Any]]]:
    """By family: exceptions under way, then money that lies at the bank."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    for case in tasks(staff, day).order_by("-at_stake_rupiah", "pk"):
        if case.payment is None:
            continue
        row = _task(case.payment.pk, case.cycle, case.at_stake_rupiah, case.kind, case.reason_code, case)
        found.setdefault(case.payment.family_id, []).append(row)
    for one in undrawn(staff, day).order_by("payment_id"):
        row = _task(one.payment_id, one.cycle, one.net_rupiah - one.withdrawn_rupiah, UNDRAWN, "", one)
        found.setdefault(one.payment.family_id, []).append(row)
    return found


def _task(payment_id: str, cycle: Cycle, rupiah: int, kind: str, code: str, row: Any) -> dict[str, Any]:
    return {
        "payment_id": payment_id, "stage": f"{cycle.year}-T{cycle.stage}", "rupiah": rupiah, "kind": kind,
        "kind_name": _kind_name(kind), "code": code, "reason": reason_name(code),
        "step": say(f"follow_up.{code or kind}"), "last_found": row.last_found or "",
        "last_day": row.last_day.isoformat() if row.last_day else "",
    }  # fmt: skip


def _kind_name(kind: str) -> str:
    return _("Belum ditarik") if kind == UNDRAWN else kind_name(kind)


def _words(steps: dict[str, str]) -> dict[str, dict[str, str]]:
    """Choices by code, in the language of the person."""
    kinds = [(one.value, str(one.label)) for one in FROM_PHONES]
    return {
        "reasons": {code: reason_name(code) for code in REASON_CODES},
        "steps": dict(sorted(steps.items())),
        "how": _told(FollowUp.How.choices),
        "found": _told(FollowUp.Found.choices),
        "purpose": _told(Visit.Purpose.choices),
        "result": _told(Visit.Result.choices),
        "found_case": _told(Visit.Found.choices),
        "change": _told(kinds),
        "status": _told(Family.Status.choices),
        "attendance": _told(Attendance.State.choices),
        "absence_how": _told(AbsenceNote.How.choices),
        "absence_why": _told(AbsenceNote.Why.choices),
        "case_kinds": {code: kind.name.said() for code, kind in case_kinds().items()},
        "obligation": _told(Obligation.choices),
        "graduation_answer": _told(ANSWERS),
        "graduation_visit": _told(VISITED),
    }


def _told(choices: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    return {str(code): str(label) for code, label in choices}

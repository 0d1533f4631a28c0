"""What a phone carries of groups: members, the next session, what was told last, absences nobody asked about."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.facilitators.staff_queries import on_day
from gandeng.family_sessions.models import Group, Membership, Plan
from gandeng.family_sessions.published import FREE, module_name, module_of, session_name, sessions
from gandeng.family_sessions.queries import in_force, to_ask

_NEWEST = 3


def groups(own: Sequence[UUID], day: date) -> list[dict[str, Any]]:
    """Of today's members among her families."""
    rows = Membership.objects.filter(on_day(day), family_id__in=own).select_related("group")
    members: dict[UUID, list[str]] = defaultdict(list)
    found: dict[UUID, Group] = {}
    for one in rows.order_by("group__name", "family__family_no"):
        members[one.group_id].append(str(one.family_id))
        found[one.group_id] = one.group
    held, plans = _held(found), _plans(found, day.year)
    return [
        {
            "id": str(key), "name": group.name, "village_code": group.village_code,
            "village": region_name(group.village_code), "families": members[key],
            "next": _next(plans.get(key, []), held[key], day.year),
            "told": [{"session": code, "on_day": on.isoformat()} for on, code in held[key][:_NEWEST]],
        }
        for key, group in found.items()
    ]  # fmt: skip


def _held(found: dict[UUID, Group]) -> dict[UUID, list[tuple[date, str]]]:
    """Meetings as they were told last, newest first."""
    held: dict[UUID, list[tuple[date, str]]] = defaultdict(list)
    rows = in_force().filter(group_id__in=list(found)).order_by("-on_day", "-at")
    for group, on, code in rows.values_list("group_id", "on_day", "session_code"):
        held[group].append((on, code))
    return held


def _plans(found: dict[UUID, Group], year: int) -> dict[UUID, list[dict[str, str]]]:
    """Of each group the year's plan that counts."""
    rows = Plan.objects.filter(group_id__in=list(found), year=year)
    newest = rows.order_by("group_id", "-made_at", "-pk").distinct("group_id")
    return {one.group_id: one.rows for one in newest}


def _next(plan: list[dict[str, str]], held: list[tuple[date, str]], year: int) -> dict[str, str] | None:
    """The first planned session of the year nobody has told yet."""
    told = {code for on, code in held if on.year == year}
    return next((row for row in plan if row["session"] not in told), None)


def every_session() -> list[dict[str, Any]]:
    """Those a meeting may have, in order."""
    return [
        {
            "code": code, "module": module_name(module_of(code)),
            "title": session_name(code).removeprefix(f"{code} "), "free": code in FREE,
        }
        for code in sessions()
    ]  # fmt: skip


def absences(acting: Acting, day: date) -> list[dict[str, str]]:
    """Of her families, those nobody asked about, the longest ago first."""
    return [
        {
            "id": str(one.pk), "family": str(one.family_id), "group": one.meeting.group.name,
            "session": one.meeting.session_code, "on_day": one.meeting.on_day.isoformat(),
        }
        for one in to_ask(acting, day).order_by("meeting__on_day", "pk")
    ]  # fmt: skip

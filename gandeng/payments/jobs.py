"""Long work of a cycle: each step leaves the old state or the new one, and can be asked for again."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.urls import reverse

from gandeng.accounts.acting import Acting
from gandeng.jobs.work import Report, kind
from gandeng.payments import actions
from gandeng.payments.models import PaymentList
from gandeng.payments.queries import access_cycle, access_instruction

FREEZE, CALCULATE, LISTS = "payments.freeze", "payments.calculate", "payments.make_lists"
SUBMIT, INSTRUCT, REPACK = "payments.submit_lists", "payments.instruct", "payments.repack"


@kind(FREEZE)
def freeze(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """Freeze the registry."""
    return _step(acting, report, arguments, actions.freeze)


@kind(CALCULATE)
def calculate(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """What each family is due."""
    return _step(acting, report, arguments, actions.calculate)


@kind(LISTS)
def make_lists(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """Lists per district and channel."""
    return _step(acting, report, arguments, actions.make_lists)


@kind(SUBMIT)
def submit_lists(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """Hand in every DRAFT list of the cycle that has a payment, each with the root the person saw, all or none."""
    cycle = access_cycle(acting, arguments["cycle"])
    seen: dict[str, str] = arguments["roots"]
    lists = PaymentList.objects.filter(cycle=cycle, state=PaymentList.State.DRAFT, payments__gt=0, pk__in=seen)
    for done, each in enumerate(lists.select_related("cycle").order_by("district_code", "channel")):
        report("Mengajukan daftar", done, len(seen))
        actions.submit_list(acting, each, seen[str(each.pk)])
    return reverse("payments:cycle", args=[cycle.pk])


@kind(INSTRUCT)
def instruct(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """Files for every channel that is approved."""
    cycle = access_cycle(acting, arguments["cycle"])
    day = date.fromisoformat(arguments["execute_on"]) if arguments.get("execute_on") else None
    actions.instruct(acting, cycle, report, channel=arguments.get("channel"), execute_on=day)
    return reverse("payments:instructions", args=[cycle.pk])


@kind(REPACK)
def repack(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """The same file under a new password."""
    found = actions.repack(acting, access_instruction(acting, arguments["instruction"]), arguments["reason"], report)
    return reverse("payments:instructions", args=[found.cycle_id])


def _step(acting: Acting, report: Report, arguments: dict[str, Any], step: Callable[..., Any]) -> str:
    cycle = access_cycle(acting, arguments["cycle"])
    step(acting, cycle, report)
    return reverse("payments:cycle", args=[cycle.pk])

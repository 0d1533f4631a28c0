"""Long work of this package."""

from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from gandeng.accounts.acting import Acting
from gandeng.jobs.work import Report, kind
from gandeng.payments.queries import access_cycle, rounds_of
from gandeng.reconciliation.actions.files import take_file, withdraw_file
from gandeng.reconciliation.actions.minutes import write_minutes_of
from gandeng.reconciliation.actions.reissues import instruct_reissue_round, make_reissue_round


@kind("reconciliation.take_file")
def take(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """Read a received file and reconcile; ends at its receipt, which says what became of it."""
    file = take_file(acting, UUID(arguments["file_id"]), report)
    return reverse("reconciliation:file", args=[file.pk])


@kind("reconciliation.withdraw_file")
def withdraw(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """Withdraw a file and reconcile without it."""
    file = withdraw_file(acting, UUID(arguments["file_id"]), arguments["reason"], report)
    return reverse("reconciliation:file", args=[file.pk])


@kind("reconciliation.reissue_round")
def reissue_round(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """Supplementary lists of what is to be sent again and of what was held back; where none came of it, who is held."""
    cycle = access_cycle(acting, arguments["cycle"])
    number = make_reissue_round(acting, cycle, report, owed=bool(arguments.get("owed")))
    page = "reconciliation:reissues" if rounds_of(cycle).filter(round=number).exists() else "payments:held"
    return reverse(page, args=[cycle.pk])


@kind("reconciliation.instruct_round")
def instruct_round(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """The order of an approved round."""
    cycle = access_cycle(acting, arguments["cycle"])
    day = date.fromisoformat(arguments["execute_on"])
    instruct_reissue_round(acting, cycle, arguments["number"], report, execute_on=day)
    return reverse("payments:instructions", args=[cycle.pk])


@kind("reconciliation.minutes")
def minutes(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """Typeset the minutes of a statement that everybody has signed."""
    statement = write_minutes_of(acting, UUID(arguments["statement_id"]), arguments["address"], report)
    return reverse("reconciliation:statement", args=[statement.pk])

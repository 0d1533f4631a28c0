"""Long work on lists that came in; each kind does one action and gives the address of the list's page."""

from typing import Any

from django.urls import reverse

from gandeng.accounts.acting import Acting
from gandeng.facilitators.actions import imports
from gandeng.jobs.work import Report, kind


@kind("facilitators.take_list", again="facilitators:take_import")
def take(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """Read, check and compare the uploaded file."""
    found = imports.take_list(acting, imports.Sent(**arguments), report)
    return reverse("facilitators:import", args=[found.pk])


@kind("facilitators.apply_list")
def apply(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """Make what the list says so."""
    found = imports.apply_list(acting, arguments["list"], report)
    return reverse("facilitators:import", args=[found.pk])


@kind("facilitators.undo_list")
def undo(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """Undo an applied list as a whole."""
    found = imports.undo_list(acting, arguments["list"], arguments["reason"], report)
    return reverse("facilitators:import", args=[found.pk])

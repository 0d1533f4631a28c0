"""Long work on lists and codes; each kind does one action and gives the address of its page."""

from typing import Any

from django.urls import reverse

from gandeng.accounts.acting import Acting
from gandeng.jobs.work import Report, kind
from gandeng.registry.actions import lists, recodings
from gandeng.registry.models import Recoding


@kind("registry.take", again="registry:take")
def take(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """Read, check and compare the uploaded files."""
    intake = lists.take_list(acting, lists.Sent(**arguments), report)
    return reverse("registry:intake", args=[intake.pk])


@kind("registry.apply")
def apply(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """Apply a list another person took."""
    intake = lists.apply_list(acting, arguments["intake"], report)
    return reverse("registry:intake", args=[intake.pk])


@kind("registry.undo")
def undo(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """Undo an applied list as a whole."""
    intake = lists.undo_list(acting, arguments["intake"], arguments["reason"], report)
    return reverse("registry:intake", args=[intake.pk])


@kind("registry.recode")
def recode(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """Apply a change of codes another person proposed."""
    return _recoding(recodings.apply_recoding(acting, arguments["recoding"], report))


@kind("registry.recode_back")
def recode_back(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """Undo an applied change of codes as a whole."""
    return _recoding(recodings.undo_recoding(acting, arguments["recoding"], arguments["reason"], report))


def _recoding(found: Recoding) -> str:
    return reverse("registry:recoding", args=[found.pk])

"""Taking a file of answers."""

from typing import Any

from django.urls import reverse

from gandeng.accounts.acting import Acting
from gandeng.civil_registry import taking
from gandeng.jobs.work import Report, kind

TAKE = "civil_registry.take"


@kind(TAKE, again="civil_registry:take")
def take(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """Read, find and keep."""
    matching = taking.take(acting, taking.Sent(**arguments), report)
    return reverse("civil_registry:matching", args=[matching.pk])

"""Long work of commitments; it gives the address of its page."""

from typing import Any

from django.urls import reverse

from gandeng.accounts.acting import Acting
from gandeng.commitments.actions import education
from gandeng.jobs.work import Report, kind

TAKE_IN = "commitments.take_education"


@kind(TAKE_IN)
def take_education(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """Read a school's form, to be looked at before it is recorded."""
    list_id = education.take_in(acting, education.Sent(**arguments), report)
    return reverse("commitments:education_list", args=[list_id])

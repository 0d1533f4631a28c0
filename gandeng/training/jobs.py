"""Long work of trainings; each kind does one action and gives the address of its page."""

from typing import Any

from django.urls import reverse

from gandeng.accounts.acting import Acting
from gandeng.jobs.work import Report, kind
from gandeng.training.actions import question_lists


@kind("training.take_questions")
def take_questions(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """Read a list of questions, to be looked at before it is entered."""
    course, list_id = question_lists.take_list(acting, question_lists.Sent(**arguments), report)
    return reverse("training:question_list", args=[course.pk, list_id])

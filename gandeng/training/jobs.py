"""Long work of trainings; each kind does one action and gives the address of its page."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.jobs.work import Report, WorkRefused, kind
from gandeng.training.actions import question_lists
from gandeng.training.event_queries import access_event
from gandeng.training.mailing import due, send

MAILS = "training.mail_invitations"


@kind("training.take_questions")
def take_questions(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """Read a list of questions, to be looked at before it is entered."""
    course, list_id = question_lists.take_list(acting, question_lists.Sent(**arguments), report)
    return reverse("training:question_list", args=[course.pk, list_id])


@kind(MAILS)
def mail_invitations(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """Every invitation of an event that no mail has told yet; again it sends what is left alone."""
    event = access_event(acting, UUID(arguments["event"])).event
    letters, left = due(event), 0
    for place, letter in enumerate(letters):
        report(_("Mengirim undangan"), place, len(letters))
        left += not send(event, letter, arguments["home"])
    if left:
        raise WorkRefused(
            _(
                "%(count)s undangan tidak terkirim lewat surel. Undangannya tetap tampil di beranda mereka; beri tahu "
                "mereka lewat jalan lain."
            )
            % {"count": left}
        )
    return reverse("training:participants", args=[event.pk])

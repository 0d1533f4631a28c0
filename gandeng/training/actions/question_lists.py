"""A list of questions is read and shown, then entered by who sent it."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.files.intake import take
from gandeng.files.layouts import QUESTIONS
from gandeng.jobs.work import Report, WorkRefused
from gandeng.registry.staging import uploaded
from gandeng.training import question_lists as lists
from gandeng.training.actions.common import TrainingRefused
from gandeng.training.actions.questions import enter_many
from gandeng.training.models import Course, Question
from gandeng.training.question_lists import Listed


@dataclass(frozen=True)
class Sent:
    """What was uploaded: our folder, the name it came under, and the course."""

    upload: str
    called: str
    course: str


def take_list(acting: Acting, sent: Sent, report: Report) -> tuple[Course, UUID]:
    """Read and check; nothing is entered yet. Raises WorkRefused with every fault, PermissionDenied."""
    course = Course.objects.get(pk=sent.course)
    acting.authority(May.PLAN_TRAINING, course.region_code)
    with uploaded(sent.upload) as folder:
        report("Membaca berkas", 0, 2)
        taken = take(next(folder.glob("list*")), QUESTIONS, folder / "work", source=sent.called)
        report("Memeriksa soal", 1, 2)
        there = Question.objects.filter(course=course, retired_at=None).values_list("text", flat=True)
        asked, faults = lists.checked(lists.rows_of(taken, folder / "work"), list(there))
    if faults:
        raise WorkRefused("\n".join([_("%(name)s tidak diterima.") % {"name": sent.called}, *faults]))
    list_id = uuid4()
    lists.keep(list_id, Listed(str(course.pk), str(acting.person_id), sent.called, taken.sha256, tuple(asked)))
    return course, list_id


def enter_list(acting: Acting, course: Course, list_id: UUID) -> int:
    """What was shown. Gives how many. Raises TrainingRefused, PermissionDenied."""
    listed = lists.kept(list_id, course.pk, acting.person_id)
    if listed is None:
        raise TrainingRefused(_("Daftar ini sudah tidak ada. Unggah lagi."))
    made = enter_many(acting, course, listed.questions, name=listed.called, sha256=listed.sha256)
    lists.forget(list_id)
    return len(made)

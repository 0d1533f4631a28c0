"""The bank of questions of a course."""

import csv
import io
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.exports.tables import ENCODING
from gandeng.files.layouts import QUESTIONS
from gandeng.jobs.work import start
from gandeng.registry.staging import upload_folder
from gandeng.training import question_lists as lists
from gandeng.training import question_queries as queries
from gandeng.training.actions import question_lists as list_actions
from gandeng.training.actions import questions as actions
from gandeng.training.actions.common import TrainingRefused
from gandeng.training.models import Course, Question
from gandeng.training.paper_forms import CopyForm, QuestionForm, QuestionListForm
from gandeng.training.paper_queries import item_rows, papers_of_course
from gandeng.training.views.common import tabs, to_the_course
from gandeng.training.views.items import item_words
from gandeng.web.answers import CSV, as_file
from gandeng.web.paging import known_filters
from gandeng.web.refusals import refuse
from gandeng.web.room import receive

_TITLE = "Membaca daftar soal {title}"
_EXAMPLE_KEPT = (
    "P2K2", "Berapa modul P2K2?", "Empat", "Lima", "Tujuh", "", "", "", "A", "",
)  # fmt: skip


@allowed(May.PLAN_TRAINING)
@require_safe
@to_the_course
def questions(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """Questions in use, or those that were retired."""
    who = acting(request)
    course = queries.access_bank(who, course_id)
    retired = known_filters(request, ["keadaan"])["keadaan"] == "lama"
    keeps = who.may(May.PLAN_TRAINING, course.region_code)
    rows = [_row(one) for one in queries.questions_of(course, retired=retired)]
    context = _course(who, course) | {"rows": rows, "retired": retired, "keeps": keeps}
    if keeps and not retired:
        sources = list(queries.others_with_questions(who, course)[:100])
        context |= {"copy_form": CopyForm(sources=sources) if sources else None}
    return render(request, "training/questions.html", context)


def _course(who: Acting, course: Course) -> dict[str, Any]:
    trail = [
        {"label": _("Katalog"), "url": reverse("training:courses")},
        {"label": course.title, "url": reverse("training:course", args=[course.pk]), "lang": "id"},
        {"label": _("Bank soal")},
    ]
    return {"course": course, "region": region_name(course.region_code), "tabs": tabs(who, "courses"), "trail": trail}


def _row(one: Question) -> dict[str, Any]:
    options = [
        {"letter": lists.LETTERS[place], "text": text, "right": place == one.right_option}
        for place, text in enumerate(one.options)
    ]
    return {"question": one, "options": options}


@allowed(May.PLAN_TRAINING)
@to_the_course
def enter(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """One more question."""
    who = acting(request)
    course = queries.access_bank(who, course_id, keeps=True)
    form = QuestionForm(request.POST or None, units=course.units)
    if request.method == "POST" and form.is_valid():
        try:
            actions.enter(who, course, form.asked())
        except TrainingRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Soal tersimpan."))
            return redirect("training:questions", course.pk)
    context = _course(who, course) | {"form": form}
    return render(request, "training/question.html", context, status=422 if form.errors else 200)


@allowed(May.PLAN_TRAINING)
@to_the_course
def replace(request: HttpRequest, course_id: UUID, question_id: UUID) -> HttpResponse:
    """A better one in its place."""
    who = acting(request)
    course = queries.access_bank(who, course_id, keeps=True)
    old = queries.access_question(course, question_id)
    form = QuestionForm(request.POST or None, units=course.units, initial=QuestionForm.initial_of(old))
    if request.method == "POST" and form.is_valid():
        try:
            actions.replace(who, old, form.asked())
        except TrainingRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Soal diganti. Tes yang memakai soal lama tidak berubah."))
            return redirect("training:questions", course.pk)
    context = _course(who, course) | {"form": form, "old": old}
    return render(request, "training/question.html", context, status=422 if form.errors else 200)


@allowed(May.PLAN_TRAINING)
@require_POST
@to_the_course
def retire(request: HttpRequest, course_id: UUID, question_id: UUID) -> HttpResponse:
    """No new test has it."""
    who = acting(request)
    course = queries.access_bank(who, course_id, keeps=True)
    try:
        actions.retire(who, queries.access_question(course, question_id))
    except TrainingRefused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("Soal itu tidak lagi dipakai untuk tes baru."))
    return redirect("training:questions", course.pk)


@allowed(May.PLAN_TRAINING)
@require_POST
@to_the_course
def copy(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """Questions of another course."""
    who = acting(request)
    course = queries.access_bank(who, course_id, keeps=True)
    form = CopyForm(request.POST, sources=list(queries.others_with_questions(who, course)[:100]))
    if not form.is_valid():
        messages.error(request, _("Pilih pelatihan yang soalnya disalin."))
        return redirect("training:questions", course.pk)
    source = queries.access_bank(who, UUID(form.cleaned_data["source"]))
    try:
        count = actions.copy(who, source, course)
    except TrainingRefused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("%(count)s soal disalin.") % {"count": count})
    return redirect("training:questions", course.pk)


@allowed(May.PLAN_TRAINING)
@require_safe
def template(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (a view)
    """The table people fill in, with one question in it."""
    told = io.StringIO()
    writer = csv.writer(told, delimiter=";", lineterminator="\r\n")
    writer.writerow([field.aliases[0] for field in QUESTIONS.fields])
    writer.writerow(_EXAMPLE_KEPT)
    return as_file(told.getvalue().encode(ENCODING), "contoh-soal.csv", CSV)


@allowed(May.PLAN_TRAINING)
@to_the_course
def take_list(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """Send a list of questions."""
    who = acting(request)
    course = queries.access_bank(who, course_id, keeps=True)
    form = QuestionListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = str(uuid4())
        if kept := receive(form, upload_folder(upload), ("file", "list", "soal")):
            job = start(
                who, "training.take_questions", _TITLE.format(title=course.title), upload=upload, called=kept["file"],
                course=str(course.pk),
            )  # fmt: skip
            return redirect("jobs:job", job.pk)
    context = _course(who, course) | {"form": form}
    return render(request, "training/question_take.html", context, status=422 if form.errors else 200)


@allowed(May.PLAN_TRAINING)
@to_the_course
def question_list(request: HttpRequest, course_id: UUID, list_id: UUID) -> HttpResponse:
    """What a list holds, before it is entered; entering it."""
    who = acting(request)
    course = queries.access_bank(who, course_id, keeps=True)
    if request.method == "POST":
        try:
            count = list_actions.enter_list(who, course, list_id)
        except TrainingRefused as why:
            messages.error(request, str(why))
        else:
            messages.success(request, _("%(count)s soal masuk bank soal.") % {"count": count})
        return redirect("training:questions", course.pk)
    listed = lists.kept(list_id, course.pk, who.person_id)
    rows = [
        {
            "asked": one,
            "options": [
                {"letter": lists.LETTERS[place], "text": text, "right": place == one.right}
                for place, text in enumerate(one.options)
            ],
        }
        for one in (listed.questions if listed else ())
    ]
    context = _course(who, course) | {"listed": listed, "rows": rows}
    return render(request, "training/question_list.html", context)


@allowed(May.PLAN_TRAINING)
@require_safe
@to_the_course
def course_items(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """How the questions behaved over all events of the course."""
    who = acting(request)
    course = queries.access_bank(who, course_id)
    papers = papers_of_course(who, course)
    context = _course(who, course) | {"items": [item_words(one) for one in item_rows(papers)], "papers": len(papers)}
    return render(request, "training/course_items.html", context)

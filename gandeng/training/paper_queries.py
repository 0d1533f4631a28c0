"""Tests of an event: papers, who handed in, one's own, and how the questions behaved."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.training.day_queries import MAY_COME
from gandeng.training.drawing import shuffled
from gandeng.training.event_queries import Standing, access_own, access_run
from gandeng.training.items import Item, Key, Sheet, items
from gandeng.training.models import Course, Event, Paper, PaperQuestion, Question, Sitting


@dataclass(frozen=True)
class Counted:
    """A paper with how many questions it has and how many began and handed in, as far as one may see."""

    paper: Paper
    questions: int
    begun: int
    handed_in: int


def papers_of(event: Event) -> dict[str, Counted]:
    """By kind."""
    rows = Paper.objects.filter(event=event).annotate(
        asked=Count("questions", distinct=True), begun=Count("sittings", distinct=True),
        handed=Count("sittings", filter=Q(sittings__handed_in_at__isnull=False), distinct=True),
    )  # fmt: skip
    return {one.kind: Counted(one, one.asked, one.begun, one.handed) for one in rows.order_by("-kind")}


def access_paper(acting: Acting, event_id: UUID, paper_id: UUID) -> tuple[Standing, Paper]:
    """A paper of an event one runs. Http404."""
    standing = access_run(acting, event_id)
    paper = Paper.objects.filter(event=standing.event, pk=paper_id).first()
    if paper is None:
        raise Http404
    return standing, paper


def questions_of(paper: Paper) -> list[Question]:
    """In their places."""
    rows = PaperQuestion.objects.filter(paper=paper).select_related("question").order_by("place")
    return [one.question for one in rows]


def sittings_of(paper: Paper) -> QuerySet[Sitting]:
    """Everybody's, for whoever runs the event."""
    rows = Sitting.objects.filter(paper=paper).select_related("participant__staff__person")
    return rows.order_by("participant__staff__person__name", "pk")


@dataclass(frozen=True)
class Own:
    """A paper as one of the invited has it."""

    standing: Standing
    paper: Paper
    sitting: Sitting | None

    @property
    def may_answer(self) -> bool:
        """Open, not handed in, and she is one of those who come."""
        own = self.standing.own
        done = self.sitting is not None and self.sitting.handed_in_at is not None
        coming = own is not None and own.state in MAY_COME and self.standing.event.state == Event.State.INVITED
        return self.paper.closed_at is None and coming and not done

    @property
    def score_shown(self) -> bool:
        """Her own, once the paper is closed."""
        return self.paper.closed_at is not None and self.sitting is not None and self.sitting.handed_in_at is not None


def access_own_paper(acting: Acting, paper_id: UUID) -> Own:
    """A paper of an event one was invited to. Http404."""
    paper = Paper.objects.select_related("event").filter(pk=paper_id).first()
    if paper is None:
        raise Http404
    standing = access_own(acting, paper.event_id)
    return Own(standing, paper, Sitting.objects.filter(paper=paper, participant=standing.own).first())


def own_papers(standing: Standing) -> list[Own]:
    """Of an event one was invited to, the test before first."""
    found = {one.paper_id: one for one in Sitting.objects.filter(participant=standing.own)}
    papers = Paper.objects.filter(event=standing.event).order_by("-kind")
    return [Own(standing, paper, found.get(paper.pk)) for paper in papers]


def answers_shown(event: Event) -> bool:
    """What is right is told when nobody can use it any more: when the test afterwards is closed, or the event is."""
    post = Paper.objects.filter(event=event, kind=Paper.Kind.POST).first()
    return event.state == Event.State.CLOSED or (post is not None and post.closed_at is not None)


@dataclass(frozen=True)
class Asked:
    """A question as it stands before somebody: the options in an order of her own, each with its true place."""

    question: Question
    options: tuple[tuple[int, str], ...]
    chosen: int | None

    @property
    def field(self) -> str:
        """Its name in the form."""
        return f"q-{self.question.pk}"


def asked_of(paper: Paper, sitting: Sitting) -> list[Asked]:
    """Questions in their places; neighbours see the options in different orders."""
    told = []
    for one in questions_of(paper):
        order = shuffled(len(one.options), f"{sitting.pk}{one.pk}")
        options = tuple((place, one.options[place]) for place in order)
        told.append(Asked(one, options, sitting.answers.get(str(one.pk))))
    return told


@dataclass(frozen=True)
class ItemRow:
    """A question with its figures."""

    question: Question
    item: Item


def item_rows(papers: Sequence[Paper]) -> list[ItemRow]:
    """How the questions of these papers behaved, over everybody one may see who handed in."""
    held: dict[UUID, list[Question]] = {paper.pk: [] for paper in papers}
    rows = PaperQuestion.objects.filter(paper__in=papers).select_related("question").order_by("paper__kind", "place")
    for row in rows:
        held[row.paper_id].append(row.question)
    known = {str(one.pk): one for questions in held.values() for one in questions}
    sheets = [
        Sheet(tuple(str(one.pk) for one in held[paper_id]), answers)
        for paper_id, answers in Sitting.objects.filter(paper__in=papers, handed_in_at__isnull=False).values_list(
            "paper_id", "answers"
        )
    ]
    keys = {key: Key(one.right_option, len(one.options)) for key, one in known.items()}
    return [ItemRow(known[one.question], one) for one in items(sheets, keys)]


def papers_of_course(acting: Acting, course: Course) -> list[Paper]:
    """Of all events of the course that one's own offices held."""
    where = acting.where(May.PLAN_TRAINING)
    return list(Paper.objects.filter(event__course=course, event__region_code__within=where))

"""Questions of a course, the papers of an event, and what people answered.

An answered paper is there for herself and for whoever is over her district. What is right is marked by the database.
"""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.models import Person
from gandeng.training.models.courses import Course
from gandeng.training.models.events import Event, Participant
from gandeng.web.scoping import scoped


class Question(models.Model):
    """Of the bank. Its text never changes; a better one takes its place."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="questions")
    region_code = models.TextField(blank=True, db_collation="C")
    unit = models.TextField(blank=True)
    text = models.TextField()
    options = models.JSONField()
    """List of two to six texts."""
    right_option = models.PositiveSmallIntegerField()
    """Place of the right option, from 0."""
    explanation = models.TextField(blank=True)
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True)

    objects = scoped("region_code", touches=True)

    class Meta:
        """By course; the right option is among them (`0002_guards`)."""

        indexes: ClassVar = [models.Index(fields=["course", "entered_at"], name="question_course")]

    def __str__(self) -> str:
        return self.text


class Paper(models.Model):
    """A test of an event, before or after."""

    class Kind(models.TextChoices):
        """The same questions may stand in both."""

        PRE = "PRE", _("Tes awal")
        POST = "POST", _("Tes akhir")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="papers")
    region_code = models.TextField(blank=True, db_collation="C")
    kind = models.TextField(choices=Kind.choices)
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)

    objects = scoped("region_code", touches=True)

    class Meta:
        """One of a kind."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "kind"], name="paper_once")]

    def __str__(self) -> str:
        return self.kind


class PaperQuestion(models.Model):
    """A question of a paper, in its place."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="questions")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="papers")
    region_code = models.TextField(blank=True, db_collation="C")
    place = models.PositiveSmallIntegerField()

    objects = scoped("region_code", touches=True)

    class Meta:
        """Once, each in its own place."""

        ordering: ClassVar = ["place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["paper", "question"], name="paperquestion_once"),
            models.UniqueConstraint(fields=["paper", "place"], name="paperquestion_place"),
        ]

    def __str__(self) -> str:
        return str(self.place)


class Sitting(models.Model):
    """One person's paper. Handed in once; then the database marks it and nothing changes."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="sittings")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="sittings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    region_code = models.TextField(blank=True, db_collation="C")
    answers = models.JSONField(default=dict)
    """Id of the question → place of the option she chose."""
    started_at = models.DateTimeField(auto_now_add=True)
    handed_in_at = models.DateTimeField(null=True)
    right_count = models.PositiveSmallIntegerField(null=True)
    question_count = models.PositiveSmallIntegerField(null=True)

    objects = scoped("region_code", touches=True)

    class Meta:
        """Once; marked when it is handed in."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["paper", "participant"], name="sitting_once"),
            models.CheckConstraint(
                condition=Q(handed_in_at__isnull=True, right_count__isnull=True, question_count__isnull=True)
                | Q(
                    handed_in_at__isnull=False, right_count__gte=0, question_count__gte=1,
                    right_count__lte=F("question_count"),
                ),
                name="sitting_marked",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.pk)

"""What came of an event: opinions without names, problems with an owner, costs, each one's result, the report."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gandeng.accounts.models import Person
from gandeng.training.models.events import Event, Participant
from gandeng.web.scoping import scoped


class Evaluation(models.Model):
    """What somebody thought of an event: no name, no time, no order. There for the office that held it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="evaluations")
    region_code = models.TextField(blank=True, db_collation="C")
    """Of the event."""
    scores = models.JSONField()
    """Key of the statement → 1 to 5."""
    remark = models.TextField(blank=True)

    objects = scoped("region_code", touches=True)

    def __str__(self) -> str:
        return str(self.pk)


class EvaluationGiven(models.Model):
    """That she gave her opinion; not which."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, related_name="evaluation_given")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    region_code = models.TextField(blank=True, db_collation="C")

    objects = scoped("region_code", touches=True)

    def __str__(self) -> str:
        return str(self.pk)


class Problem(models.Model):
    """A problem of the field raised at an event, with an owner and a day, until it is answered and closed."""

    class About(models.TextChoices):
        """What it is about."""

        DATA = "DATA", _("Data keluarga")
        PAYMENT = "PAYMENT", _("Penyaluran")
        COMMITMENT = "COMMITMENT", _("Verifikasi komitmen")
        SESSION = "SESSION", _("P2K2")
        CASELOAD = "CASELOAD", _("Beban dampingan")
        SYSTEM = "SYSTEM", _("Aplikasi dan jaringan")
        OTHER = "OTHER", pgettext_lazy("masalah", "Lainnya")

    class State(models.TextChoices):
        """OPEN ↔ ANSWERED → CLOSED; the steps move it (`0002_guards`)."""

        OPEN = "OPEN", pgettext_lazy("masalah", "Terbuka")
        ANSWERED = "ANSWERED", pgettext_lazy("masalah", "Dijawab")
        CLOSED = "CLOSED", pgettext_lazy("masalah", "Selesai")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="problems")
    number = models.TextField(unique=True, blank=True)
    """`MS-63-2026-0001`, given by the database."""
    region_code = models.TextField(blank=True, db_collation="C")
    """The place it concerns, within the event's."""
    about = models.TextField(choices=About.choices)
    text = models.TextField()
    raised_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(auto_now_add=True)
    state = models.TextField(choices=State.choices, default=State.OPEN)
    owner = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(null=True)

    objects = scoped("region_code", touches=True)

    class Meta:
        """By state."""

        indexes: ClassVar = [models.Index(fields=["region_code", "state"], name="problem_region_state")]

    def __str__(self) -> str:
        return self.number


class ProblemStep(models.Model):
    """What was done about it. Never changed; the state of the problem follows."""

    class Kind(models.TextChoices):
        """GIVEN names an owner and a day; REOPENED leads back from an answer."""

        GIVEN = "GIVEN", pgettext_lazy("masalah", "Diserahkan")
        ANSWERED = "ANSWERED", pgettext_lazy("masalah", "Dijawab")
        REOPENED = "REOPENED", pgettext_lazy("masalah", "Dibuka lagi")
        CLOSED = "CLOSED", pgettext_lazy("masalah", "Ditutup")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="steps")
    region_code = models.TextField(blank=True, db_collation="C")
    kind = models.TextField(choices=Kind.choices)
    text = models.TextField(blank=True)
    owner = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(null=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("region_code", touches=True)

    class Meta:
        """Given to somebody; everything else says something."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="GIVEN", owner__isnull=False)
                | (~Q(kind="GIVEN") & ~Q(text="") & Q(owner__isnull=True, due_on__isnull=True)),
                name="problemstep_says",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["problem", "at"], name="problemstep_at")]

    def __str__(self) -> str:
        return self.kind


class Cost(models.Model):
    """One line of what an event costs, planned and spent. There for the office that held it and those above."""

    class Kind(models.TextChoices):
        """What for."""

        VENUE = "VENUE", _("Tempat")
        MEALS = "MEALS", _("Konsumsi")
        LODGING = "LODGING", _("Penginapan")
        TRAVEL = "TRAVEL", _("Perjalanan")
        SPEAKER = "SPEAKER", _("Narasumber")
        MATERIAL = "MATERIAL", _("Bahan")
        OTHER = "OTHER", pgettext_lazy("biaya", "Lainnya")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="costs")
    region_code = models.TextField(blank=True, db_collation="C")
    kind = models.TextField(choices=Kind.choices)
    text = models.TextField()
    planned_rupiah = models.BigIntegerField(default=0)
    spent_rupiah = models.BigIntegerField(null=True)
    """Nothing until somebody told."""
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)

    objects = scoped("region_code", touches=True)

    class Meta:
        """Not less than nothing."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(planned_rupiah__gte=0) & (Q(spent_rupiah__isnull=True) | Q(spent_rupiah__gte=0)),
                name="cost_rupiah",
            )
        ]

    def __str__(self) -> str:
        return self.text


class Result(models.Model):
    """What somebody's days and tests came to when the event was closed; counted, never typed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, related_name="result")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    region_code = models.TextField(blank=True, db_collation="C")
    days_attended = models.PositiveSmallIntegerField()
    days_held = models.PositiveSmallIntegerField()
    pre_right = models.PositiveSmallIntegerField(null=True)
    pre_questions = models.PositiveSmallIntegerField(null=True)
    post_right = models.PositiveSmallIntegerField(null=True)
    post_questions = models.PositiveSmallIntegerField(null=True)
    qualifies = models.BooleanField()
    """For a certificate: everything the event asked was met."""
    lacks = models.JSONField(default=list)
    """Codes of what was not: ABSENT, NO_TEST, BELOW."""
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("region_code", touches=True)

    def __str__(self) -> str:
        return str(self.pk)


class Report(models.Model):
    """The report of an event as it was when it was closed; its PDF is made from this and nothing else."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="report")
    region_code = models.TextField(blank=True, db_collation="C")
    content = models.JSONField()
    content_sha256 = models.TextField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)

    objects = scoped("region_code", touches=True)

    def __str__(self) -> str:
        return self.content_sha256

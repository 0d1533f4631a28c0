"""One event (kegiatan): a batch of a course, who is to come, its agenda and what is handed out."""

from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import pgettext_lazy

from gandeng.accounts.models import Person
from gandeng.certificates.models import Skill
from gandeng.facilitators.models import Staff
from gandeng.training.models.courses import OFFICE, BatchPlan, Course, percent
from gandeng.web.scoping import scoped

DAYS: Any = Func(F("starts_on"), F("ends_on"), Value("[]"), function="daterange", output_field=DateRangeField())


class Event(models.Model):
    """DRAFT → INVITED → CLOSED, or CANCELLED before it is closed. What it asks of people is its own copy."""

    class State(models.TextChoices):
        """`0002_guards` allows no other way."""

        DRAFT = "DRAFT", pgettext_lazy("kegiatan", "Rancangan")
        INVITED = "INVITED", pgettext_lazy("kegiatan", "Undangan terkirim")
        CLOSED = "CLOSED", pgettext_lazy("kegiatan", "Selesai")
        CANCELLED = "CANCELLED", pgettext_lazy("kegiatan", "Dibatalkan")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    number = models.TextField(unique=True, blank=True)
    """`DK-63-2026-0001`, given by the database."""
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="events")
    plan = models.ForeignKey(BatchPlan, null=True, on_delete=models.PROTECT, related_name="events")
    region_code = models.TextField(blank=True, db_collation="C")
    """Whose office holds it: the nation, a province or a district."""
    title = models.TextField()
    batch_no = models.PositiveSmallIntegerField(null=True)
    """Angkatan."""
    venue = models.TextField()
    address = models.TextField(blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    """The last day, included."""
    reply_until = models.DateField(null=True)
    capacity = models.PositiveIntegerField()
    absent_max = models.PositiveSmallIntegerField(null=True)
    """How many of one sub-district may be away at once; nothing: no limit."""
    skill = models.ForeignKey(Skill, null=True, on_delete=models.PROTECT, related_name="+")
    hours = models.PositiveSmallIntegerField(null=True)
    attendance_percent_min = models.PositiveSmallIntegerField(null=True)
    pass_percent = models.PositiveSmallIntegerField(null=True)
    state = models.TextField(choices=State.choices, default=State.DRAFT)
    cancelled_because = models.TextField(blank=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = scoped("region_code", touches=True)

    class Meta:
        """In order; cancelled for a reason."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="event_days"),
            models.CheckConstraint(condition=OFFICE, name="event_region"),
            models.CheckConstraint(
                condition=(Q(state="CANCELLED") & ~Q(cancelled_because=""))
                | (~Q(state="CANCELLED") & Q(cancelled_because="")),
                name="event_cancelled",
            ),
            percent("attendance_percent_min", "event_attendance"),
            percent("pass_percent", "event_pass"),
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "starts_on"], name="event_region_day")]

    def __str__(self) -> str:
        return self.number


class Participant(models.Model):
    """Somebody who is to come. Days and sub-district are copies that the database makes and guards by."""

    class State(models.TextChoices):
        """NOMINATED → INVITED → CONFIRMED or DECLINED (and back while it is not closed); WITHDRAWN by the office."""

        NOMINATED = "NOMINATED", pgettext_lazy("peserta", "Dicalonkan")
        INVITED = "INVITED", pgettext_lazy("peserta", "Diundang")
        CONFIRMED = "CONFIRMED", pgettext_lazy("peserta", "Bersedia hadir")
        DECLINED = "DECLINED", pgettext_lazy("peserta", "Tidak dapat hadir")
        WITHDRAWN = "WITHDRAWN", pgettext_lazy("peserta", "Dicoret")

    COMING: ClassVar = ("NOMINATED", "INVITED", "CONFIRMED")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="participants")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="trainings")
    region_code = models.TextField(blank=True, db_collation="C")
    """Her district when she was named."""
    home_code = models.TextField(blank=True, db_collation="C")
    """Her sub-district then; empty where nobody told, and then no limit counts her."""
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    state = models.TextField(choices=State.choices, default=State.NOMINATED)
    reason = models.TextField(blank=True)
    """Why she cannot come, or why the office took her off."""
    named_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField(auto_now_add=True)
    invited_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    """When the invitation went out by e-mail as well (`mailing`)."""
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    objects = scoped("region_code", touches=True)

    class Meta:
        """Once in an event, in one event on any day, and not without a reason when not."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "staff"], name="participant_once"),
            ExclusionConstraint(
                name="participant_one_event_a_day",
                expressions=[("staff", RangeOperators.EQUAL), (DAYS, RangeOperators.OVERLAPS)],
                condition=Q(state__in=["NOMINATED", "INVITED", "CONFIRMED"]),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["DECLINED", "WITHDRAWN"]) | ~Q(reason=""), name="participant_reason"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["home_code", "starts_on"], name="participant_home_day"),
            models.Index(fields=["event", "region_code"], name="participant_event_region"),
        ]

    def __str__(self) -> str:
        return self.state


class AgendaItem(models.Model):
    """An hour of the agenda."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="agenda")
    region_code = models.TextField(blank=True, db_collation="C")
    day = models.DateField()
    starts_at = models.TimeField()
    ends_at = models.TimeField()
    title = models.TextField()
    speaker = models.TextField(blank=True)
    problem = models.ForeignKey("Problem", null=True, on_delete=models.PROTECT, related_name="heard_at")
    """A problem of an earlier event that comes back here."""

    objects = scoped("region_code", touches=True)

    class Meta:
        """Some time."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="agendaitem_time"),
            models.UniqueConstraint(fields=["event", "problem"], name="agendaitem_problem_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["event", "day", "starts_at"], name="agendaitem_order")]

    def __str__(self) -> str:
        return self.title


class Material(models.Model):
    """A file for the participants: PDF, PNG or JPEG by what it is."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="materials")
    region_code = models.TextField(blank=True, db_collation="C")
    label = models.TextField()
    media_type = models.TextField()
    byte_count = models.BigIntegerField()
    sha256 = models.TextField()
    content_sealed = models.BinaryField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    taken_off_at = models.DateTimeField(null=True)

    objects = scoped("region_code", touches=True)

    class Meta:
        """By event."""

        indexes: ClassVar = [models.Index(fields=["event", "added_at"], name="material_event")]

    def __str__(self) -> str:
        return self.label

"""The days of an event and who was there. A row of attendance is there for herself and whoever is over her district."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.models import Person
from gandeng.training.models.events import Event, Participant
from gandeng.web.scoping import scoped


class EventDay(models.Model):
    """A day on which people sign in. The codes on the wall are made from its secret, a new one every little while."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="days")
    region_code = models.TextField(blank=True, db_collation="C")
    day = models.DateField()
    code = models.TextField(unique=True)
    """Names the day in the address; tells nothing and opens nothing by itself."""
    secret_sealed = models.BinaryField()
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)

    objects = scoped("region_code", touches=True)

    class Meta:
        """Once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "day"], name="eventday_once")]

    def __str__(self) -> str:
        return self.day.isoformat()


class Attendance(models.Model):
    """She was there that day: by the code on the wall, or because the office saw her."""

    class How(models.TextChoices):
        """How it is known."""

        CODE = "CODE", _("Pindai kode")
        HAND = "HAND", _("Dicatat penyelenggara")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    day = models.ForeignKey(EventDay, on_delete=models.PROTECT, related_name="attendances")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="attendances")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    """Herself, for the database to know whose row it is."""
    region_code = models.TextField(blank=True, db_collation="C")
    how = models.TextField(choices=How.choices)
    reason = models.TextField(blank=True)
    """Why by hand."""
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    taken_back_because = models.TextField(blank=True)

    objects = scoped("region_code", touches=True)

    class Meta:
        """Once a day; by hand and taken back for a reason."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["day", "participant"], condition=Q(taken_back_at__isnull=True), name="attendance_once"
            ),
            models.CheckConstraint(condition=Q(how="CODE") | ~Q(reason=""), name="attendance_by_hand"),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True, taken_back_by__isnull=True, taken_back_because="")
                | (Q(taken_back_at__isnull=False, taken_back_by__isnull=False) & ~Q(taken_back_because="")),
                name="attendance_taken_back",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "at"], name="attendance_person_at")]

    def __str__(self) -> str:
        return self.how

"""What an office trains for: courses, and a plan of batches made from what people lack."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.models import Person
from gandeng.certificates.models import Skill
from gandeng.web.scoping import scoped

OFFICE = Q(region_code__regex=r"^([1-9][0-9]([0-9]{2})?)?$")
"""The nation, a province or a district."""
PERCENT = {"gte": 0, "lte": 100}


def percent(field: str, name: str) -> models.CheckConstraint:
    """Nothing, or 0 to 100."""
    between = Q(**{f"{field}__{how}": value for how, value in PERCENT.items()})
    return models.CheckConstraint(condition=Q(**{f"{field}__isnull": True}) | between, name=name)


class Course(models.Model):
    """An entry of the catalogue. An event copies what it asks, so a later change touches no event that was invited."""

    class Kind(models.TextChoices):
        """Kinds the programme knows (docs/programme.md)."""

        BIMTEK = "BIMTEK", _("Bimbingan teknis (bimtek)")
        BIMTAP = "BIMTAP", _("Bimbingan dan pemantapan (bimtap)")
        DIKLAT = "DIKLAT", _("Pendidikan dan pelatihan (diklat)")
        ELEARNING = "ELEARNING", _("Pembelajaran daring (e-learning)")
        CONSOLIDATION = "CONSOLIDATION", _("Rapat konsolidasi")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    region_code = models.TextField(blank=True, db_collation="C")
    """Whose office keeps it: the nation, a province or a district."""
    title = models.TextField()
    kind = models.TextField(choices=Kind.choices)
    about = models.TextField(blank=True)
    units = models.JSONField(default=list)
    """List of texts: the units in order."""
    source = models.TextField(blank=True)
    """Where the length and the demands stand; empty where it is the office's own choice, and the page says so."""
    days = models.PositiveSmallIntegerField()
    hours = models.PositiveSmallIntegerField(null=True)
    capacity = models.PositiveIntegerField()
    skill = models.ForeignKey(Skill, null=True, on_delete=models.PROTECT, related_name="courses")
    """What whoever passes can do then; nothing for a meeting."""
    attendance_percent_min = models.PositiveSmallIntegerField(null=True)
    pass_percent = models.PositiveSmallIntegerField(null=True)
    """Of the test afterwards; without one nobody fails by it."""
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)
    ended_on = models.DateField(null=True)

    objects = scoped("region_code", touches=True)

    class Meta:
        """One of a title in an office."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["region_code", "title"], condition=Q(ended_on__isnull=True), name="course_once"
            ),
            models.CheckConstraint(condition=OFFICE, name="course_region"),
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=60, capacity__gte=1), name="course_size"),
            percent("attendance_percent_min", "course_attendance"),
            percent("pass_percent", "course_pass"),
        ]

    def __str__(self) -> str:
        return self.title


class BatchPlan(models.Model):
    """Batches proposed at once for whoever lacks a skill: what was asked, what came out, who stays without a seat."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="plans")
    region_code = models.TextField(blank=True, db_collation="C")
    asked = models.JSONField()
    """Batches offered (first day, venue, seats), `absent_max`, what for and how many needed it."""
    unseated = models.JSONField(default=list)
    """Ids of staff who got no seat, each with a code that says why."""
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    objects = scoped("region_code", touches=True)

    class Meta:
        """Undone by somebody."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="batchplan_undone",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

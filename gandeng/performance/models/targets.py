"""What an office decides: how much of a result area in a year, and until which day a report is awaited."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.models import Person
from gandeng.facilitators.models import Employment, Post
from gandeng.registry.models import ordered_id
from gandeng.web.scoping import scoped

_OFFICE = Q(region_code__regex=r"^([1-9][0-9]([0-9]{2})?)?$")


class Target(models.Model):
    """A word of an office about one result area, year and job title (or post, for whoever has no title).

    Never changed: the last word of the nearest office counts, and `WITHDRAWN` leaves it to the office above.
    """

    class Basis(models.TextChoices):
        """A number for the year, as things happen, or nothing any more."""

        COUNT = "COUNT", _("Jumlah setahun")
        PER_EVENT = "PER_EVENT", _("Sesuai kejadian")
        WITHDRAWN = "WITHDRAWN", _("Dicabut")

    id = models.UUIDField(primary_key=True, default=ordered_id, editable=False)
    region_code = models.TextField(blank=True, db_collation="C")
    """Whose office: district, province or nation."""
    year = models.PositiveSmallIntegerField()
    area = models.PositiveSmallIntegerField()
    """1 to 9."""
    job_title = models.TextField(choices=Employment.Title.choices, blank=True)
    post_role = models.TextField(choices=Post.Role.choices, blank=True)
    basis = models.TextField(choices=Basis.choices)
    count = models.PositiveIntegerField(null=True)
    reason = models.TextField()
    set_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(auto_now_add=True)
    authority = models.TextField()

    objects = scoped("region_code", touches=True)

    class Meta:
        """For a title or for a post; a number where one is meant; each has its reason."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=_OFFICE, name="target_region"),
            models.CheckConstraint(condition=Q(area__gte=1, area__lte=9), name="target_area"),
            models.CheckConstraint(condition=Q(job_title="") ^ Q(post_role=""), name="target_whose"),
            models.CheckConstraint(
                condition=Q(basis="COUNT", count__gte=1) | (~Q(basis="COUNT") & Q(count__isnull=True)),
                name="target_count",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="target_reason"),
        ]
        indexes: ClassVar = [models.Index(fields=["year", "region_code"], name="target_year_region")]

    def __str__(self) -> str:
        return f"{self.year} RHK {self.area}"


class ReportDay(models.Model):
    """Until which day of the next month an office awaits the report of a month; the last word of the nearest counts."""

    id = models.UUIDField(primary_key=True, default=ordered_id, editable=False)
    region_code = models.TextField(blank=True, db_collation="C")
    day = models.PositiveSmallIntegerField(null=True)
    """None: no day any more."""
    valid_from = models.DateField()
    """First day of the first month whose report it is about."""
    reason = models.TextField()
    set_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(auto_now_add=True)
    authority = models.TextField()

    objects = scoped("region_code", touches=True)

    class Meta:
        """A day every month has."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=_OFFICE, name="report_day_region"),
            models.CheckConstraint(condition=Q(day__isnull=True) | Q(day__gte=1, day__lte=28), name="report_day_day"),
            models.CheckConstraint(condition=Q(valid_from__day=1), name="report_day_first"),
            models.CheckConstraint(condition=~Q(reason=""), name="report_day_reason"),
        ]
        ordering: ClassVar = [F("id").desc()]

    def __str__(self) -> str:
        return f"{self.region_code} {self.day}"

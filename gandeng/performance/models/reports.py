"""Monthly reports: one for each of the staff and month; what was handed in is frozen and reviewed by its digest.

`region_code` is the district (or province) she worked in when she began it. Rows are there for herself and for whose
territory contains that region (`0002_guards`); after she moved to another district also for whoever sees her there.
"""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from gandeng.accounts.models import Person
from gandeng.facilitators.models import Staff
from gandeng.registry.models import ordered_id


class Report(models.Model):
    """Of one month. While it is a draft its figures are those of the records today; then see its versions."""

    class State(models.TextChoices):
        """DRAFT → HANDED_IN → AGREED or RETURNED; RETURNED → DRAFT (`0002_guards`)."""

        DRAFT = "DRAFT", pgettext_lazy("laporan bulanan", "Rancangan")
        HANDED_IN = "HANDED_IN", pgettext_lazy("laporan bulanan", "Diserahkan")
        AGREED = "AGREED", pgettext_lazy("laporan bulanan", "Disetujui")
        RETURNED = "RETURNED", pgettext_lazy("laporan bulanan", "Dikembalikan")

    id = models.UUIDField(primary_key=True, default=ordered_id, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="monthly_reports")
    region_code = models.TextField(blank=True, db_collation="C")
    month = models.DateField()
    """Its first day."""
    state = models.TextField(choices=State.choices, default=State.DRAFT)
    remarks_sealed = models.BinaryField(default=b"")
    """JSON: obstacles, suggestions, conclusion."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """One for each month; begins on the first."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff", "month"], name="report_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="report_month"),
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "month", "state"], name="report_region_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class ReportVersion(models.Model):
    """What she handed in, whole: texts, figures, lists, remarks and which photos. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="versions")
    region_code = models.TextField(blank=True, db_collation="C")
    number = models.PositiveSmallIntegerField()
    content_sealed = models.BinaryField()
    """JSON as `composing.compose` makes it."""
    content_sha256 = models.TextField()
    handed_in_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Numbered from 1."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "number"], name="report_version_number"),
            models.CheckConstraint(condition=Q(content_sha256__regex=r"^[0-9a-f]{64}$"), name="report_version_digest"),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Photo(models.Model):
    """A picture she added, drawn anew and sealed. Never handed in, it may be deleted; afterwards it is left out."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="photos")
    region_code = models.TextField(blank=True, db_collation="C")
    caption_sealed = models.BinaryField()
    content_sealed = models.BinaryField()
    """The JPEG, as base64."""
    byte_count = models.BigIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.TextField()
    look = models.BigIntegerField()
    """Perceptual hash (files.photos): alike for pictures that look alike."""
    handed_in = models.BooleanField(default=False)
    added_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        """Found again by what they are."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="photo_digest")
        ]
        indexes: ClassVar = [
            models.Index(fields=["report", "added_at"], name="photo_report"),
            models.Index(fields=["sha256"], name="photo_sha256"),
            models.Index(fields=["region_code"], name="photo_region"),
        ]

    def __str__(self) -> str:
        return self.sha256[:8]


class Review(models.Model):
    """A supervisor's word about one version, bound to its digest. Never changed."""

    class Verdict(models.TextChoices):
        """The state the report has afterwards."""

        AGREED = "AGREED", pgettext_lazy("laporan bulanan", "Disetujui")
        RETURNED = "RETURNED", pgettext_lazy("laporan bulanan", "Dikembalikan")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    version = models.OneToOneField(ReportVersion, on_delete=models.PROTECT, related_name="review")
    region_code = models.TextField(blank=True, db_collation="C")
    verdict = models.TextField(choices=Verdict.choices)
    content_sha256 = models.TextField()
    """Of what was read; the database refuses any other than the version's."""
    comment_sealed = models.BinaryField(default=b"")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.verdict

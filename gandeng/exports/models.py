"""Long exports somebody asked for, and how many rows each person has taken away alone."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.models import Person
from gandeng.web.scoping import scoped


class ExportRequest(models.Model):
    """One long list: asked for by one person with a purpose, decided by another, fetched by the first within a day."""

    class State(models.TextChoices):
        """EXPIRED: the file is gone, fetched or not."""

        ASKED = "ASKED", _("Menunggu keputusan")
        APPROVED = "APPROVED", _("Disetujui, sedang disiapkan")
        READY = "READY", _("Siap diunduh")
        REFUSED = "REFUSED", _("Ditolak")
        WITHDRAWN = "WITHDRAWN", _("Ditarik kembali")
        EXPIRED = "EXPIRED", _("Masa unduh habis")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.TextField()
    title = models.TextField()
    arguments = models.JSONField()
    """What the list was narrowed by; no full identifier."""
    region_code = models.TextField(db_collation="C", blank=True)
    """All rows lie in it; whoever decides holds the right over all of it."""
    channel = models.TextField(blank=True)
    """Of an asker bound to one bank or the post."""
    rows_asked = models.BigIntegerField()
    purpose = models.TextField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_authority = models.TextField()
    asked_at = models.DateTimeField(auto_now_add=True)
    state = models.TextField(choices=State.choices, default=State.ASKED)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_authority = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_reason = models.TextField(blank=True)
    name = models.TextField(blank=True)
    """Of the file, as it is handed out; where it lies follows from the id (files.path_of)."""
    rows = models.BigIntegerField(null=True)
    mark_no = models.TextField(blank=True)
    mark_name = models.TextField(blank=True)
    """Of the invented family in the file, by which it is known again (tracing.py); `rows` does not count it."""
    rows_sha256 = models.TextField(blank=True)
    sha256 = models.TextField(blank=True)
    expires_at = models.DateTimeField(null=True)
    password_sealed = models.BinaryField(default=bytes)

    objects = scoped("region_code", "channel", touches=True)

    class Meta:
        """Two people; what is decided says by whom."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["ASKED", "WITHDRAWN"], decided_by__isnull=True)
                | (Q(state__in=["APPROVED", "READY", "REFUSED", "EXPIRED"]) & ~Q(decided_by=F("asked_by"))
                   & Q(decided_by__isnull=False)),
                name="export_two_people",
            ),
            models.CheckConstraint(condition=~Q(purpose=""), name="export_purpose"),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["asked_by", "-asked_at"], name="export_asked_newest"),
            models.Index(fields=["mark_no"], condition=~Q(mark_no=""), name="export_mark"),
        ]

    def __str__(self) -> str:
        return self.title


class TakenAway(models.Model):
    """Rows one person took away alone, with one export; their sum of a day has a bound (actions.budget)."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    what = models.TextField()
    rows = models.BigIntegerField()

    class Meta:
        """Summed by person and day."""

        indexes: ClassVar = [models.Index(fields=["person", "day"], name="export_taken_today")]

    def __str__(self) -> str:
        return f"{self.what} {self.rows}"

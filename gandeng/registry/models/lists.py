"""Lists of families that came in, and the rows each touched."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gandeng.accounts.models import Person
from gandeng.registry.models.ids import ordered_id
from gandeng.web.scoping import scoped


class Intake(models.Model):
    """A list of families that came in: looked at by one person, applied by another, undone as a whole."""

    class State(models.TextChoices):
        """STAGED leads to APPLIED or WITHDRAWN, APPLIED to UNDONE."""

        STAGED = "STAGED", _("Menunggu penerapan")
        APPLIED = "APPLIED", _("Diterapkan")
        WITHDRAWN = "WITHDRAWN", _("Ditarik")
        UNDONE = "UNDONE", pgettext_lazy("daftar masuk", "Dibatalkan")

    id = models.UUIDField(primary_key=True, default=ordered_id, editable=False)
    region_code = models.TextField(db_collation="C")
    cycle = models.TextField()
    state = models.TextField(choices=State.choices, default=State.STAGED)
    families_name = models.TextField()
    members_name = models.TextField()
    families_sha256 = models.TextField()
    members_sha256 = models.TextField()
    folder = models.TextField()
    preview = models.JSONField(default=dict)
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(auto_now_add=True)
    applied_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)

    objects = scoped("region_code")

    class Meta:
        """Two people; the same files once; applied has its day."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(applied_by__isnull=True) | ~Q(applied_by=F("taken_by")), name="intake_two_people"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["STAGED", "WITHDRAWN"], applied_by__isnull=True)
                | Q(state__in=["APPLIED", "UNDONE"], applied_by__isnull=False, applied_at__isnull=False),
                name="intake_applied",
            ),
            models.UniqueConstraint(
                fields=["families_sha256", "members_sha256", "region_code"],
                condition=Q(state__in=["STAGED", "APPLIED"]),
                name="intake_once",
            ),
        ]

    def __str__(self) -> str:
        return self.families_name


class IntakeRow(models.Model):
    """A row an intake added, or changed with what it was before: what undoing it as a whole needs."""

    id = models.BigAutoField(primary_key=True)
    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="rows")
    region_code = models.TextField(db_collation="C")
    table_name = models.TextField()
    row_id = models.UUIDField()
    before = models.JSONField(null=True)

    objects = scoped("region_code")

    def __str__(self) -> str:
        return f"{self.table_name} {self.row_id}"

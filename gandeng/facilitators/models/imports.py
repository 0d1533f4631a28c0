"""Lists an office brings along: who works where, or who accompanies whom; looked at first, then applied or put away."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.models import Person
from gandeng.registry.models import ordered_id
from gandeng.web.scoping import scoped


class Import(models.Model):
    """One file: read, compared, shown; STAGED leads to APPLIED or WITHDRAWN, APPLIED to UNDONE."""

    class Kind(models.TextChoices):
        """What its rows are."""

        STAFF = "STAFF", _("Daftar pendamping")
        CASELOAD = "CASELOAD", _("Keluarga dampingan")

    class State(models.TextChoices):
        """Nothing has changed yet where it is STAGED or WITHDRAWN."""

        STAGED = "STAGED", _("Menunggu penerapan")
        APPLIED = "APPLIED", _("Diterapkan")
        WITHDRAWN = "WITHDRAWN", _("Ditarik")
        UNDONE = "UNDONE", _("Dibatalkan")

    id = models.UUIDField(primary_key=True, default=ordered_id, editable=False)
    kind = models.TextField(choices=Kind.choices)
    region_code = models.TextField(db_collation="C", blank=True)
    """All its rows lie in it."""
    name = models.TextField()
    """Of the file, as the sender calls it."""
    sha256 = models.TextField()
    staged_sha256 = models.TextField()
    """Of the rows as they were read and are kept until they are applied or put away."""
    reason = models.TextField()
    preview = models.JSONField(default=dict)
    """Counts of what it changes: shown, and asked again before it is applied."""
    state = models.TextField(choices=State.choices, default=State.STAGED)
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(auto_now_add=True)
    applied_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True)
    changes = models.JSONField(default=list)
    """Ids of the acts by which families changed hands; empty for a list of staff."""
    ended_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)

    objects = scoped("region_code")

    class Meta:
        """Each state says by whom."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="import_reason"),
            models.CheckConstraint(
                condition=Q(state="STAGED", applied_by__isnull=True, ended_by__isnull=True)
                | Q(state="APPLIED", applied_by__isnull=False, ended_by__isnull=True)
                | Q(state="WITHDRAWN", applied_by__isnull=True, ended_by__isnull=False)
                | Q(state="UNDONE", applied_by__isnull=False, ended_by__isnull=False),
                name="import_state",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "-id"], name="import_region_newest")]

    def __str__(self) -> str:
        return self.name


class ImportRow(models.Model):
    """A row that a list of staff added or changed, as it was before and is after it; never changed."""

    id = models.BigAutoField(primary_key=True)
    of_import = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="rows")
    region_code = models.TextField(db_collation="C", blank=True)
    table_name = models.TextField()
    row_id = models.UUIDField()
    before = models.JSONField(null=True)
    """None: the list added it."""
    after = models.JSONField()

    objects = scoped("region_code")

    class Meta:
        """Once each."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["of_import", "table_name", "row_id"], name="import_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.table_name} {self.row_id}"

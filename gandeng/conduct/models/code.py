"""The code of ethics by version, and who signed which."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from gandeng.accounts.models import Person
from gandeng.facilitators.models import Staff
from gandeng.web.scoping import scoped

OFFICE = Q(region_code__regex=r"^([1-9][0-9])?$")
"""The nation or a province."""


class Code(models.Model):
    """One version, from its day until a later one for the same place begins. Its text never changes."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    region_code = models.TextField(blank=True, db_collation="C")
    """Whose office entered it: the nation or a province."""
    title = models.TextField()
    source = models.TextField()
    """Number and day of the decree."""
    articles = models.JSONField()
    """List of texts, in order; the number of an article is its place from 1."""
    text_sha256 = models.TextField()
    """Of title, source and articles (`actions.code.digest`)."""
    valid_from = models.DateField()
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)
    withdrawn_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.TextField(blank=True)

    objects = scoped("region_code", touches=True)

    class Meta:
        """One version of an office begins on a day."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["region_code", "valid_from"], condition=Q(withdrawn_at__isnull=True), name="code_from_once"
            ),
            models.CheckConstraint(condition=OFFICE, name="code_region"),
            models.CheckConstraint(condition=Q(text_sha256__regex=r"^[0-9a-f]{64}$"), name="code_digest"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_because="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_because="")),
                name="code_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Signature(models.Model):
    """Somebody read one version and will keep to it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.ForeignKey(Code, on_delete=models.PROTECT, related_name="signatures")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="code_signatures")
    region_code = models.TextField(blank=True, db_collation="C")
    text_sha256 = models.TextField()
    """Of the text she was shown; the database refuses any other than the version's."""
    signed_at = models.DateTimeField(auto_now_add=True)
    from_address = models.TextField(blank=True)
    second_factor = models.BooleanField(default=False)
    """Whether her login showed one for it."""

    objects = scoped("region_code", touches=True)

    class Meta:
        """Once for each version."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "staff"], name="signature_once")]
        indexes: ClassVar = [models.Index(fields=["region_code", "code"], name="signature_region")]

    def __str__(self) -> str:
        return str(self.pk)

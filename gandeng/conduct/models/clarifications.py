"""Clarifications against hoaxes, and who has read them."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from gandeng.accounts.models import Person
from gandeng.facilitators.models import Staff
from gandeng.web.scoping import scoped


class Clarification(models.Model):
    """What people say, and what is true. The text never changes; it ends, or a newer one takes its place."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    region_code = models.TextField(blank=True, db_collation="C")
    claim = models.TextField()
    truth = models.TextField()
    source = models.TextField()
    valid_from = models.DateField()
    valid_until = models.DateField()
    """The first day without it."""
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    published_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(auto_now_add=True)
    authority = models.TextField()
    ended_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)

    objects = scoped("region_code", touches=True)

    class Meta:
        """Some days; an end has its reason."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="clarification_days"),
            models.CheckConstraint(
                condition=Q(region_code__regex=r"^([1-9][0-9]([0-9]{2})?)?$"), name="clarification_region"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, end_reason="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end_reason="")),
                name="clarification_ended",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "valid_until"], name="clarification_region_until")]

    def __str__(self) -> str:
        return self.claim


class Acknowledgement(models.Model):
    """Somebody of the region has read one."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    clarification = models.ForeignKey(Clarification, on_delete=models.PROTECT, related_name="acknowledgements")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="acknowledgements")
    region_code = models.TextField(blank=True, db_collation="C")
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("region_code", touches=True)

    class Meta:
        """Once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clarification", "staff"], name="acknowledgement_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)

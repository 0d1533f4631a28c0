"""Readings of the welfare decile."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import UUID7

from gandeng.registry.models.changes import ChangeRequest
from gandeng.registry.models.families import Family
from gandeng.registry.models.lists import Intake
from gandeng.web.scoping import scoped


class DecileReading(models.Model):
    """The welfare decile of a family as a list or a person told it: one row per reading, of a day.

    The newest by `read_on` is in force, of two of one day the one recorded later; a family without any is unknown.
    Rows are never changed, and go with the list that brought them where it is undone.
    """

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    """Of the database's clock, so that the later recorded is the greater, whoever records it."""
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="deciles", db_index=False)
    decile = models.PositiveSmallIntegerField()
    """1, the least well off, to 10 (DTSEN)."""
    read_on = models.DateField()
    intake = models.ForeignKey(Intake, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    change = models.OneToOneField(ChangeRequest, null=True, on_delete=models.PROTECT, related_name="decile")
    """Its list, or its request; a registry that was loaded with it names neither."""
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = scoped("family__village_code")

    class Meta:
        """A decile is one of ten, and came one way."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(decile__gte=1, decile__lte=10), name="decile_of_ten"),
            models.CheckConstraint(condition=Q(intake__isnull=True) | Q(change__isnull=True), name="decile_one_source"),
        ]
        indexes: ClassVar = [models.Index(fields=["family", "-read_on", "-id"], name="decile_newest")]

    def __str__(self) -> str:
        return f"{self.decile} {self.read_on:%Y-%m-%d}"

"""Codes of villages that a decree replaced: proposed by one person, applied by another, undone as a whole."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gandeng.accounts.models import Person
from gandeng.registry.models.families import Family
from gandeng.registry.models.ids import ordered_id
from gandeng.web.half_open import DAYS, in_order, one_at_a_time
from gandeng.web.scoping import scoped


class Recoding(models.Model):
    """One decree, as far as it concerns villages of a region, and which code became which."""

    class State(models.TextChoices):
        """PROPOSED leads to APPLIED or WITHDRAWN, APPLIED to UNDONE."""

        PROPOSED = "PROPOSED", _("Menunggu penerapan")
        APPLIED = "APPLIED", _("Diterapkan")
        WITHDRAWN = "WITHDRAWN", _("Ditarik")
        UNDONE = "UNDONE", pgettext_lazy("daftar masuk", "Dibatalkan")

    id = models.UUIDField(primary_key=True, default=ordered_id, editable=False)
    region_code = models.TextField(db_collation="C")
    """The smallest district, province or nation ("") that holds all its codes, old and new."""
    basis = models.TextField()
    """The decree, as its number names it."""
    in_force_on = models.DateField()
    """From when on the new codes hold by the decree; ours hold from the day they are applied."""
    pairs = models.JSONField()
    """List of `{"old": code, "new": code, "whole": bool}`; not whole: the village goes on, a part became new."""
    state = models.TextField(choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    applied_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)

    objects = scoped("region_code", touches=True)

    class Meta:
        """Two people; applied has its day."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(basis=""), name="recoding_basis"),
            models.CheckConstraint(
                condition=Q(applied_by__isnull=True) | ~Q(applied_by=F("proposed_by")), name="recoding_two_people"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["PROPOSED", "WITHDRAWN"], applied_by__isnull=True)
                | Q(state__in=["APPLIED", "UNDONE"], applied_by__isnull=False, applied_at__isnull=False),
                name="recoding_applied",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "-id"], name="recoding_region_newest")]

    def __str__(self) -> str:
        return self.basis


class CodeChange(models.Model):
    """A village's code that became another, or gave part of its village to another, from a day on (half-open).

    While it holds, a family that goes from one code to the other has not moved, and whoever holds the new code as
    territory holds what was written under a code that is wholly gone.
    """

    id = models.UUIDField(primary_key=True, default=ordered_id, editable=False)
    recoding = models.ForeignKey(Recoding, on_delete=models.PROTECT, related_name="changes")
    old_code = models.TextField(db_collation="C")
    new_code = models.TextField(db_collation="C")
    whole = models.BooleanField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        """On any day a code that is gone is one other code."""

        constraints: ClassVar = [
            in_order("codechange_days"),
            models.CheckConstraint(condition=~Q(old_code=F("new_code")), name="codechange_another"),
            one_at_a_time("codechange_once", "old_code", "new_code"),
            ExclusionConstraint(
                name="codechange_one_successor",
                expressions=[("old_code", RangeOperators.EQUAL), (DAYS, RangeOperators.OVERLAPS)],
                condition=Q(whole=True),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["new_code"], condition=Q(valid_until=None), name="codechange_new"),
            models.Index(fields=["old_code"], condition=Q(valid_until=None), name="codechange_old"),
        ]

    def __str__(self) -> str:
        return f"{self.old_code} {self.new_code}"


class RecodedFamily(models.Model):
    """A family that stood under the old code when it was replaced: it goes back if the change is undone."""

    id = models.BigAutoField(primary_key=True)
    recoding = models.ForeignKey(Recoding, on_delete=models.PROTECT, related_name="families")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="recoded")
    old_code = models.TextField(db_collation="C")
    new_code = models.TextField(db_collation="C")

    objects = scoped("new_code")

    class Meta:
        """Once in each."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["recoding", "family"], name="recoded_once")]

    def __str__(self) -> str:
        return f"{self.family_id} {self.old_code} {self.new_code}"

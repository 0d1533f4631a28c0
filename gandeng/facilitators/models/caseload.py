"""Which facilitator accompanies which family, from when to when, and the acts that changed it."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gandeng.accounts.models import Person
from gandeng.facilitators.models.people import Staff
from gandeng.registry.models import Family, ordered_id
from gandeng.web.half_open import in_order, one_at_a_time
from gandeng.web.scoping import scoped


class CaseloadChange(models.Model):
    """One act that changes who accompanies whom, from a day on; never changed, undone by another one."""

    class Kind(models.TextChoices):
        """What led to it."""

        FIRST = "FIRST", _("Penugasan awal")
        ASSIGN = "ASSIGN", _("Penugasan keluarga tanpa pendamping")
        HAND_OVER = "HAND_OVER", _("Serah terima")
        BALANCE = "BALANCE", _("Pemerataan beban")
        UNDO = "UNDO", pgettext_lazy("dampingan", "Pembatalan")

    id = models.UUIDField(primary_key=True, default=ordered_id, editable=False)
    kind = models.TextField(choices=Kind.choices)
    region_code = models.TextField(db_collation="C")
    """District, or what of it the act is about."""
    effective_on = models.DateField()
    reason = models.TextField()
    families = models.BigIntegerField()
    """How many families have another facilitator, or one at last."""
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)
    undoes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by")

    objects = scoped("region_code")

    class Meta:
        """Each has its reason; an act is undone once."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="caseload_reason"),
            models.CheckConstraint(condition=Q(kind="UNDO") ^ Q(undoes__isnull=True), name="caseload_undoes"),
            models.CheckConstraint(condition=Q(families__gte=0), name="caseload_families"),
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "-id"], name="caseload_region_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.region_code}"


class Accompaniment(models.Model):
    """A family and who accompanies it from a day on. Rows end and are not changed otherwise.

    It ends where the family moves to another village, or is not accompanied any more (a trigger of the database): then
    the family stands in the list of those without a facilitator, or needs none.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="accompaniments")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="accompaniments")
    village_code = models.TextField(db_collation="C")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    began_by = models.ForeignKey(CaseloadChange, on_delete=models.PROTECT, related_name="began")
    ended_by = models.ForeignKey(CaseloadChange, null=True, on_delete=models.PROTECT, related_name="ended")
    """None where it goes on, or ended because the family moved away or left the programme."""
    goes_on = models.BooleanField(db_default=False)
    """It only goes on from another of the same act: the family's village got another code."""

    objects = scoped("village_code")

    class Meta:
        """A family has one facilitator on any day: the database refuses a second."""

        constraints: ClassVar = [in_order("accompaniment_dates"), one_at_a_time("accompaniment_once", "family")]
        indexes: ClassVar = [
            models.Index(fields=["staff", "village_code"], name="accompaniment_staff"),
            models.Index(fields=["village_code"], name="accompaniment_village"),
            models.Index(fields=["began_by"], name="accompaniment_began"),
            models.Index(fields=["ended_by"], name="accompaniment_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.family_id} {self.staff_id}"


class NationalCount(models.Model):
    """Families of a district that a facilitator accompanies, or nobody, as they were counted last night."""

    id = models.BigAutoField(primary_key=True)
    district_code = models.TextField(db_collation="C")
    staff = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    families = models.PositiveIntegerField()
    at = models.DateTimeField()

    objects = scoped("district_code")

    def __str__(self) -> str:
        return f"{self.district_code} {self.families}"


class LoadLimit(models.Model):
    """From how many families on a facilitator counts as overloaded in a region: an office's own decision, dated."""

    id = models.UUIDField(primary_key=True, default=ordered_id, editable=False)
    region_code = models.TextField(db_collation="C", blank=True)
    families = models.PositiveIntegerField()
    valid_from = models.DateField()
    reason = models.TextField()
    set_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(auto_now_add=True)

    objects = scoped("region_code", touches=True)

    class Meta:
        """The last one told for a region counts; each has its reason."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(families__gte=1), name="load_limit_families"),
            models.CheckConstraint(condition=~Q(reason=""), name="load_limit_reason"),
        ]
        ordering: ClassVar = [F("valid_from").desc(), F("id").desc()]

    def __str__(self) -> str:
        return f"{self.region_code} {self.families}"

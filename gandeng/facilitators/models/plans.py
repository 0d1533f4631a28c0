"""A plan to share a district's families anew: what was asked, the ways found, the one chosen and edited."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gandeng.accounts.models import Person
from gandeng.facilitators.models.caseload import CaseloadChange
from gandeng.facilitators.models.people import Staff
from gandeng.registry.models import ordered_id
from gandeng.web.scoping import scoped


class Plan(models.Model):
    """One question put to the solver for a district, and what became of the answer."""

    class State(models.TextChoices):
        """DRAFT leads to CARRIED_OUT or DROPPED and stays there; what was carried out is undone by its change."""

        DRAFT = "DRAFT", _("Rancangan")
        CARRIED_OUT = "CARRIED_OUT", _("Disetujui")
        DROPPED = "DROPPED", pgettext_lazy("rencana", "Dibuang")

    id = models.UUIDField(primary_key=True, default=ordered_id, editable=False)
    region_code = models.TextField(db_collation="C")
    as_of = models.DateField()
    """The day whose caseload it starts from."""
    wish = models.JSONField(default=dict)
    """What was asked: norm, who is left out, people added, growth, seconds."""
    before = models.JSONField(default=dict)
    """Measures of the caseload it starts from."""
    notes = models.JSONField(default=list)
    """What the solver had to assume, as codes with arguments."""
    state = models.TextField(choices=State.choices, default=State.DRAFT)
    chosen = models.ForeignKey("PlanOption", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    follows = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by")
    """The plan whose locks this one took along."""
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    change = models.OneToOneField(CaseloadChange, null=True, on_delete=models.PROTECT, related_name="plan")

    objects = scoped("region_code")

    class Meta:
        """A district's; decided has its decider; carried out has its change."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(region_code__regex=r"^[1-9][0-9]{3}$"), name="plan_district"),
            models.CheckConstraint(
                condition=Q(state="DRAFT", decided_by__isnull=True, change__isnull=True)
                | Q(state="DROPPED", decided_by__isnull=False, change__isnull=True)
                | Q(state="CARRIED_OUT", decided_by__isnull=False, change__isnull=False, chosen__isnull=False),
                name="plan_decided",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "-id"], name="plan_region_newest")]

    def __str__(self) -> str:
        return f"{self.region_code} {self.as_of}"


class PlanOption(models.Model):
    """One way along the trade-off, with what the solver proved about it."""

    id = models.UUIDField(primary_key=True, default=ordered_id, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="options")
    region_code = models.TextField(db_collation="C")
    number = models.PositiveSmallIntegerField()
    may_change_permille = models.PositiveIntegerField(null=True)
    """At most so many of a thousand families change hands; None: as many as it takes."""
    after = models.JSONField(default=dict)
    """Measures of the caseload it leads to, as found; edits by hand are counted where they are shown."""
    gap_permille = models.PositiveIntegerField(null=True)
    """How far from the proven bound the cost may be, in thousandths of the bound, rounded up; None: unknown."""
    facts = models.JSONField(default=dict)
    """Cost, bound, seconds, and whether it was proved the best, as the solver told."""

    objects = scoped("region_code")

    class Meta:
        """Numbered."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "number"], name="plan_option_once")]

    def __str__(self) -> str:
        return f"{self.number}"


class PlanRow(models.Model):
    """So many families of a village to one facilitator, in one option; a village with one row stays whole."""

    id = models.BigAutoField(primary_key=True)
    option = models.ForeignKey(PlanOption, on_delete=models.PROTECT, related_name="rows")
    village_code = models.TextField(db_collation="C")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    families = models.PositiveIntegerField()
    edited = models.BooleanField(default=False)
    """Somebody's hand, not the solver."""

    objects = scoped("village_code")

    class Meta:
        """One row for a person and a village."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["option", "village_code", "staff"], name="plan_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.village_code} {self.staff_id}"


class PlanLock(models.Model):
    """What the next question must keep: this village stays with her, or never goes to her."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="locks")
    village_code = models.TextField(db_collation="C")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    stays = models.BooleanField()
    """True: with her; False: never with her."""

    objects = scoped("village_code")

    class Meta:
        """One word about a pair."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "village_code", "staff"], name="plan_lock_once"),
        ]
        ordering: ClassVar = [F("village_code").asc(), F("id").asc()]

    def __str__(self) -> str:
        return f"{self.village_code} {self.staff_id}"

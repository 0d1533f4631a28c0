"""A family's way out of the programme: one case, its steps, and the statement it signed. Every row is added."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.models import Person
from gandeng.graduation.moves import State, StepKind
from gandeng.registry.models import ChangeRequest, Family, ordered_id
from gandeng.web.scoping import scoped


class Kind(models.TextChoices):
    """Why a family leaves (docs/programme.md)."""

    NATURAL = "NATURAL", _("Alamiah")
    INDEPENDENT = "INDEPENDENT", _("Mandiri")
    IMPROVED = "IMPROVED", _("Sejahtera")


class Case(models.Model):
    """One graduation of one family, from its opening on; where it stands, its last step says."""

    id = models.UUIDField(primary_key=True, default=ordered_id, editable=False)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="graduations")
    village_code = models.TextField(db_collation="C")
    kind = models.TextField(choices=Kind.choices)
    reason = models.TextField()
    facts = models.JSONField(default=dict, db_default={})
    """The readings of the family's decile whoever opened it had before them."""
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("village_code")

    class Meta:
        """No case without its reason."""

        constraints: ClassVar = [models.CheckConstraint(condition=~Q(reason=""), name="graduation_reason")]
        indexes: ClassVar = [models.Index(fields=["village_code"], name="graduation_village")]

    def __str__(self) -> str:
        return self.kind


class Step(models.Model):
    """One thing done in a case; `state` is where the case stands after it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps", db_index=False)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+")
    village_code = models.TextField(db_collation="C")
    number = models.PositiveIntegerField()
    """1, 2, 3 … of the case."""
    kind = models.TextField(choices=StepKind.choices)
    state = models.TextField(choices=State.choices)
    on_day = models.DateField()
    words = models.TextField(blank=True)
    facts = models.JSONField(default=dict)
    """What the step rests on: answers, the result of a visit, what the family was due, from which stage on."""
    change = models.ForeignKey(ChangeRequest, null=True, on_delete=models.PROTECT, related_name="+")
    """The registry's request this step made or carried out."""
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("village_code")

    class Meta:
        """Numbered within the case: of two at once one comes too late."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "number"], name="graduation_step_once")]
        indexes: ClassVar = [models.Index(fields=["case", "-number"], name="graduation_newest")]

    def __str__(self) -> str:
        return self.kind


class Paper(models.Model):
    """The family's statement as a picture: its signature drawn on the screen, or a photo of the stamped paper."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    step = models.OneToOneField(Step, on_delete=models.PROTECT, related_name="paper")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+")
    village_code = models.TextField(db_collation="C")
    content_sealed = models.BinaryField()
    """The JPEG, as base64."""
    byte_count = models.BigIntegerField()
    sha256 = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("village_code")

    class Meta:
        """Known by its digest."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="graduation_paper_digest")
        ]

    def __str__(self) -> str:
        return self.sha256[:12]

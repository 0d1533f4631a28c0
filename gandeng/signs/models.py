"""What was found by the last look at a district, which is made anew, and what people looked at, which stays."""

from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gandeng.accounts.models import Person
from gandeng.registry.models import Family
from gandeng.web.scoping import scoped


class _About(models.Model):
    """One sign. Its id follows from kind, district and rows, so that the same rows are the same sign for good."""

    id = models.UUIDField(primary_key=True)
    district_code = models.TextField(db_collation="C")
    village_code = models.TextField(db_collation="C")
    """Of the first of its rows; a district where they are of none."""
    kind = models.TextField()
    """Key of `kinds.KINDS`."""
    about = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    """Whose records they are, or who accompanies the family."""
    family = models.ForeignKey(Family, null=True, on_delete=models.PROTECT, related_name="+")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    score = models.IntegerField()
    """More is stronger, within a kind."""
    rows = ArrayField(models.TextField())
    """`entry:<id>`, `report:<id of a photo>`, `picture:<id>`, `family:<id>`, `staff:<id>`; of a family nobody met also
    since when (`met:`) and the year in which it was found (`year:`), so that the next year asks again."""
    facts = models.JSONField()
    """Numbers its sentence says; never a position."""

    class Meta:
        """What both tables share."""

        abstract = True


class Found(_About):
    """A sign nobody has looked at yet. The rows of a district are put in as a whole (`signs_swap`)."""

    found_at = models.DateTimeField()

    objects = scoped("district_code")

    class Meta:
        """Listed by kind, strongest first."""

        indexes: ClassVar = [
            models.Index(fields=["district_code", "kind", "-score", "id"], name="signs_found_kind"),
            models.Index(fields=["district_code", "-last_at", "id"], name="signs_found_newest"),
        ]

    def __str__(self) -> str:
        return self.kind


class Sign(_About):
    """A sign somebody looked at, as it was found. It is no verdict and changes nothing else."""

    asked = models.BooleanField()
    """Whether it began with a question to whom it is about: then she sees it."""
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("district_code", touches=True)
    own = models.Manager()
    """Without a territory: row security gives whom it is about what she was asked, wherever she works."""

    class Meta:
        """Listed by district, and by whom it is about."""

        constraints: ClassVar = [models.CheckConstraint(condition=~Q(rows=[]), name="signs_sign_rows")]
        indexes: ClassVar = [
            models.Index(fields=["district_code", "-at", "id"], name="signs_sign_newest"),
            models.Index(fields=["about", "-at"], name="signs_sign_about"),
        ]

    def __str__(self) -> str:
        return self.kind


class Step(models.Model):
    """What was asked, what she explained, how it was closed; numbered within the sign."""

    class Kind(models.TextChoices):
        """Asked and explained may follow each other; closed is the end."""

        ASKED = "ASKED", _("Ditanyakan")
        EXPLAINED = "EXPLAINED", _("Dijelaskan")
        CLOSED = "CLOSED", pgettext_lazy("tanda", "Selesai dilihat")

    class Outcome(models.TextChoices):
        """Why it was closed. HANDED_ON does not say to whom: a report about the code of ethics names no reporter."""

        PLAUSIBLE = "PLAUSIBLE", _("Penjelasannya masuk akal")
        CORRECTED = "CORRECTED", _("Catatannya sudah diperbaiki")
        HANDED_ON = "HANDED_ON", _("Diteruskan untuk diperiksa")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    sign = models.ForeignKey(Sign, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    kind = models.TextField(choices=Kind.choices)
    outcome = models.TextField(choices=Outcome.choices, blank=True)
    words = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("sign__district_code", touches=True)
    own = models.Manager()
    """As `Sign.own`."""

    class Meta:
        """One after another; an outcome where it is closed, and there alone."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sign", "number"], name="signs_step_number"),
            models.CheckConstraint(condition=Q(kind="CLOSED") ^ Q(outcome=""), name="signs_step_outcome"),
            models.CheckConstraint(condition=~Q(words=""), name="signs_step_words"),
        ]

    def __str__(self) -> str:
        return self.kind

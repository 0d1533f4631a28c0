"""Families a list of the ministry took out of payment, and that they were told."""

from datetime import UTC, date, datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import UUID7
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.models import Person
from gandeng.registry.models.families import Family
from gandeng.registry.models.lists import Intake
from gandeng.web.scoping import scoped

_BELOW_CLOCK = 80
"""Bits of a UUID of version 7 that follow its milliseconds (RFC 9562)."""
_STOPS = (Family.Status.SUSPENDED, Family.Status.ENDED)


class Telling(models.TextChoices):
    """How a family learned that it is paid no more; NOBODY: none was there to be told."""

    VISIT = "VISIT", _("Didatangi")
    CALL = "CALL", _("Ditelepon")
    LETTER = "LETTER", _("Dengan surat")
    NOBODY = "NOBODY", _("Tidak ada yang dapat diberi tahu")


class StoppedByList(models.Model):
    """A family that was in the programme until a list said otherwise: one row per list, which goes with it, undone.

    `how` is empty until it was told; then how, when and by whom it was written down, until that is taken back.
    """

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    """Of the database's clock: the later list's is the greater."""
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="stopped")
    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="stopped", db_index=False)
    status = models.TextField(choices=[(one.value, one.label) for one in _STOPS])
    """What the list made of it."""
    how = models.TextField(choices=Telling.choices, blank=True, db_default="")
    told_on = models.DateField(null=True)
    told_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    told_at = models.DateTimeField(null=True)

    objects = scoped("family__village_code")

    class Meta:
        """Told is told by somebody, of a day unless nobody was there."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["intake", "family"], name="stopped_once"),
            models.CheckConstraint(
                condition=Q(how="", told_on=None, told_by=None, told_at=None)
                | Q(how="NOBODY", told_on=None, told_by__isnull=False, told_at__isnull=False)
                | Q(how__in=["VISIT", "CALL", "LETTER"], told_on__isnull=False, told_by__isnull=False,
                    told_at__isnull=False),
                name="stopped_told",
            ),
            models.CheckConstraint(condition=Q(status__in=["SUSPENDED", "ENDED"]), name="stopped_status"),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["family"], condition=Q(how=""), name="stopped_untold")]

    def __str__(self) -> str:
        return f"{self.family_id} {self.status}"

    @property
    def applied_on(self) -> date:
        """The day its list was applied, out of the id: the list of a wider region is none of the reader's."""
        return timezone.localdate(datetime.fromtimestamp((self.pk.int >> _BELOW_CLOCK) / 1000, UTC))

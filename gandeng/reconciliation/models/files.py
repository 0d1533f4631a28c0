"""Result files, and where what is kept lies today."""

from pathlib import Path
from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.models import Person
from gandeng.payments.models import Cycle
from gandeng.web.scoping import scoped


def of_today(folder: str, told: str) -> Path:
    """A kept file in the office's folder of today; an office may have been restored into another than it was told."""
    parts = Path(told).parts
    beneath = [place for place, part in enumerate(parts) if part == folder]
    return settings.DATA_DIR.joinpath(*parts[beneath[-1] :]) if beneath else Path(told)


class ResultFile(models.Model):
    """A file of a bank or the post, known by its digest; taken whole or refused whole, withdrawn whole."""

    class State(models.TextChoices):
        """RECEIVED until its job has read it."""

        RECEIVED = "RECEIVED", _("Diterima, menunggu dibaca")
        REFUSED = "REFUSED", _("Ditolak")
        TAKEN = "TAKEN", _("Dipakai")
        WITHDRAWN = "WITHDRAWN", _("Ditarik")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="result_files")
    about_cycle = models.ForeignKey(Cycle, null=True, on_delete=models.PROTECT, related_name="late_files")
    """The closed cycle whose payments a late file tells of; what it changes is booked in `cycle` (actions.late)."""
    channel = models.TextField()
    region_code = models.TextField(db_collation="C", blank=True)
    name = models.TextField()
    sha256 = models.TextField()
    size_bytes = models.BigIntegerField()
    path = models.TextField()
    typed_rows = models.BigIntegerField()
    typed_rupiah = models.BigIntegerField()
    rows = models.BigIntegerField(null=True)
    rupiah = models.BigIntegerField(null=True)
    rows_sha256 = models.TextField(blank=True)
    """Of its rows without identifiers, kept beside the file so that a run need not read it again (blinding.py)."""
    state = models.TextField(choices=State.choices, default=State.RECEIVED)
    faults = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT)
    sent_at = models.DateTimeField(auto_now_add=True)
    withdrawn_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(blank=True)

    objects = scoped("region_code", "channel", touches=True)

    class Meta:
        """The same content once about a cycle, whatever it is called and whenever it comes."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                Coalesce("about_cycle", "cycle"),
                "sha256",
                condition=Q(state__in=["RECEIVED", "TAKEN"]),
                name="result_file_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kept(self) -> Path:
        """Where its bytes lie now."""
        return of_today("results", self.path)

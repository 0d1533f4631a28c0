"""What somebody found out about one payment, on one day. Added, never changed; the newest counts."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gandeng.accounts.models import Person
from gandeng.payments.models import Payment
from gandeng.reconciliation.models import ExceptionCase
from gandeng.registry.models import Family
from gandeng.web.scoping import scoped


class FollowUp(models.Model):
    """One visit, call or walk to the paying point about a payment; an entry made twice is one (`id`)."""

    class How(models.TextChoices):
        """Where it was found out."""

        VISIT = "VISIT", _("Kunjungan ke rumah")
        PHONE = "PHONE", _("Telepon atau pesan")
        MEETING = "MEETING", _("Pertemuan kelompok")
        PAYPOINT = "PAYPOINT", _("Di tempat bayar")
        BANK = "BANK", _("Di bank atau kantor pos")

    class Found(models.TextChoices):
        """What it came to. NEEDS_BANK goes to the channel's desk, NEEDS_DATA to a change of the registry."""

        NOT_MET = "NOT_MET", _("Belum bertemu keluarganya")
        GUIDED = "GUIDED", _("Keluarga sudah diberi tahu langkahnya")
        RECEIVED = "RECEIVED", _("Keluarga menyatakan uangnya sudah diterima")
        NOT_RECEIVED = "NOT_RECEIVED", _("Keluarga menyatakan uangnya belum diterima")
        NEEDS_BANK = "NEEDS_BANK", _("Perlu tindakan bank atau kantor pos")
        NEEDS_DATA = "NEEDS_DATA", _("Data keluarga perlu diperbarui")
        OTHER = "OTHER", pgettext_lazy("hasil tindak lanjut", "Lainnya")

    id = models.UUIDField(primary_key=True, default=uuid4)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="follow_ups")
    case = models.ForeignKey(ExceptionCase, null=True, on_delete=models.PROTECT, related_name="follow_ups")
    """The exception it is about; none where the money lies there and was not drawn."""
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="follow_ups")
    village_code = models.TextField(db_collation="C")
    channel = models.TextField()
    """Family, village and channel as the payment has them: the database refuses others."""
    on_day = models.DateField()
    how = models.TextField(choices=How.choices)
    found = models.TextField(choices=Found.choices)
    reason_code = models.TextField(blank=True)
    """F01 to F24 as she found it; the office decides about the exception's own."""
    note = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("village_code", "channel")

    class Meta:
        """Something is said where the choice says nothing."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(reason_code="") | Q(reason_code__regex=r"^F(0[1-9]|1[0-9]|2[0-4])$"), name="followup_code"
            ),
            models.CheckConstraint(condition=~Q(found="OTHER") | ~Q(note=""), name="followup_says"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["payment", "-at"], name="followup_payment"),
            models.Index(fields=["case", "-at"], name="followup_case"),
            models.Index(fields=["channel", "found", "-at"], name="followup_found"),
            models.Index(fields=["village_code", "-at"], name="followup_village"),
        ]

    def __str__(self) -> str:
        return self.found

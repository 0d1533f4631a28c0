"""Money that is paid to the treasury."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gandeng.accounts.models import Person
from gandeng.payments.models import Cycle, Payment
from gandeng.web.scoping import scoped


class TreasuryDeposit(models.Model):
    """Money that reached nobody or that nobody drew, paid to the treasury: told by one person, confirmed by another.

    The receipt is the treasury's. From the confirmation on its rupiah stand in TREASURY and nowhere else.
    """

    class State(models.TextChoices):
        """TOLD → CONFIRMED → VOIDED, or TOLD → REFUSED | TAKEN_BACK."""

        TOLD = "TOLD", _("Menunggu keputusan")
        CONFIRMED = "CONFIRMED", _("Disahkan")
        REFUSED = "REFUSED", _("Ditolak")
        TAKEN_BACK = "TAKEN_BACK", _("Ditarik kembali")
        VOIDED = "VOIDED", pgettext_lazy("setoran", "Dibatalkan")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="deposits")
    """Whose payments' money it is; a closed one's is booked by the cycle that books for it."""
    channel = models.TextField()
    region_code = models.TextField(db_collation="C", blank=True)
    receipt_no = models.TextField()
    deposited_on = models.DateField()
    amount_rupiah = models.BigIntegerField()
    payments = models.PositiveIntegerField()
    state = models.TextField(choices=State.choices, default=State.TOLD)
    reason = models.TextField()
    told_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_reason = models.TextField(blank=True)
    voided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    voided_at = models.DateTimeField(null=True)
    voided_reason = models.TextField(blank=True)

    objects = scoped("region_code", "channel", touches=True)

    class Meta:
        """A receipt counts once; two people."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["receipt_no"], condition=Q(state__in=["TOLD", "CONFIRMED"]), name="deposit_receipt_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["CONFIRMED", "VOIDED"])
                | (Q(decided_by__isnull=False) & ~Q(decided_by=models.F("told_by"))),
                name="deposit_two_people",
            ),
            models.CheckConstraint(condition=Q(amount_rupiah__gt=0, payments__gt=0), name="deposit_of_something"),
        ]

    def __str__(self) -> str:
        return self.receipt_no


class DepositedPayment(models.Model):
    """What one payment has in a deposit, and where that money stood."""

    class Account(models.TextChoices):
        """Of the journal: money that came back, never left the channel, or stands with the family undrawn."""

        RETURNED = "RETURNED", pgettext_lazy("uang", "Kembali")
        AT_CHANNEL = "AT_CHANNEL", _("Belum terkredit")
        CREDITED = "CREDITED", _("Tidak ditarik")

    id = models.BigAutoField(primary_key=True)
    deposit = models.ForeignKey(TreasuryDeposit, on_delete=models.PROTECT, related_name="rows")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="deposited")
    account = models.TextField(choices=Account.choices)
    amount_rupiah = models.BigIntegerField()
    village_code = models.TextField(db_collation="C")
    channel = models.TextField()

    objects = scoped("village_code", "channel")

    class Meta:
        """One per payment and account of a deposit."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deposit", "payment", "account"], name="deposited_once"),
            models.CheckConstraint(condition=Q(amount_rupiah__gt=0), name="deposited_something"),
        ]

    def __str__(self) -> str:
        return self.account

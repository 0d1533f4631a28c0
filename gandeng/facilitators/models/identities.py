"""Numbers by which staff are known elsewhere: the NIK and the family card, sealed, found by a blind index."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from gandeng.facilitators.models.people import Staff
from gandeng.web.scoping import scoped

NIK_ALONE = ~Q(nik_last4="") & Q(kk_last4="")
KK_ALONE = ~Q(kk_last4="") & Q(nik_last4="")


class Identity(models.Model):
    """One number of somebody: a NIK, or a family card. A number that changes ends, and another row begins.

    Indexes are of the keys of members' NIK and families' cards: equal numbers have equal indexes.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="identities")
    nik_sealed = models.BinaryField(default=b"")
    nik_index = models.BinaryField(null=True)
    nik_last4 = models.TextField(blank=True)
    kk_sealed = models.BinaryField(default=b"")
    kk_index = models.BinaryField(null=True)
    kk_last4 = models.TextField(blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    objects = scoped("staff__region_code", touches=True)

    class Meta:
        """One number a row; one NIK and one card in force for each."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=NIK_ALONE | KK_ALONE, name="identity_one_number"),
            models.UniqueConstraint(
                fields=["staff"], condition=Q(ended_at__isnull=True) & ~Q(nik_last4=""), name="identity_one_nik"
            ),
            models.UniqueConstraint(
                fields=["staff"], condition=Q(ended_at__isnull=True) & ~Q(kk_last4=""), name="identity_one_kk"
            ),
        ]

    def __str__(self) -> str:
        return self.nik_last4 or self.kk_last4

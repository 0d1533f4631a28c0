"""What a machine has sent, so that sending it again is sending it once."""

from typing import ClassVar
from uuid import uuid4

from django.db import models

from gandeng.accounts.models import ApiKey
from gandeng.reconciliation.models import ResultFile


class Sending(models.Model):
    """One file sent under one `Idempotency-Key` of one API key, with the digest of all that was said."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="sendings", db_index=False)
    idempotency_key = models.TextField()
    request_sha256 = models.TextField()
    file = models.OneToOneField(ResultFile, on_delete=models.PROTECT, related_name="sending")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Once per key."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["key", "idempotency_key"], name="sending_once")]

    def __str__(self) -> str:
        return self.idempotency_key

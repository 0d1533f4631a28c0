"""Long work somebody asked for."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.models import Person


class Job(models.Model):
    """One piece of work: what, for whom, how far. Its rows are its owner's alone (jobs.queries)."""

    class State(models.TextChoices):
        """Where it stands; a job killed in between is WAITING again and leaves nothing half done."""

        WAITING = "WAITING", _("Menunggu")
        RUNNING = "RUNNING", _("Berjalan")
        DONE = "DONE", _("Selesai")
        FAILED = "FAILED", _("Gagal")
        CANCELLED = "CANCELLED", _("Dibatalkan")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.TextField()
    title = models.TextField()
    owner = models.ForeignKey(Person, on_delete=models.PROTECT)
    arguments = models.JSONField(default=dict)
    state = models.TextField(choices=State.choices, default=State.WAITING)
    step = models.TextField(blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    message = models.TextField(blank=True)
    result_url = models.TextField(blank=True)
    from_address = models.TextField(blank=True, default="", db_default="")
    stop_asked = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first."""

        indexes: ClassVar = [models.Index(fields=["owner", "-created_at"], name="job_owner_newest")]

    def __str__(self) -> str:
        return self.title

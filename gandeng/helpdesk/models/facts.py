"""What figures count: one row per case that was not merged, with when it was answered and how. A view."""

from django.db import models

from gandeng.helpdesk.models.cases import Case
from gandeng.web.scoping import scoped


class CaseFacts(models.Model):
    """A case as figures read it; a merged one counts as the case it went into."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.DO_NOTHING, related_name="facts")
    region_code = models.TextField(db_collation="C")
    kind = models.TextField()
    level = models.SmallIntegerField()
    state = models.TextField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    """The first answer."""
    days = models.FloatField(null=True)
    """From coming in to the first answer."""
    in_time = models.BooleanField(null=True)
    """Answered before the time of its level was over, and before the clock took it up."""
    escalations = models.IntegerField()
    reopened = models.BooleanField()
    rating = models.SmallIntegerField(null=True)

    objects = scoped("region_code", touches=True)

    class Meta:
        """Made by migration 0009."""

        managed = False
        db_table = "helpdesk_casefacts"

    def __str__(self) -> str:
        return str(self.pk)

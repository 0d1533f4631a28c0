"""What a case was opened from, where it did not come from somebody who asked. Added, never changed."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from gandeng.accounts.models import Person
from gandeng.helpdesk.models.cases import Case
from gandeng.reconciliation.models import ExceptionCase
from gandeng.training.models import Problem
from gandeng.web.scoping import scoped


class Origin(models.Model):
    """A case and the problem of a training, or the exception of the reconciliation, it was opened from.

    Its id is made by the form, so that sending it twice opens one case. Of one thing several cases may be opened: one
    would not see whether there is a sensitive one.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="origin")
    problem = models.ForeignKey(Problem, null=True, on_delete=models.PROTECT, related_name="+")
    exception = models.ForeignKey(ExceptionCase, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("case__region_code", touches=True)

    class Meta:
        """From one thing."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(problem=None, exception__isnull=False) | Q(problem__isnull=False, exception=None),
                name="origin_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

"""What the last look at a district found, made anew each night; and what somebody found to be right as it stands."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import UUID7

from gandeng.accounts.models import Person
from gandeng.cleansing.kinds import KINDS
from gandeng.registry.models import Family, Member
from gandeng.web.scoping import scoped


class _About(models.Model):
    """One record that wants a look."""

    kind = models.TextField(choices=[(code, kind.name) for code, kind in KINDS.items()])
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    """None where it is about the family."""
    village_code = models.TextField(db_collation="C")
    digest = models.TextField()
    """Of what was looked at: what was found right is looked at again where that changes."""

    class Meta:
        """What both tables share."""

        abstract = True

    def __str__(self) -> str:
        return self.kind


class Found(_About):
    """Nobody has looked at it. The rows of a district are put in as a whole (`cleansing_swap`)."""

    id = models.UUIDField(primary_key=True)
    found_at = models.DateTimeField()

    objects = scoped("village_code")

    class Meta:
        """Listed by place."""

        indexes: ClassVar = [models.Index(fields=["village_code", "kind", "id"], name="cleansing_found_place")]


class Checked(_About):
    """Somebody looked and says that it is right as it stands, or takes that back: the newest of a record counts."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    is_right = models.BooleanField()
    """False where it is taken back."""
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("village_code")

    class Meta:
        """Always with a reason."""

        constraints: ClassVar = [models.CheckConstraint(condition=~Q(reason=""), name="cleansing_checked_reason")]
        indexes: ClassVar = [
            models.Index(fields=["family", "kind", "-id"], name="cleansing_checked_newest"),
            models.Index(fields=["village_code", "-id"], name="cleansing_checked_place"),
        ]

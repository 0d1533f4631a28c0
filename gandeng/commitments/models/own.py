"""A school's or clinic's own look at its sheet: the link, its end, what was confirmed, and what differs."""

from datetime import date, timedelta
from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from gandeng.accounts.models import Person
from gandeng.commitments.models.records import QUARTER, Facility, Obligation, Sheet
from gandeng.registry.models import Family, Member
from gandeng.web.scoping import scoped

WRONG_MAX = 5
"""Wrong codes that close a link: a proposal; a head who mistypes has some, of a hundred million nobody meets one."""


class OwnLink(models.Model):
    """A link by which a facility sees its own sheet of a quarter, without a login; its secret is kept as a digest."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="links")
    region_code = models.TextField(db_collation="C")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    secret_digest = models.BinaryField(unique=True)
    expires_at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("region_code")

    class Meta:
        """Of a quarter, and found by it."""

        constraints: ClassVar = [models.CheckConstraint(condition=QUARTER, name="ownlink_quarter")]
        indexes: ClassVar = [
            models.Index(fields=["facility", "year", "quarter", "-at"], name="ownlink_newest"),
            models.Index(fields=["region_code", "expires_at"], name="ownlink_where"),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.quarter}"

    @property
    def until(self) -> date:
        """The last national day on which it opens."""
        return timezone.localdate(self.expires_at - timedelta(microseconds=1))


class OwnLinkEnd(models.Model):
    """A link that opens nothing any more, before its day."""

    link = models.OneToOneField(OwnLink, primary_key=True, on_delete=models.PROTECT, related_name="end")
    region_code = models.TextField(db_collation="C")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("region_code")

    def __str__(self) -> str:
        return str(self.link_id)


class OwnCode(models.Model):
    """A code without which a link opens nothing, drawn by somebody else than who made it; one of a link is in force."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    link = models.ForeignKey(OwnLink, on_delete=models.PROTECT, related_name="codes")
    region_code = models.TextField(db_collation="C")
    code_digest = models.BinaryField()
    """Keyed digest of the link's secret and the code."""
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("region_code")

    def __str__(self) -> str:
        return str(self.pk)


class OwnCodeEnd(models.Model):
    """A code that was withdrawn, or that another one took the place of."""

    code = models.OneToOneField(OwnCode, primary_key=True, on_delete=models.PROTECT, related_name="end")
    region_code = models.TextField(db_collation="C")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("region_code")

    def __str__(self) -> str:
        return str(self.code_id)


class WrongCode(models.Model):
    """A wrong code that was typed at a link; the last one that is allowed closes it. The database alone adds it."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    link = models.ForeignKey(OwnLink, on_delete=models.PROTECT, related_name="wrong")
    region_code = models.TextField(db_collation="C")
    number = models.PositiveSmallIntegerField()
    """1, 2, 3 … of the link, whatever code was in force."""
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("region_code")

    class Meta:
        """One after another, and no more than close the link."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["link", "number"], name="wrongcode_one_after_another"),
            models.CheckConstraint(condition=Q(number__range=(1, WRONG_MAX)), name="wrongcode_most"),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Confirmation(models.Model):
    """What somebody at the facility said of the sheet as it stood; a link gives one, and the database alone adds it."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    link = models.OneToOneField(OwnLink, on_delete=models.PROTECT, related_name="confirmation")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="confirmations")
    region_code = models.TextField(db_collation="C")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    shown_digest = models.TextField()
    """Of the rows the page showed: what was confirmed is these and no others."""
    members = models.PositiveIntegerField()
    agrees = models.BooleanField()
    name = models.TextField()
    office = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("region_code")

    class Meta:
        """Says who, in what office."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(office=""), name="confirmation_who"),
        ]
        indexes: ClassVar = [models.Index(fields=["facility", "year", "quarter", "-at"], name="confirmation_newest")]

    def __str__(self) -> str:
        return self.name


class Difference(models.Model):
    """A row the facility has otherwise. It changes no verdict: a new sheet about the member answers it."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    confirmation = models.ForeignKey(Confirmation, on_delete=models.PROTECT, related_name="differences")
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="+")
    """Where the row was recorded: its `by` is who looks into it."""
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+")
    village_code = models.TextField(db_collation="C")
    obligation = models.TextField(choices=Obligation.choices)
    words = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("village_code")

    class Meta:
        """One per member and obligation of a confirmation."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["confirmation", "member", "obligation"], name="difference_once"),
            models.CheckConstraint(condition=~Q(words=""), name="difference_words"),
        ]
        indexes: ClassVar = [models.Index(fields=["village_code"], name="difference_village")]

    def __str__(self) -> str:
        return self.words

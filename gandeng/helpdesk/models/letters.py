"""What lets a family ask about its own money: its letter, and a code its facilitator says. Added, never changed."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from gandeng.accounts.models import Person
from gandeng.registry.models import Family
from gandeng.web.scoping import scoped


class Letter(models.Model):
    """A letter printed for a family, or that its letter is void; the newest of a family counts, all before are void."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="letters")
    number = models.IntegerField()
    """1, 2, 3 … within the family."""
    number_digest = models.BinaryField(null=True)
    """Keyed digest of what is printed on it, which is kept nowhere; none where it says that the letter is void."""
    ends = models.TextField(blank=True)
    """The last four signs, by which people tell one paper from another."""
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("family__village_code")

    class Meta:
        """One after another; a number is of one letter."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["family", "number"], name="letter_one_after_another"),
            models.UniqueConstraint(fields=["number_digest"], name="letter_number_once"),
            models.CheckConstraint(
                condition=Q(number_digest=None, ends="") | (Q(number_digest__isnull=False) & ~Q(ends="")),
                name="letter_or_void",
            ),
        ]

    def __str__(self) -> str:
        return f"…{self.ends}" if self.ends else ""

    @property
    def in_force(self) -> bool:
        """Of the newest of a family: whether there is a letter at all."""
        return self.number_digest is not None


class FamilyCode(models.Model):
    """A code for one letter, made by whoever accompanies the family; the newest of a letter counts."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="codes")
    code_digest = models.BinaryField()
    """Keyed digest of the letter's number and the code."""
    valid_until = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("letter__family__village_code")

    def __str__(self) -> str:
        return str(self.pk)


class CodeUse(models.Model):
    """That a code was used; the database writes it, once."""

    code = models.OneToOneField(FamilyCode, primary_key=True, on_delete=models.PROTECT, related_name="use")
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("code__letter__family__village_code")

    def __str__(self) -> str:
        return str(self.pk)

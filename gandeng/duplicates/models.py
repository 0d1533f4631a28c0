"""Families whose people look like one and the same, made anew by each search, and what people judged, which stays."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import UUID7
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gandeng.accounts.models import Person
from gandeng.registry.models import ChangeRequest, Family, Member
from gandeng.web.scoping import scoped


class Place(models.TextChoices):
    """The smallest place both are in; `place_alike` of `core.duplicates`."""

    FAMILY = "FAMILY", _("Dalam satu keluarga")
    VILLAGE = "VILLAGE", _("Satu desa/kelurahan")
    SUB_DISTRICT = "SUB_DISTRICT", _("Satu kecamatan")
    DISTRICT = "DISTRICT", _("Satu kabupaten/kota")
    PROVINCE = "PROVINCE", _("Satu provinsi")
    NATION = "NATION", _("Lain provinsi")


class Found(models.Model):
    """Two families, or one, with people in them nobody has judged yet.

    Its id follows from the families. The rows of a region are put in as a whole (`duplicates_swap`).
    """

    id = models.UUIDField(primary_key=True)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+")
    """The same as `family` where somebody stands in one family twice."""
    village_code = models.TextField(db_collation="C")
    other_village_code = models.TextField(db_collation="C")
    place = models.TextField(choices=Place.choices)
    score = models.BigIntegerField()
    """The order of the list: `one_in` of the strongest pair, more where digits of a NIK are swapped."""
    people = models.PositiveSmallIntegerField()
    pairs = models.JSONField()
    """A list: `member` (of `family`), `other` (of `other`), `name`, `born`, `same_sex`, `one_in` as `core.duplicates`
    gives them, `slip` how the two NIKs differ, never a NIK; `judged` what was last said of the two, or null."""
    found_at = models.DateTimeField()

    objects = scoped("village_code")

    class Meta:
        """Listed by place, the strongest first."""

        indexes: ClassVar = [
            models.Index(fields=["village_code", "-score"], name="duplicates_found_score"),
            models.Index(fields=["other"], name="duplicates_found_other"),
        ]

    def __str__(self) -> str:
        return self.place


class Judgement(models.Model):
    """What somebody said of two people: the newest of a pair counts. Nothing in it changes the registry by itself."""

    class Verdict(models.TextChoices):
        """DIFFERENT may be taken back; SAME goes on as a request that another person decides."""

        DIFFERENT = "DIFFERENT", _("Orang yang berbeda")
        SAME = "SAME", _("Orang yang sama")
        REOPENED = "REOPENED", pgettext_lazy("data mirip", "Dibuka lagi")

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    pair = models.UUIDField()
    """`Found.id` of the two families."""
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    other_member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    village_code = models.TextField(db_collation="C")
    other_village_code = models.TextField(db_collation="C")
    verdict = models.TextField(choices=Verdict.choices)
    ends = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    """Whose row is to end, of one person who stands there twice."""
    change = models.ForeignKey(ChangeRequest, null=True, on_delete=models.PROTECT, related_name="+")
    """What was asked for: that the member leaves, or that the family ends."""
    facts = models.TextField()
    """Digest of names, birth dates, sexes and blind indexes that were compared: others are judged anew."""
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("village_code")

    class Meta:
        """A request where it is one person, and there alone; always a reason."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(verdict="SAME", change__isnull=False, ends__isnull=False)
                | (~Q(verdict="SAME") & Q(change__isnull=True, ends__isnull=True)),
                name="duplicates_judgement_request",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="duplicates_judgement_reason"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["member", "other_member", "-id"], name="duplicates_judgement_newest"),
            models.Index(fields=["village_code", "-id"], name="duplicates_judgement_place"),
        ]

    def __str__(self) -> str:
        return self.verdict

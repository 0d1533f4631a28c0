"""A file the civil registry answered with, what it says of each of our people, and a file that was withdrawn."""

from typing import ClassVar

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q
from django.db.models.functions import UUID7
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.models import Person
from gandeng.registry.models import SEXES, ChangeRequest, Family, Member
from gandeng.web.scoping import scoped


class Matching(models.Model):
    """One file, taken as a whole. The file itself is not kept: its digest is, and what it says of our people."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    region_code = models.TextField(blank=True, db_collation="C")
    """Whose people were looked for; `""` for the nation."""
    checked_on = models.DateField()
    """The day the civil registry answered for."""
    source = models.TextField()
    """The letter or message it came with."""
    file_name = models.TextField()
    content_sha256 = models.TextField()
    rows = models.BigIntegerField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField()
    at = models.DateTimeField(db_default=TransactionNow(), editable=False)

    objects = scoped("region_code")

    class Meta:
        """Newest first by id."""

        constraints: ClassVar = [models.CheckConstraint(condition=~Q(source=""), name="civil_matching_source")]
        indexes: ClassVar = [models.Index(fields=["region_code", "-id"], name="civil_matching_place")]

    def __str__(self) -> str:
        return f"{self.file_name} {self.checked_on:%Y-%m-%d}"


class Withdrawal(models.Model):
    """The file does not count: it was another day's, or another office's."""

    matching = models.OneToOneField(Matching, on_delete=models.PROTECT, primary_key=True, related_name="withdrawal")
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField()
    at = models.DateTimeField(db_default=TransactionNow(), editable=False)

    objects = scoped("matching__region_code")

    class Meta:
        """Always with a reason."""

        constraints: ClassVar = [models.CheckConstraint(condition=~Q(reason=""), name="civil_withdrawal_reason")]

    def __str__(self) -> str:
        return str(self.matching_id)


class Answer(models.Model):
    """What a file says of one member. Name, birth date and sex are kept where they were not ours."""

    class Result(models.TextChoices):
        """As the civil registry says it."""

        MATCH = "MATCH", _("Padan")
        DIFFERS = "DIFFERS", _("Tidak padan")
        NOT_FOUND = "NOT_FOUND", _("Tidak ditemukan")
        DOUBLE = "DOUBLE", _("NIK ganda")
        DECEASED = "DECEASED", _("Meninggal")

    id = models.BigAutoField(primary_key=True)
    matching = models.ForeignKey(Matching, on_delete=models.PROTECT, related_name="+", db_index=False)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    village_code = models.TextField(db_collation="C")
    """Where the family lived then."""
    result = models.TextField(choices=Result.choices)
    checked_on = models.DateField()
    name = models.TextField(blank=True)
    birth_date = models.DateField(null=True, blank=True)
    sex = models.TextField(blank=True, choices=[*SEXES.items()])
    deceased_on = models.DateField(null=True, blank=True)
    asks = models.GeneratedField(
        expression=models.ExpressionWrapper(
            ~Q(result="MATCH") | ~Q(name="") | Q(birth_date__isnull=False) | ~Q(sex=""), models.BooleanField()
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    """Whether there is something to look at."""
    at = models.DateTimeField(db_default=TransactionNow(), editable=False)

    objects = scoped("village_code")

    class Meta:
        """One answer of a file for a member; the newest of a member counts."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "matching"], name="civil_answer_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["member", "-checked_on", "-id"], name="civil_answer_newest"),
            models.Index(fields=["member"], condition=Q(asks=True), name="civil_answer_asks"),
            models.Index(fields=["matching", "result", "id"], name="civil_answer_of_file"),
            models.Index(fields=["village_code"], condition=Q(result="DECEASED"), name="civil_answer_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.result}"


class Standing(models.Model):
    """The newest answer about a living member whose NIK is what it was, held against the record as it is now.

    Not about files that were withdrawn. Name, birth date and sex are empty where they are ours by now.
    """

    id = models.BigIntegerField(primary_key=True)
    matching = models.ForeignKey(Matching, on_delete=models.DO_NOTHING, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, related_name="+")
    family = models.ForeignKey(Family, on_delete=models.DO_NOTHING, related_name="+")
    village_code = models.TextField(db_collation="C")
    result = models.TextField(choices=Answer.Result.choices)
    checked_on = models.DateField()
    name = models.TextField()
    birth_date = models.DateField(null=True)
    sex = models.TextField(choices=[*SEXES.items()])
    deceased_on = models.DateField(null=True)
    asks = models.BooleanField()
    differs = models.BooleanField()
    """Name, birth date or sex is another; or it was said to be, and not which."""

    objects = scoped("village_code")

    class Meta:
        """A view."""

        managed = False
        db_table = "civil_registry_standing"

    def __str__(self) -> str:
        return f"{self.member_id} {self.result}"


CHANGES: dict[str, tuple[ChangeRequest.Kind, ...]] = {
    "DIFFERS": (ChangeRequest.Kind.IDENTITY, ChangeRequest.Kind.NIK),
    "NOT_FOUND": (ChangeRequest.Kind.NIK,),
    "DOUBLE": (ChangeRequest.Kind.NIK,),
    "DECEASED": (ChangeRequest.Kind.DEATH,),
}
"""By result, what is asked for to put it right, where it is the record that is wrong."""

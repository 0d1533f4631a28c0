"""Families, their members and accounts. Identifiers are sealed; indexes and digits serve search."""

from typing import ClassVar
from uuid import uuid4

import pghistory
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.models import Person
from gandeng.core.channels import CHANNELS, POST
from gandeng.registry.cooling import NEVER
from gandeng.web.scoping import scoped

SEXES = {"F": _("Perempuan"), "M": _("Laki-laki")}


def _without(text: Combinable, signs: str, instead: str) -> Func:
    return Func(
        text, Value(signs), Value(instead), Value("g"), function="regexp_replace", output_field=models.TextField()
    )


class Family(models.Model):
    """One family (KPM); its account in force is the row of `Account` without an end."""

    class Status(models.TextChoices):
        """Which leads to which is in the README; only ACTIVE is paid."""

        PROPOSED = "PROPOSED", _("Calon")
        VALIDATED = "VALIDATED", _("Tervalidasi")
        ACTIVE = "ACTIVE", _("Aktif")
        SUSPENDED = "SUSPENDED", _("Ditangguhkan")
        GRADUATED = "GRADUATED", _("Graduasi")
        ENDED = "ENDED", _("Berakhir")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    family_no = models.TextField(unique=True)
    """The number lists and banks know it by, `K630000001`: `family_id` of the contracts."""
    kk_sealed = models.BinaryField(default=b"")
    kk_index = models.BinaryField(null=True)
    kk_last4 = models.TextField(blank=True)
    village_code = models.TextField(db_collation="C")
    status = models.TextField(choices=Status.choices, default=Status.PROPOSED)
    status_reason = models.TextField(blank=True)
    collector = models.ForeignKey(
        "Member", null=True, blank=True, on_delete=models.PROTECT, related_name="collects_for"
    )
    collector_usable_from = models.DateField(null=True, blank=True)
    entered_on = models.DateField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = scoped("village_code")

    class Meta:
        """A family card belongs to one active family."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(village_code__regex=r"^[1-9][0-9]{9}$"), name="family_village"),
            models.UniqueConstraint(fields=["kk_index"], condition=Q(status="ACTIVE"), name="family_kk_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["village_code", "family_no"], name="family_village_no"),
            models.Index(fields=["kk_last4"], name="family_kk_last4"),
            models.Index(
                fields=["village_code"],
                condition=Q(collector_usable_from__gt=F("entered_on")),
                name="family_collector_new",
            ),
        ]

    def __str__(self) -> str:
        return self.family_no

    @property
    def called(self) -> str:
        """Its collector's name, its number where there is none."""
        return self.collector.name if self.collector else self.family_no

    @property
    def collector_is_new(self) -> bool:
        """Whether another one collected before."""
        return bool(self.collector_usable_from and self.entered_on and self.collector_usable_from > self.entered_on)

    @property
    def collector_is_held(self) -> bool:
        """Whether nobody collects because the family did not ask for whoever does."""
        return self.collector_usable_from == NEVER


class Member(models.Model):
    """One member of a family; `village_code` is the family's, kept beside for the territory."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    member_no = models.TextField(unique=True)
    """`member_id` of the contracts."""
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="members")
    village_code = models.TextField(db_collation="C")
    nik_sealed = models.BinaryField(default=b"")
    nik_index = models.BinaryField(null=True)
    nik_last4 = models.TextField(blank=True)
    name = models.TextField()
    name_key = models.GeneratedField(
        expression=_without(_without(Upper("name"), "['`´‘’]", ""), "[^[:alnum:]]+", " "),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    """The name in capitals without signs, for search: `MARUF`, as people type it."""
    birth_date = models.DateField()
    sex = models.TextField(choices=[*SEXES.items()])
    school_level = models.TextField(blank=True, choices=[("SD", "SD"), ("SMP", "SMP"), ("SMA", "SMA")])
    pregnancy_no = models.PositiveSmallIntegerField(null=True, blank=True)
    severe_disability = models.BooleanField(default=False)
    rights_victim = models.BooleanField(default=False)
    deceased_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = scoped("village_code")

    class Meta:
        """One living person is in one family."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["nik_index"],
                condition=Q(deceased_on__isnull=True, left_on__isnull=True),
                name="member_nik_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["village_code", "name"], name="member_village_name"),
            models.Index(fields=["nik_index"], name="member_nik_index"),
            models.Index(fields=["nik_last4"], name="member_nik_last4"),
        ]

    def __str__(self) -> str:
        return self.member_no

    @property
    def is_gone(self) -> bool:
        """Whether it is written down that they died or left."""
        return self.deceased_on is not None or self.left_on is not None


class Account(models.Model):
    """Where a family is paid: a bank account, or the post without one. Rows end or are held, not changed otherwise.

    A new one is paid into from `usable_from` on: the cooling period after a change (docs/threats.md, M3).
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="accounts")
    village_code = models.TextField(db_collation="C")
    channel = models.TextField()
    account_sealed = models.BinaryField(default=b"")
    account_index = models.BinaryField(null=True)
    account_last3 = models.TextField(blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    usable_from = models.DateField()
    requested_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    approved_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects = scoped("village_code")

    class Meta:
        """One account in force per family, one family per account, two people per change."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["family"], condition=Q(valid_until__isnull=True), name="account_in_force"),
            models.UniqueConstraint(
                fields=["account_index"], condition=Q(valid_until__isnull=True), name="account_one_family"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")), name="account_dates"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("requested_by")), name="account_two_people"
            ),
            models.CheckConstraint(condition=Q(channel__in=[*CHANNELS]), name="account_channel"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["village_code"],
                condition=Q(valid_until__isnull=True, usable_from__gt=F("valid_from")),
                name="account_new",
            ),
            models.Index(fields=["village_code"], condition=Q(usable_from=NEVER), name="account_never"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.account_last3}"

    @property
    def is_new(self) -> bool:
        """Whether it came after another one; the first of a family is none."""
        return self.usable_from > self.valid_from

    @property
    def is_held(self) -> bool:
        """Whether nobody is paid there because the family did not ask for it; one of another family has no number."""
        return self.usable_from == NEVER and (self.account_index is not None or self.channel == POST)


pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent(), model_name="FamilyEvent", exclude=["updated_at"]
)(Family)
pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old),
    pghistory.DeleteEvent(),
    model_name="MemberEvent",
    exclude=["updated_at", "name_key"],
)(Member)
"""Each event keeps the row as it was before: with the row of today that is the whole history."""

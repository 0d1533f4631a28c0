"""Figures that are signed, and the names under them."""

from pathlib import Path
from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.models import Person
from gandeng.payments.models import Cycle
from gandeng.reconciliation.models.files import of_today
from gandeng.web.scoping import scoped


class Statement(models.Model):
    """The figures of a region that are signed: a district's own, or the sum of the signed ones below.

    Void as soon as anything beneath changes; a new statement then takes its place.
    """

    class Level(models.TextChoices):
        """From below."""

        DISTRICT = "DISTRICT", _("Kabupaten/kota")
        PROVINCE = "PROVINCE", _("Provinsi")
        CENTRE = "CENTRE", _("Pusat")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="statements")
    level = models.TextField(choices=Level.choices)
    region_code = models.TextField(db_collation="C", blank=True)
    digest = models.TextField()
    figures = models.JSONField()
    """What is signed: rows by district and channel, the files, the statements below."""
    made_at = models.DateTimeField(auto_now_add=True)
    voided_at = models.DateTimeField(null=True)
    voided_reason = models.TextField(blank=True)
    minutes_path = models.TextField(blank=True)
    minutes_sha256 = models.TextField(blank=True)
    minutes_certificate = models.JSONField(default=dict)
    """Whose electronic signature the PDF bears, or why it bears none (actions.papers)."""
    code = models.TextField(unique=True)
    """On the paper, for the public page: 12 letters and digits of a random draw."""

    objects = scoped("region_code")

    class Meta:
        """One in force per region and cycle."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["cycle", "level", "region_code"], condition=Q(voided_at__isnull=True), name="statement_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.region_code}"

    @property
    def minutes(self) -> Path:
        """Where its minutes lie now."""
        return of_today("minutes", self.minutes_path)


class Signature(models.Model):
    """One person's name under one statement, in one capacity."""

    class Capacity(models.TextChoices):
        """Who has to sign (an assumption: docs/programme.md)."""

        HEAD = "HEAD", _("Kepala dinas")
        COORDINATOR = "COORDINATOR", _("Koordinator")
        CHANNEL = "CHANNEL", _("Bank atau pos")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="signatures")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    level = models.TextField(choices=Statement.Level.choices)
    digest = models.TextField()
    capacity = models.TextField(choices=Capacity.choices)
    channel = models.TextField(blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A capacity once, a person once per statement; nobody signs at two levels of a cycle."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["statement", "capacity", "channel"], name="signature_capacity_once"),
            models.UniqueConstraint(fields=["statement", "person"], name="signature_person_once"),
            ExclusionConstraint(
                name="signature_one_level", expressions=[("cycle", "="), ("person", "="), ("level", "<>")]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.capacity} {self.person_id}"

    @property
    def office(self) -> str:
        """Whose name it is, in words."""
        return office_words(self.level, self.capacity, self.channel)


_HEADS = {
    Statement.Level.PROVINCE: _("Kepala bidang provinsi"),
    Statement.Level.CENTRE: _("Pejabat Kementerian Sosial"),
}
"""Whoever signs as the head above a district, as `accounts.roles` calls them."""


def office_words(level: str, capacity: str, channel: str) -> str:
    """`Kepala dinas`, `Kepala bidang provinsi`, `Bank atau pos BRI`."""
    if capacity == Signature.Capacity.HEAD and level in _HEADS:
        return str(_HEADS[Statement.Level(level)])
    return f"{Signature.Capacity(capacity).label} {channel}".strip()

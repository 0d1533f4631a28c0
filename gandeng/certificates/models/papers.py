"""Certificates of staff, those of our own offices and those of others, and their revocation. Nothing is changed."""

from datetime import date, timedelta
from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.models import Person
from gandeng.certificates.models.skills import IN_ORDER, Skill
from gandeng.facilitators.models import Staff
from gandeng.web.scoping import scoped

_PLACE = r"^([1-9][0-9]([0-9]{2})?)?$"
_PRINTED = Q(code__regex=r"^[2-9A-HJKMNP-Z]{24}$", content_sha256__regex=r"^[0-9a-f]{64}$", outside_no="")


class Certificate(models.Model):
    """One person was certified in one skill on one day. It goes with her: who may see her may see it.

    What stands on a paper of ours stands in the columns, as it was printed; the file is made again from them.
    """

    class Origin(models.TextChoices):
        """Whose paper it is."""

        OWN = "OWN", _("Diterbitkan kantor")
        OUTSIDE = "OUTSIDE", _("Dari lembaga lain")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    series = models.TextField(blank=True, editable=False)
    """Beginning of the number: `SRT-6371-2026-`, per office and year; `CSL-…` for what others issued."""
    serial = models.PositiveIntegerField(default=0, editable=False)
    number = models.TextField(unique=True, blank=True)
    """`SRT-6371-2026-0001`; all three are given by the database (`0002_guards`)."""
    code = models.TextField(unique=True, null=True, blank=True)
    """24 letters (119 bits) for the public page; a paper of others has none."""
    origin = models.TextField(choices=Origin.choices, default=Origin.OWN)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="certificates")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="certificates")
    region_code = models.TextField(blank=True, db_collation="C")
    """The district she worked in that day."""
    office_code = models.TextField(blank=True, db_collation="C")
    """Under whose name: a district, a province or the nation. Of a paper of others: the office that recorded it."""
    office_name = models.TextField()
    """As printed; of a paper of others, who issued it."""
    holder_name = models.TextField()
    title = models.TextField()
    """What it certifies."""
    from_event = models.UUIDField(null=True, blank=True)
    """The training it comes from (gandeng.training), where there was one."""
    event_title = models.TextField(blank=True)
    held_from = models.DateField(null=True, blank=True)
    held_until = models.DateField(null=True, blank=True)
    """The last day of the training."""
    hours = models.PositiveIntegerField(null=True, blank=True)
    place = models.TextField(blank=True)
    issued_on = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    """The first day without it."""
    issued_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    """Of a paper of others: who recorded it."""
    issued_at = models.DateTimeField(auto_now_add=True)
    authority = models.TextField()
    signer_name = models.TextField(blank=True)
    signer_post = models.TextField(blank=True)
    renews = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="renewed_by"
    )  # fmt: skip
    outside_no = models.TextField(blank=True)
    """The number on a paper of others."""
    content_sha256 = models.TextField(blank=True)
    """Of what the paper says (`content.digest_of`)."""

    objects = scoped("staff__region_code", touches=True)

    class Meta:
        """A paper of ours has its code and digest, one of others its number."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "serial"], name="certificate_serial"),
            models.CheckConstraint(
                condition=(Q(origin="OWN") & _PRINTED & ~Q(signer_name=""))
                | (Q(origin="OUTSIDE", code__isnull=True, content_sha256="", from_event__isnull=True)
                   & ~Q(outside_no="")),
                name="certificate_origin",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("issued_on")), name="certificate_valid"
            ),
            models.CheckConstraint(condition=IN_ORDER, name="certificate_held"),
            models.CheckConstraint(
                condition=Q(region_code__regex=_PLACE, office_code__regex=_PLACE), name="certificate_places"
            ),
            models.CheckConstraint(
                condition=~Q(holder_name="") & ~Q(title="") & ~Q(office_name=""), name="certificate_told"
            ),
            models.UniqueConstraint(
                fields=["staff", "skill", "outside_no", "office_name"], condition=Q(origin="OUTSIDE"),
                name="certificate_outside_once",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["staff", "skill"], name="certificate_staff_skill"),
            models.Index(fields=["from_event", "staff"], name="certificate_event"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def last_day(self) -> date | None:
        """The last day it holds, as papers and pages say it; None where it does not run out."""
        return self.valid_until - timedelta(days=1) if self.valid_until else None


class Evidence(models.Model):
    """The paper of another institution as it was handed in, sealed."""

    certificate = models.OneToOneField(
        Certificate, primary_key=True, on_delete=models.PROTECT, related_name="evidence"
    )  # fmt: skip
    media_type = models.TextField()
    byte_count = models.BigIntegerField()
    content_sealed = models.BinaryField()

    objects = scoped("certificate__staff__region_code", touches=True)

    def __str__(self) -> str:
        return str(self.pk)


class Revocation(models.Model):
    """A certificate holds no longer from that moment on. The reason is the office's own business.

    A revocation that was a mistake is not taken back: a new certificate renews the old one.
    """

    certificate = models.OneToOneField(
        Certificate, primary_key=True, on_delete=models.PROTECT, related_name="revocation"
    )  # fmt: skip
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("certificate__staff__region_code", touches=True)

    class Meta:
        """With its reason."""

        constraints: ClassVar = [models.CheckConstraint(condition=~Q(reason=""), name="revocation_reason")]

    def __str__(self) -> str:
        return str(self.pk)

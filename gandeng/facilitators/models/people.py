"""Staff of the programme in the field (SDM PKH), and what is dated about each: employment, posts, leave, equipment.

`region_code` stands in every row for the territory: the district somebody works in, or the province.
"""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.models import Person
from gandeng.web.half_open import in_order, one_at_a_time
from gandeng.web.scoping import scoped

_PLACE = Q(region_code__regex=r"^([1-9][0-9]([0-9]{2})?)?$")


class Staff(models.Model):
    """One person who works for the programme, from the day she joined until the day she left."""

    class Education(models.TextChoices):
        """Highest level; the titles of 2025 follow it (docs/programme.md)."""

        SENIOR_HIGH = "SMA", _("SMA sederajat")
        DIPLOMA = "D3", _("D-III")
        DEGREE = "S1", _("D-IV/S-1 atau lebih")

    class Left(models.TextChoices):
        """Why somebody left."""

        RESIGNED = "RESIGNED", _("Mengundurkan diri")
        CONTRACT_ENDED = "CONTRACT_ENDED", _("Kontrak berakhir")
        DISMISSED = "DISMISSED", _("Diberhentikan")
        RETIRED = "RETIRED", _("Pensiun")
        DIED = "DIED", _("Meninggal dunia")
        MISTAKE = "MISTAKE", _("Salah catat")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    staff_no = models.TextField(unique=True)
    """The number lists know her by, `P000123`: `facilitator_id` of the files."""
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="staff")
    region_code = models.TextField(blank=True, db_collation="C")
    home_code = models.TextField(blank=True, db_collation="C")
    """Sub-district she sets out from; empty where nobody told."""
    education = models.TextField(choices=Education.choices, blank=True)
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)
    """The first day without her."""
    left_because = models.TextField(choices=Left.choices, blank=True)

    objects = scoped("region_code", touches=True)

    class Meta:
        """Left has its reason; a district, a province or the nation."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(left_on__isnull=True, left_because="")
                | (Q(left_on__gte=F("joined_on")) & ~Q(left_because="")),
                name="staff_left",
            ),
            models.CheckConstraint(condition=_PLACE, name="staff_region"),
            models.CheckConstraint(condition=Q(home_code__regex=r"^([1-9][0-9]{5})?$"), name="staff_home"),
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "staff_no"], name="staff_region_no")]

    def __str__(self) -> str:
        return self.staff_no


class Employment(models.Model):
    """On what terms she works; one at a time."""

    class Kind(models.TextChoices):
        """Status; PPPK is the government employee with a work agreement (sworn in since October 2025)."""

        CONTRACT = "CONTRACT", _("Kontrak")
        PPPK = "PPPK", _("PPPK")

    class Title(models.TextChoices):
        """Job titles of PPPK by education (docs/programme.md)."""

        SPECIALIST = "PENATA", _("Penata Layanan Operasional")
        MANAGER = "PENGELOLA", _("Pengelola Layanan Operasional")
        OPERATOR = "OPERATOR", _("Operator Layanan Operasional")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="employments")
    region_code = models.TextField(blank=True, db_collation="C")
    kind = models.TextField(choices=Kind.choices)
    job_title = models.TextField(choices=Title.choices, blank=True)
    service_no = models.TextField(blank=True)
    """Number of the employee (NIP) or of the contract, as papers print it."""
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    objects = scoped("region_code", touches=True)

    class Meta:
        """One on any day."""

        constraints: ClassVar = [in_order("employment_dates"), one_at_a_time("employment_once", "staff")]

    def __str__(self) -> str:
        return self.kind


class Post(models.Model):
    """What she does, where; apart from terms of work and from what her login may see (accounts.Grant)."""

    class Role(models.TextChoices):
        """Posts of the programme (docs/programme.md)."""

        FACILITATOR = "FACILITATOR", _("Pendamping sosial")
        SUB_DISTRICT_LEAD = "SUB_DISTRICT_LEAD", _("Ketua tim kecamatan")
        DISTRICT_COORDINATOR = "DISTRICT_COORDINATOR", _("Koordinator kabupaten/kota")
        REGIONAL_COORDINATOR = "REGIONAL_COORDINATOR", _("Koordinator wilayah")
        DATA_ADMINISTRATOR = "DATA_ADMINISTRATOR", _("Administrator pangkalan data")
        SUPERVISOR = "SUPERVISOR", _("Supervisor")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="posts")
    role = models.TextField(choices=Role.choices)
    region_code = models.TextField(blank=True, db_collation="C")
    """Where the post is: a sub-district for a lead, a district for facilitators and most others, a province."""
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    ended_because = models.TextField(blank=True)

    objects = scoped("region_code", touches=True)

    class Meta:
        """One of a kind on any day: a facilitator may lead her sub-district's team as well."""

        constraints: ClassVar = [in_order("post_dates"), one_at_a_time("post_once", "staff", "role")]
        indexes: ClassVar = [models.Index(fields=["region_code", "role"], name="post_region_role")]

    def __str__(self) -> str:
        return f"{self.role} {self.region_code}"


class Leave(models.Model):
    """Days she is away; somebody else accompanies her families meanwhile (actions.caseload)."""

    class Kind(models.TextChoices):
        """No word of an illness: away is enough."""

        ANNUAL = "ANNUAL", _("Cuti tahunan")
        MATERNITY = "MATERNITY", _("Cuti melahirkan")
        LONG = "LONG", _("Cuti lain")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="leaves")
    region_code = models.TextField(blank=True, db_collation="C")
    kind = models.TextField(choices=Kind.choices)
    valid_from = models.DateField()
    valid_until = models.DateField()
    """The first day back."""

    objects = scoped("region_code", touches=True)

    class Meta:
        """Nobody is away twice on a day."""

        constraints: ClassVar = [in_order("leave_dates"), one_at_a_time("leave_once", "staff")]

    def __str__(self) -> str:
        return self.kind


class Equipment(models.Model):
    """A thing handed to her, which she says she received and one day gives back."""

    class Kind(models.TextChoices):
        """What the programme hands out."""

        VEST = "VEST", _("Rompi")
        CARD = "CARD", _("Kartu pengenal")
        DEVICE = "DEVICE", _("Gawai")

    class Condition(models.TextChoices):
        """How it came back."""

        GOOD = "GOOD", _("Baik")
        DAMAGED = "DAMAGED", _("Rusak")
        LOST = "LOST", _("Hilang")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="equipment")
    region_code = models.TextField(blank=True, db_collation="C")
    kind = models.TextField(choices=Kind.choices)
    serial_no = models.TextField()
    issued_on = models.DateField()
    issued_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(null=True, blank=True)
    """When she herself said so, signed in; until then the receipt is open."""
    returned_on = models.DateField(null=True, blank=True)
    condition = models.TextField(choices=Condition.choices, blank=True)

    objects = scoped("region_code", touches=True)

    class Meta:
        """A thing is with one person; back has its condition; nobody hands things to herself."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "serial_no"], condition=Q(returned_on__isnull=True), name="equipment_with_one"
            ),
            models.CheckConstraint(
                condition=Q(returned_on__isnull=True, condition="")
                | (Q(returned_on__gte=F("issued_on")) & ~Q(condition="")),
                name="equipment_returned",
            ),
            models.CheckConstraint(condition=~Q(serial_no=""), name="equipment_serial"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.serial_no}"

"""From what school or clinic signed to what was decided. Every row is added and none changed: the newest counts."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.models import Person
from gandeng.registry.models import Family, Member
from gandeng.web.scoping import scoped

QUARTER = Q(quarter__range=(1, 4), year__range=(2017, 2100))


class Obligation(models.TextChoices):
    """What is verified, as the entitlement contract names it."""

    EDUCATION = "EDUCATION", _("Pendidikan")
    HEALTH = "HEALTH", _("Kesehatan")
    WELFARE = "WELFARE", _("Kesejahteraan sosial")


class Effect(models.TextChoices):
    """What a recommendation or decision does to the stage; NONE leaves it as it is."""

    SUSPEND = "SUSPEND", _("Tangguhkan bantuan tahap itu")
    NONE = "NONE", _("Bantuan tetap dibayar")


class Facility(models.Model):
    """A school, clinic or post that signs for what it saw."""

    class Kind(models.TextChoices):
        """What it is."""

        SCHOOL = "SCHOOL", _("Sekolah atau madrasah")
        CLINIC = "CLINIC", _("Puskesmas atau bidan")
        POSYANDU = "POSYANDU", _("Posyandu")
        WELFARE = "WELFARE", _("Tempat kegiatan kesejahteraan sosial")

    id = models.UUIDField(primary_key=True, default=uuid4)
    kind = models.TextField(choices=Kind.choices)
    code = models.TextField(blank=True)
    """NPSN of a school; a clinic's own code, where it has one."""
    name = models.TextField()
    region_code = models.TextField(db_collation="C")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("region_code")

    class Meta:
        """A number names one of its kind."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "code"], condition=~Q(code=""), name="facility_code_once"),
            models.CheckConstraint(condition=Q(region_code__regex=r"^[1-9][0-9]{9}$"), name="facility_village"),
        ]

    def __str__(self) -> str:
        return self.name


class Enrolment(models.Model):
    """Where a member fulfils an obligation from a day on; without a facility: nowhere any longer."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="enrolments")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+")
    village_code = models.TextField(db_collation="C")
    obligation = models.TextField(choices=Obligation.choices)
    facility = models.ForeignKey(Facility, null=True, on_delete=models.PROTECT, related_name="enrolments")
    since = models.DateField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("village_code")

    class Meta:
        """Read by member, newest first."""

        indexes: ClassVar = [models.Index(fields=["member", "obligation", "-at"], name="enrolment_newest")]

    def __str__(self) -> str:
        return self.obligation


class Sheet(models.Model):
    """What a facility signed about a quarter, as somebody entered it: who signed, in what office, where and when."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="sheets")
    region_code = models.TextField(db_collation="C")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    signer_name = models.TextField()
    signer_role = models.TextField()
    place = models.TextField()
    signed_on = models.DateField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("region_code")

    class Meta:
        """No sheet without its evidence."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=QUARTER, name="sheet_quarter"),
            models.CheckConstraint(
                condition=~Q(signer_name="") & ~Q(signer_role="") & ~Q(place=""), name="sheet_evidence"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["facility", "year", "quarter", "-at"], name="sheet_newest")]

    def __str__(self) -> str:
        return f"{self.year}-{self.quarter}"


class Record(models.Model):
    """One member in one month of the quarter, as one sheet has it."""

    id = models.BigAutoField(primary_key=True)
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="records")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+")
    village_code = models.TextField(db_collation="C")
    obligation = models.TextField(choices=Obligation.choices)
    month = models.PositiveSmallIntegerField()
    service = models.BooleanField()
    days = models.PositiveSmallIntegerField()
    absent = models.PositiveSmallIntegerField()
    leave = models.PositiveSmallIntegerField()
    sick = models.PositiveSmallIntegerField()
    visits = models.PositiveSmallIntegerField()

    objects = scoped("village_code")

    class Meta:
        """A month once per sheet and member; nobody misses more days than there were."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet", "member", "obligation", "month"], name="record_once"),
            models.CheckConstraint(condition=Q(month__range=(1, 3)), name="record_month"),
            models.CheckConstraint(
                condition=Q(days__lte=31, visits__lte=31, days__gte=F("absent") + F("leave") + F("sick")),
                name="record_days",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["member", "sheet"], name="record_member")]

    def __str__(self) -> str:
        return f"{self.month}"


class Verdict(models.Model):
    """What the records of a member's quarter came to, by which figures; the newest counts."""

    class Kind(models.TextChoices):
        """`core.commitment.Verdict`, in words."""

        MET = "MET", _("Terpenuhi")
        NOT_MET = "NOT_MET", _("Tidak terpenuhi")
        EXCUSED = "EXCUSED", _("Dikecualikan")
        UNVERIFIED = "UNVERIFIED", _("Belum terverifikasi")

    id = models.UUIDField(primary_key=True, default=uuid4)
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="verdicts")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+", db_index=False)
    village_code = models.TextField(db_collation="C")
    obligation = models.TextField(choices=Obligation.choices)
    verdict = models.TextField(choices=Kind.choices)
    reason = models.TextField()
    reached = models.PositiveSmallIntegerField()
    wanted = models.PositiveSmallIntegerField()
    inputs_digest = models.TextField()
    policy_digest = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("village_code")

    class Meta:
        """Once per sheet and obligation of a member."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet", "member", "obligation"], name="verdict_once"),
            models.CheckConstraint(condition=QUARTER, name="verdict_quarter"),
        ]
        indexes: ClassVar = [models.Index(fields=["family", "year", "quarter", "-at"], name="verdict_newest")]

    def __str__(self) -> str:
        return self.verdict


class Recommendation(models.Model):
    """What the year's rules say about a family after a quarter; the newest counts. It changes nothing by itself."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+", db_index=False)
    village_code = models.TextField(db_collation="C")
    effect = models.TextField(choices=Effect.choices)
    verdicts = models.JSONField()
    """Ids of the verdicts that speak for it; none where nothing was left to recommend."""
    cycle_year = models.PositiveSmallIntegerField()
    cycle_stage = models.PositiveSmallIntegerField()
    policy_digest = models.TextField()
    number = models.PositiveIntegerField()
    """1, 2, 3 … of the family's quarter."""
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("village_code")

    class Meta:
        """Numbered within the family's quarter."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["family", "year", "quarter", "number"], name="recommendation_once"),
            models.CheckConstraint(condition=QUARTER, name="recommendation_quarter"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["cycle_year", "cycle_stage"], name="recommendation_cycle"),
            models.Index(fields=["village_code"], name="recommendation_village", condition=~Q(effect="NONE")),
        ]

    def __str__(self) -> str:
        return self.effect


class Decision(models.Model):
    """A supervisor's word on one recommendation, with the reason."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    recommendation = models.OneToOneField(Recommendation, on_delete=models.PROTECT, related_name="decision")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+")
    village_code = models.TextField(db_collation="C")
    outcome = models.TextField(choices=Effect.choices)
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("village_code")

    class Meta:
        """Read by where the family lives."""

        indexes: ClassVar = [models.Index(fields=["village_code"], name="decision_village")]

    def __str__(self) -> str:
        return self.outcome


class Step(models.Model):
    """What followed a decision: the family was told, objected, and was answered."""

    class Kind(models.TextChoices):
        """In this order; one of the last two answers an objection."""

        TOLD = "TOLD", _("Keluarga diberi tahu")
        APPEALED = "APPEALED", _("Keluarga berkeberatan")
        UPHELD = "UPHELD", _("Keberatan diterima, penangguhan dibatalkan")
        REJECTED = "REJECTED", _("Keberatan ditolak")

    id = models.UUIDField(primary_key=True, default=uuid4)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="steps")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+")
    village_code = models.TextField(db_collation="C")
    kind = models.TextField(choices=Kind.choices)
    on_day = models.DateField()
    words = models.TextField()
    """How the family was told, why it objects, or why the answer is what it is."""
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("village_code")

    class Meta:
        """Each once, and one answer."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["decision", "kind"], name="step_once"),
            models.UniqueConstraint(
                fields=["decision"], condition=Q(kind__in=("UPHELD", "REJECTED")), name="step_one_answer"
            ),
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def written_later(self) -> bool:
        """Whether it was recorded on a later day than its own."""
        return timezone.localdate(self.at) > self.on_day

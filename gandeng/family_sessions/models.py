"""Groups of families and their meetings. Nothing here is changed; a membership ends, a meeting is told anew."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gandeng.accounts.models import Person
from gandeng.registry.models import Family
from gandeng.web.half_open import in_order, one_at_a_time
from gandeng.web.scoping import scoped


class Group(models.Model):
    """Families who meet. Without members it is over."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    name = models.TextField()
    village_code = models.TextField(db_collation="C")
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    objects = scoped("village_code")

    class Meta:
        """One name once in a village."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["village_code", "name"], name="p2k2_group_name")]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A family in a group, from a day until a day (half-open); in one group at a time."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="memberships")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="group_memberships")
    village_code = models.TextField(db_collation="C")
    """The family's own, which the database compares."""
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = scoped("village_code")

    class Meta:
        """Never in two groups on a day."""

        constraints: ClassVar = [
            one_at_a_time("p2k2_one_group", "family"),
            in_order("p2k2_membership_days"),
        ]


class Plan(models.Model):
    """A year's sessions of a group, each with its day; the newest of a year counts."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="plans")
    village_code = models.TextField(db_collation="C")
    year = models.PositiveSmallIntegerField()
    rows = models.JSONField()
    """List of `{"session": code, "day": "2026-03-05"}`, by day."""
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    objects = scoped("village_code")

    class Meta:
        """Found by group and year."""

        indexes: ClassVar = [models.Index(fields=["group", "year", "-made_at"], name="p2k2_plan_group")]


class Meeting(models.Model):
    """One meeting as it was told; told anew by another that names it in `replaces`, and then that one counts."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="meetings")
    village_code = models.TextField(db_collation="C")
    session_code = models.TextField()
    """Of published.yaml."""
    topic = models.TextField(blank=True)
    """What was talked about, where the module has no published session."""
    on_day = models.DateField()
    starts = models.TimeField()
    ends = models.TimeField(null=True)
    place = models.TextField()
    speakers = models.TextField(blank=True)
    agreed = models.TextField(blank=True)
    """What the families will do at home."""
    families = models.PositiveSmallIntegerField()
    came = models.PositiveSmallIntegerField()
    """How many rows of attendance there are, and of them present or represented; the database compares."""
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    why = models.TextField(blank=True)
    """Why it is told anew."""
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    """Who was there and tells it."""
    accepted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    """Who at the office let it stand, where it came from a phone and did not stand by itself."""
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("village_code")

    class Meta:
        """A session of a group on a day once, whoever sends it twice."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["group", "on_day", "session_code", "by"], condition=Q(replaces=None), name="p2k2_meeting_once"
            ),
            models.CheckConstraint(condition=Q(ends=None) | Q(ends__gt=F("starts")), name="p2k2_meeting_hours"),
            models.CheckConstraint(
                condition=~Q(session_code__in=["6", "LOKAL"]) | ~Q(topic=""), name="p2k2_meeting_topic"
            ),
            models.CheckConstraint(
                condition=Q(replaces=None, why="") | (~Q(replaces=None) & ~Q(why="")), name="p2k2_why"
            ),
            models.CheckConstraint(condition=Q(came__lte=F("families")), name="p2k2_meeting_came"),
            models.CheckConstraint(
                condition=Q(accepted_by__isnull=True) | ~Q(accepted_by=F("by")), name="p2k2_meeting_two_people"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["group", "-on_day"], name="p2k2_meeting_group"),
            models.Index(fields=["by", "on_day"], name="p2k2_meeting_by"),
            models.Index(fields=["on_day", "village_code"], name="p2k2_meeting_day"),
        ]

    def __str__(self) -> str:
        return self.session_code


class Attendance(models.Model):
    """A family of the group at one meeting."""

    class State(models.TextChoices):
        """PRESENT and REPRESENTED came; EXCUSED said so beforehand."""

        PRESENT = "PRESENT", pgettext_lazy("presensi", "Hadir")
        REPRESENTED = "REPRESENTED", pgettext_lazy("presensi", "Diwakili")
        EXCUSED = "EXCUSED", pgettext_lazy("presensi", "Izin")
        ABSENT = "ABSENT", pgettext_lazy("presensi", "Tidak hadir")

    CAME: ClassVar = ("PRESENT", "REPRESENTED")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="attendances")
    village_code = models.TextField(db_collation="C")
    state = models.TextField(choices=State.choices)

    objects = scoped("village_code")

    class Meta:
        """Once at a meeting."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["meeting", "family"], name="p2k2_attendance_once")]
        indexes: ClassVar = [models.Index(fields=["family"], name="p2k2_attendance_family")]


class AbsenceNote(models.Model):
    """What came of asking a family that did not come. Until there is one, it is a task."""

    class How(models.TextChoices):
        """Where she was asked."""

        VISIT = "VISIT", _("Kunjungan ke rumah")
        PHONE = "PHONE", _("Telepon atau pesan")
        MEETING = "MEETING", _("Pertemuan berikutnya")

    class Why(models.TextChoices):
        """Why she did not come."""

        ILL = "ILL", _("Sakit, melahirkan, atau merawat yang sakit")
        WORK = "WORK", _("Bekerja")
        AWAY = "AWAY", _("Sedang di luar desa")
        FAR = "FAR", _("Tempatnya jauh atau tidak terjangkau")
        NOT_TOLD = "NOT_TOLD", _("Tidak tahu ada pertemuan")
        UNWILLING = "UNWILLING", _("Tidak bersedia")
        NOT_MET = "NOT_MET", _("Belum bertemu keluarganya")
        OTHER = "OTHER", pgettext_lazy("sebab tidak hadir", "Lainnya")

    id = models.UUIDField(primary_key=True, default=uuid4)
    attendance = models.ForeignKey(Attendance, on_delete=models.PROTECT, related_name="notes")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+")
    village_code = models.TextField(db_collation="C")
    on_day = models.DateField()
    how = models.TextField(choices=How.choices)
    why = models.TextField(choices=Why.choices)
    conveyed = models.BooleanField(default=False)
    """Whether the material was told at home."""
    note = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("village_code")

    class Meta:
        """Something is said where the choice says nothing."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(why="OTHER") | ~Q(note=""), name="p2k2_absence_says")
        ]
        indexes: ClassVar = [models.Index(fields=["attendance", "-at"], name="p2k2_absence")]


class Picture(models.Model):
    """The sheet of names, or what happened; drawn anew and sealed."""

    class Kind(models.TextChoices):
        """Of what."""

        SHEET = "SHEET", _("Lembar presensi")
        ACTIVITY = "ACTIVITY", _("Kegiatan")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="pictures")
    village_code = models.TextField(db_collation="C")
    kind = models.TextField(choices=Kind.choices)
    content_sealed = models.BinaryField()
    """The JPEG, as base64."""
    byte_count = models.BigIntegerField()
    sha256 = models.TextField()
    added_at = models.DateTimeField(auto_now_add=True)

    objects = scoped("village_code")

    class Meta:
        """The same picture once at a meeting."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "sha256"], name="p2k2_picture_once"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="p2k2_picture_digest"),
        ]

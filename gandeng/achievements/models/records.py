"""What a child or family achieved, its papers, and the consent under which it may leave the office.

All of it is there for whoever sees the family, by row security (`0002_guards`): the place is the family's, so that it
moves with her.
"""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gandeng.accounts.models import Person
from gandeng.registry.models import Family, Member, ordered_id
from gandeng.web.scoping import scoped


class Achievement(models.Model):
    """One achievement of a child, or of a family that stands on its own. Its story is sealed."""

    class Kind(models.TextChoices):
        """Whose."""

        CHILD = "CHILD", _("Anak berprestasi")
        FAMILY = "FAMILY", _("Keluarga mandiri")

    class Standing(models.TextChoices):
        """How far a family stands on its own (docs/programme.md)."""

        ON_THE_WAY = "ON_THE_WAY", _("Menuju mandiri")
        INDEPENDENT = "INDEPENDENT", _("Graduasi mandiri")
        IMPROVED = "IMPROVED", _("Graduasi sejahtera")

    class Field(models.TextChoices):
        """In what."""

        ACADEMIC = "ACADEMIC", _("Akademik")
        SPORT = "SPORT", _("Olahraga")
        ART = "ART", _("Seni dan budaya")
        RELIGION = "RELIGION", _("Keagamaan")
        ENTERPRISE = "ENTERPRISE", _("Usaha")
        OTHER = "OTHER", pgettext_lazy("bidang prestasi", "Lainnya")

    class Level(models.TextChoices):
        """How wide."""

        SCHOOL = "SCHOOL", pgettext_lazy("tingkat prestasi", "Sekolah")
        SUB_DISTRICT = "SUB_DISTRICT", pgettext_lazy("tingkat prestasi", "Kecamatan")
        DISTRICT = "DISTRICT", pgettext_lazy("tingkat prestasi", "Kabupaten/kota")
        PROVINCE = "PROVINCE", pgettext_lazy("tingkat prestasi", "Provinsi")
        NATIONAL = "NATIONAL", pgettext_lazy("tingkat prestasi", "Nasional")
        INTERNATIONAL = "INTERNATIONAL", pgettext_lazy("tingkat prestasi", "Internasional")

    class State(models.TextChoices):
        """DRAFT → SUBMITTED → CONFIRMED | RETURNED; RETURNED → SUBMITTED; WITHDRAWN from all, for good."""

        DRAFT = "DRAFT", pgettext_lazy("prestasi", "Draf")
        SUBMITTED = "SUBMITTED", pgettext_lazy("prestasi", "Menunggu konfirmasi")
        CONFIRMED = "CONFIRMED", pgettext_lazy("prestasi", "Terkonfirmasi")
        RETURNED = "RETURNED", pgettext_lazy("prestasi", "Dikembalikan")
        WITHDRAWN = "WITHDRAWN", pgettext_lazy("prestasi", "Ditarik")

    id = models.UUIDField(primary_key=True, default=ordered_id, editable=False)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="achievements")
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="achievements")
    kind = models.TextField(choices=Kind.choices)
    standing = models.TextField(choices=Standing.choices, blank=True)
    field = models.TextField(choices=Field.choices)
    level = models.TextField(choices=Level.choices, blank=True)
    what = models.TextField()
    """`Juara 1 lomba pidato`."""
    achieved_on = models.DateField()
    giver = models.TextField(blank=True)
    school = models.TextField(blank=True)
    story_sealed = models.BinaryField(default=b"")
    state = models.TextField(choices=State.choices, default=State.DRAFT)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    submitted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    """Of the last return or of the withdrawal."""
    withdrawn_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    """When story and papers were deleted."""
    consent = models.ForeignKey("Consent", null=True, on_delete=models.PROTECT, related_name="+")
    """The last one given: it alone counts, so what it takes back stays taken back. Set by the database."""

    objects = scoped("family__village_code")

    class Meta:
        """Of a child its member and a level; of a family how it stands; decided by somebody else."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(kind="CHILD", member__isnull=False, standing="") & ~Q(level=""))
                | (Q(kind="FAMILY", member__isnull=True) & ~Q(standing="")),
                name="achievement_kind",
            ),
            models.CheckConstraint(
                condition=Q(state="DRAFT", submitted_by__isnull=True)
                | Q(state__in=["SUBMITTED", "CONFIRMED", "RETURNED"], submitted_by__isnull=False)
                | Q(state="WITHDRAWN"),
                name="achievement_submitted",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["CONFIRMED", "RETURNED"]) | Q(decided_by__isnull=False),
                name="achievement_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | (~Q(decided_by=F("recorded_by")) & ~Q(decided_by=F("submitted_by"))),
                name="achievement_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["RETURNED", "WITHDRAWN"]) | ~Q(reason=""), name="achievement_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="WITHDRAWN") | Q(withdrawn_at__isnull=True), name="achievement_withdrawn"
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(state="WITHDRAWN", story_sealed=b""), name="achievement_erased"
            ),
            models.CheckConstraint(condition=~Q(what=""), name="achievement_what"),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["state", "achieved_on"], name="achievement_state_day")]

    def __str__(self) -> str:
        return str(self.pk)


class Paper(models.Model):
    """A proof or the photo, sealed, its name too. A photo was drawn anew (gandeng.files.photos)."""

    class Kind(models.TextChoices):
        """What for."""

        PROOF = "PROOF", _("Bukti prestasi")
        PHOTO = "PHOTO", _("Foto")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    achievement = models.ForeignKey(Achievement, on_delete=models.PROTECT, related_name="papers")
    kind = models.TextField(choices=Kind.choices)
    media_type = models.TextField()
    byte_count = models.BigIntegerField()
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    label_sealed = models.BinaryField()
    content_sealed = models.BinaryField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = scoped("achievement__family__village_code")

    class Meta:
        """One photo; a photo has its size."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["achievement"], condition=Q(kind="PHOTO"), name="achievement_one_photo"),
            models.CheckConstraint(
                condition=Q(kind="PROOF") | Q(width__isnull=False, height__isnull=False, media_type="image/jpeg"),
                name="achievement_photo_size",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Consent(models.Model):
    """Who agreed to what, on paper. It ends on its day or when it is withdrawn; nothing else of it changes."""

    class Relation(models.TextChoices):
        """Who agreed."""

        SELF = "SELF", _("Ia sendiri (sudah 18 tahun)")
        MOTHER = "MOTHER", _("Ibu")
        FATHER = "FATHER", _("Ayah")
        GUARDIAN = "GUARDIAN", _("Wali")
        COLLECTOR = "COLLECTOR", _("Pengurus keluarga")
        ADULT = "ADULT", _("Anggota dewasa keluarga")

    id = models.UUIDField(primary_key=True, default=ordered_id, editable=False)
    achievement = models.ForeignKey(Achievement, on_delete=models.PROTECT, related_name="consents")
    given_by = models.TextField()
    relation = models.TextField(choices=Relation.choices)
    given_on = models.DateField()
    valid_until = models.DateField()
    """The first day on which it no longer holds."""
    covers_book = models.BooleanField(default=False)
    covers_name = models.BooleanField(default=False)
    covers_school = models.BooleanField(default=False)
    covers_photo = models.BooleanField(default=False)
    covers_story = models.BooleanField(default=False)
    media_type = models.TextField()
    byte_count = models.BigIntegerField()
    content_sealed = models.BinaryField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    withdrawn_on = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_because = models.TextField(blank=True)

    objects = scoped("achievement__family__village_code")

    class Meta:
        """It holds for at least a day; withdrawn is whole."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(valid_until__gt=F("given_on")), name="consent_days"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_on__isnull=True, withdrawn_by__isnull=True,
                            withdrawn_because="")
                | (Q(withdrawn_at__isnull=False, withdrawn_on__isnull=False, withdrawn_by__isnull=False)
                   & ~Q(withdrawn_because="")),
                name="consent_withdrawn",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.pk)

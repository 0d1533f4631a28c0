"""Phones, what they sent, and the visits among it. What came is kept as it came, sealed; nothing of it is changed."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gandeng.accounts.models import Person
from gandeng.registry.models import Family, ordered_id
from gandeng.web.scoping import scoped

_SHA256 = r"^[0-9a-f]{64}$"


class Device(models.Model):
    """One phone of one person; the share of its key is here until it is revoked."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    """Made on the phone."""
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="devices")
    name = models.TextField()
    region_code = models.TextField(blank=True, db_collation="C")
    """Where the person worked when it was entered: whose office may revoke it."""
    share_sealed = models.BinaryField(default=b"")
    share_until = models.DateTimeField()
    made_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_reason = models.TextField(blank=True)

    class Meta:
        """Revoked is without a share."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False, share_sealed=b""),
                name="field_device_revoked",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="field_device_named"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "made_at"], name="field_device_person"),
            models.Index(fields=["region_code", "id"], name="field_device_region"),
        ]

    def __str__(self) -> str:
        return self.name


class Entry(models.Model):
    """What a phone sent, once: `entry_id` and `digest` name it; the same again finds this row."""

    class State(models.TextChoices):
        """What the server said when it came; it stays. What a person decides later is an `EntryDecision`."""

        ACCEPTED = "ACCEPTED", _("Diterima")
        REFUSED = "REFUSED", pgettext_lazy("catatan lapangan", "Ditolak")
        CONFLICT = "CONFLICT", _("Bertentangan")
        QUARANTINED = "QUARANTINED", _("Ditahan")

    id = models.UUIDField(primary_key=True, default=ordered_id)
    entry_id = models.UUIDField()
    """Made on the phone."""
    digest = models.TextField()
    first = models.BooleanField()
    """The first to come under its `entry_id`; only such a one has taken effect by itself."""
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="entries")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="entries")
    region_code = models.TextField(db_collation="C")
    """Of the family where it lies in the person's territory, else where the person works: whose office decides."""
    family = models.ForeignKey(Family, null=True, on_delete=models.PROTECT, related_name="entries")
    kind = models.TextField()
    kv = models.BigIntegerField(null=True)
    seq = models.BigIntegerField(null=True)
    mends = models.UUIDField(null=True)
    photos = models.JSONField(default=list)
    """Digests of the photos it names, as the phone has them."""
    body_sealed = models.BinaryField()
    """The whole entry as JSON."""
    made_at = models.DateTimeField(null=True)
    """By the phone's clock."""
    clock_offset_seconds = models.BigIntegerField(default=0)
    """What to add to the phone's clock."""
    received_at = models.DateTimeField()
    state = models.TextField(choices=State.choices)
    why = models.JSONField(default=list)
    result = models.TextField(blank=True)

    objects = scoped("region_code")
    own = models.Manager()
    """Without a territory: row security gives the person's own, wherever she works by now."""

    class Meta:
        """One effect for an id; one row for what one person sent under it."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry_id"], condition=Q(first=True), name="field_entry_first"),
            models.UniqueConstraint(fields=["entry_id", "person", "digest"], name="field_entry_once"),
            models.CheckConstraint(condition=Q(digest__regex=_SHA256), name="field_entry_digest"),
            models.CheckConstraint(condition=Q(first=True) | Q(state="QUARANTINED"), name="field_entry_one_effect"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "region_code", "-id"], name="field_entry_state_region"),
            models.Index(fields=["device", "-id"], name="field_entry_device"),
            models.Index(fields=["family", "-id"], name="field_entry_family"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {str(self.entry_id)[:8]}"


class EntryDecision(models.Model):
    """What a person at the office decided about an entry that conflicts or is held."""

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.PROTECT, related_name="decision")
    region_code = models.TextField(db_collation="C")
    accepted = models.BooleanField()
    reason = models.TextField()
    result = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("region_code")
    own = models.Manager()
    """As `Entry.own`."""

    class Meta:
        """It says why."""

        constraints: ClassVar = [models.CheckConstraint(condition=~Q(reason=""), name="field_entry_decision_reason")]

    def __str__(self) -> str:
        return "ACCEPTED" if self.accepted else "REJECTED"


class Photo(models.Model):
    """A photo from a phone, drawn anew and sealed; the same one of the same person once."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    region_code = models.TextField(db_collation="C")
    sha256 = models.TextField()
    """Of the bytes the phone sent; what is kept has none of their metadata."""
    content_sealed = models.BinaryField()
    """The JPEG, as base64."""
    byte_count = models.BigIntegerField()
    look = models.BigIntegerField()
    """Perceptual hash (files.photos): alike for pictures that look alike."""
    kept_at = models.DateTimeField(auto_now_add=True)

    objects = scoped("region_code")
    own = models.Manager()
    """As `Entry.own`."""

    class Meta:
        """Found by what they are."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "sha256"], name="field_photo_once"),
            models.CheckConstraint(condition=Q(sha256__regex=_SHA256), name="field_photo_digest"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kept_at"], name="field_photo_kept"),
            models.Index(fields=["look"], name="field_photo_look"),
        ]

    def __str__(self) -> str:
        return self.sha256[:8]


class Visit(models.Model):
    """One visit to a family's home; its id is the entry's."""

    class Purpose(models.TextChoices):
        """Why she went."""

        ROUTINE = "ROUTINE", _("Kunjungan rutin")
        DATA = "DATA", _("Memeriksa data keluarga")
        COMMITMENT = "COMMITMENT", _("Menanyakan sekolah atau kesehatan")
        PAYMENT = "PAYMENT", _("Menanyakan penyaluran")
        CARE = "CARE", _("Lansia atau disabilitas")
        GRADUATION = "GRADUATION", _("Menyiapkan graduasi")
        OTHER = "OTHER", pgettext_lazy("tujuan kunjungan", "Lainnya")

    class Result(models.TextChoices):
        """What came of it."""

        MET = "MET", _("Bertemu keluarga")
        NOT_HOME = "NOT_HOME", _("Tidak ada di rumah")
        MOVED = "MOVED", _("Sudah pindah")
        DECLINED = "DECLINED", _("Keluarga tidak bersedia")
        OTHER = "OTHER", pgettext_lazy("hasil kunjungan", "Lainnya")

    class Found(models.TextChoices):
        """A case she came across."""

        SCHOOL = "SCHOOL", _("Anak tidak bersekolah")
        HEALTH = "HEALTH", _("Masalah kesehatan atau gizi")
        DISABILITY = "DISABILITY", _("Disabilitas tanpa layanan")
        DOCUMENT = "DOCUMENT", _("Tanpa dokumen kependudukan")
        HOUSING = "HOUSING", _("Rumah tidak layak huni")
        ELSE = "ELSE", pgettext_lazy("kasus keluarga", "Lainnya")

    id = models.UUIDField(primary_key=True, default=uuid4)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="visit")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="visits")
    village_code = models.TextField(db_collation="C")
    on_day = models.DateField()
    purpose = models.TextField(choices=Purpose.choices)
    result = models.TextField(choices=Result.choices)
    found_case = models.TextField(blank=True, choices=Found.choices)
    note = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    """Who went."""
    accepted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    """Who at the office let it stand, where the door did not by itself."""
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("village_code")

    class Meta:
        """Something is said where the choice says nothing; two people where the office let it stand."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~(Q(purpose="OTHER") | Q(result="OTHER") | Q(found_case="ELSE")) | ~Q(note=""),
                name="field_visit_says",
            ),
            models.CheckConstraint(
                condition=Q(accepted_by__isnull=True) | ~Q(accepted_by=F("by")), name="field_visit_two_people"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["family", "-on_day"], name="field_visit_family"),
            models.Index(fields=["village_code", "-on_day"], name="field_visit_village"),
            models.Index(fields=["by", "-on_day"], name="field_visit_by"),
        ]

    def __str__(self) -> str:
        return self.purpose

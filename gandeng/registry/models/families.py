"""Families, their members and accounts, what changes them. Identifiers are sealed; indexes and digits serve search."""

import secrets
import time
from typing import ClassVar
from uuid import UUID, uuid4

import pghistory
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import UUID7, Upper
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gandeng.accounts.models import Person
from gandeng.core.channels import CHANNELS, POST
from gandeng.registry.cooling import NEVER
from gandeng.web.scoping import scoped

SEXES = {"F": _("Perempuan"), "M": _("Laki-laki")}


def ordered_id() -> UUID:
    """An id of version 7: the later one is the greater, so lists page by it."""
    milliseconds = time.time_ns() // 1_000_000
    return UUID(int=milliseconds << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62))


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


class ChangeRequest(models.Model):
    """A change of a family's data, asked for by one person and decided by another (docs/threats.md, M3).

    `before` and `after` hold what would change, as text and without any identifier: a NIK or an account number that
    comes with the request is sealed, with its blind index and last digits beside it.
    """

    class Kind(models.TextChoices):
        """What changes."""

        BIRTH = "BIRTH", _("Anggota baru")
        DEATH = "DEATH", _("Anggota meninggal")
        LEFT = "LEFT", _("Anggota keluar dari keluarga")
        SCHOOL_LEVEL = "SCHOOL_LEVEL", _("Jenjang sekolah")
        PREGNANCY = "PREGNANCY", _("Kehamilan")
        DISABILITY = "DISABILITY", _("Disabilitas berat")
        NIK = "NIK", _("Perbaikan NIK")
        IDENTITY = "IDENTITY", _("Perbaikan nama, tanggal lahir, atau jenis kelamin")
        COLLECTOR = "COLLECTOR", _("Pengurus baru")
        ACCOUNT = "ACCOUNT", _("Rekening baru")
        HOLD_COLLECTOR = "HOLD_COLLECTOR", _("Tahan pengurus yang tidak diminta keluarga")
        HOLD_ACCOUNT = "HOLD_ACCOUNT", _("Tahan rekening yang tidak diminta keluarga")
        MOVE = "MOVE", _("Keluarga pindah")
        SUSPEND = "SUSPEND", _("Tangguhkan keluarga")
        RESUME = "RESUME", _("Aktifkan kembali")
        GRADUATE = "GRADUATE", pgettext_lazy("perubahan", "Graduasi")
        END = "END", _("Akhiri kepesertaan")
        DECILE = "DECILE", _("Desil kesejahteraan")

    HOLDS: ClassVar = frozenset({Kind.HOLD_ACCOUNT, Kind.HOLD_COLLECTOR})
    """What the family says it did not ask for is held (docs/decisions/0029-what-a-family-denies.md)."""
    OF_COLLECTOR: ClassVar = (Kind.COLLECTOR, Kind.NIK, Kind.IDENTITY)
    """What may put somebody else at the counter."""

    class State(models.TextChoices):
        """PENDING leads to one of the others, and stays there."""

        PENDING = "PENDING", _("Menunggu keputusan")
        APPROVED = "APPROVED", _("Disetujui")
        REFUSED = "REFUSED", _("Ditolak")
        WITHDRAWN = "WITHDRAWN", _("Ditarik")

    id = models.UUIDField(primary_key=True, default=ordered_id, editable=False)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="changes")
    member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="changes")
    village_code = models.TextField(db_collation="C")
    kind = models.TextField(choices=Kind.choices)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    identifier_sealed = models.BinaryField(default=b"")
    identifier_index = models.BinaryField(null=True)
    identifier_tail = models.TextField(blank=True)
    reason = models.TextField()
    state = models.TextField(choices=State.choices, default=State.PENDING)
    requested_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.TextField(blank=True)

    objects = scoped("village_code")

    class Meta:
        """Two people; one request of a kind at a time; a decision has its decider."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")), name="change_two_people"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["PENDING", "WITHDRAWN"], decided_by__isnull=True)
                | Q(state__in=["APPROVED", "REFUSED"], decided_by__isnull=False, decided_at__isnull=False),
                name="change_decided",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="change_reason"),
            models.UniqueConstraint(
                fields=["family", "kind", "member"],
                condition=Q(state="PENDING") & ~Q(kind="BIRTH"),
                nulls_distinct=False,
                name="change_pending_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "village_code"], name="change_state_village"),
            models.Index(fields=["requested_by", "-id"], name="change_requester"),
            models.Index(
                fields=["family"], condition=Q(kind="HOLD_COLLECTOR", state="APPROVED"), name="change_collector_denied"
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class ChangeEvidence(models.Model):
    """What proves a change: words, and perhaps a paper, sealed like an identifier."""

    change = models.OneToOneField(ChangeRequest, primary_key=True, on_delete=models.PROTECT, related_name="evidence")
    village_code = models.TextField(db_collation="C")
    """Where the family lived then; it is seen where its request is."""
    words = models.TextField(blank=True)
    file_name = models.TextField(blank=True)
    media_type = models.TextField(blank=True)
    file_bytes = models.BigIntegerField(default=0)
    file_sealed = models.BinaryField(default=b"")

    objects = scoped("change__village_code")

    def __str__(self) -> str:
        return self.file_name


class Intake(models.Model):
    """A list of families that came in: looked at by one person, applied by another, undone as a whole."""

    class State(models.TextChoices):
        """STAGED leads to APPLIED or WITHDRAWN, APPLIED to UNDONE."""

        STAGED = "STAGED", _("Menunggu penerapan")
        APPLIED = "APPLIED", _("Diterapkan")
        WITHDRAWN = "WITHDRAWN", _("Ditarik")
        UNDONE = "UNDONE", pgettext_lazy("daftar masuk", "Dibatalkan")

    id = models.UUIDField(primary_key=True, default=ordered_id, editable=False)
    region_code = models.TextField(db_collation="C")
    cycle = models.TextField()
    state = models.TextField(choices=State.choices, default=State.STAGED)
    families_name = models.TextField()
    members_name = models.TextField()
    families_sha256 = models.TextField()
    members_sha256 = models.TextField()
    folder = models.TextField()
    preview = models.JSONField(default=dict)
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(auto_now_add=True)
    applied_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)

    objects = scoped("region_code")

    class Meta:
        """Two people; the same files once; applied has its day."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(applied_by__isnull=True) | ~Q(applied_by=F("taken_by")), name="intake_two_people"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["STAGED", "WITHDRAWN"], applied_by__isnull=True)
                | Q(state__in=["APPLIED", "UNDONE"], applied_by__isnull=False, applied_at__isnull=False),
                name="intake_applied",
            ),
            models.UniqueConstraint(
                fields=["families_sha256", "members_sha256", "region_code"],
                condition=Q(state__in=["STAGED", "APPLIED"]),
                name="intake_once",
            ),
        ]

    def __str__(self) -> str:
        return self.families_name


class IntakeRow(models.Model):
    """A row an intake added, or changed with what it was before: what undoing it as a whole needs."""

    id = models.BigAutoField(primary_key=True)
    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="rows")
    region_code = models.TextField(db_collation="C")
    table_name = models.TextField()
    row_id = models.UUIDField()
    before = models.JSONField(null=True)

    objects = scoped("region_code")

    def __str__(self) -> str:
        return f"{self.table_name} {self.row_id}"


class DecileReading(models.Model):
    """The welfare decile of a family as a list or a person told it: one row per reading, of a day.

    The newest by `read_on` is in force, of two of one day the one recorded later; a family without any is unknown.
    Rows are never changed, and go with the list that brought them where it is undone.
    """

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    """Of the database's clock, so that the later recorded is the greater, whoever records it."""
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="deciles", db_index=False)
    decile = models.PositiveSmallIntegerField()
    """1, the least well off, to 10 (DTSEN)."""
    read_on = models.DateField()
    intake = models.ForeignKey(Intake, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    change = models.OneToOneField(ChangeRequest, null=True, on_delete=models.PROTECT, related_name="decile")
    """Its list, or its request; a registry that was loaded with it names neither."""
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = scoped("family__village_code")

    class Meta:
        """A decile is one of ten, and came one way."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(decile__gte=1, decile__lte=10), name="decile_of_ten"),
            models.CheckConstraint(condition=Q(intake__isnull=True) | Q(change__isnull=True), name="decile_one_source"),
        ]
        indexes: ClassVar = [models.Index(fields=["family", "-read_on", "-id"], name="decile_newest")]

    def __str__(self) -> str:
        return f"{self.decile} {self.read_on:%Y-%m-%d}"


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

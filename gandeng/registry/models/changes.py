"""Changes of a family's data: asked for by one person with what proves them, decided by another."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gandeng.accounts.models import Person
from gandeng.registry.models.families import Family, Member
from gandeng.registry.models.ids import ordered_id
from gandeng.web.scoping import scoped


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
        BACK = "BACK", _("Anggota keliru dicatat meninggal atau keluar")
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

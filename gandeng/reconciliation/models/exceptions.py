"""What a person must look at, what people did about it, and money that is to be sent again."""

from typing import ClassVar
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gandeng.accounts.models import Person
from gandeng.payments.models import Cycle, Payment
from gandeng.reconciliation.models.files import ResultFile
from gandeng.web.scoping import scoped


class ExceptionCase(models.Model):
    """Something a person must look at: a payment that is not PAID, or a row that belongs to none."""

    class State(models.TextChoices):
        """GONE: a later run made it disappear."""

        OPEN = "OPEN", _("Terbuka")
        WITH_BANK = "WITH_BANK", _("Menunggu bank")
        SETTLED = "SETTLED", pgettext_lazy("pengecualian", "Selesai")
        GONE = "GONE", _("Hilang dengan sendirinya")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="exceptions")
    kind = models.TextField()
    """An outcome or a disposition."""
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="exceptions")
    file = models.ForeignKey(ResultFile, null=True, on_delete=models.PROTECT, related_name="exceptions")
    row = models.BigIntegerField(null=True)
    region_code = models.TextField(db_collation="C")
    channel = models.TextField()
    at_stake_rupiah = models.BigIntegerField()
    reason_code = models.TextField(blank=True)
    """F01 to F24 (docs/programme.md)."""
    detail = models.TextField(blank=True)
    state = models.TextField(choices=State.choices, default=State.OPEN)
    opened_number = models.PositiveIntegerField()
    changed_number = models.PositiveIntegerField(default=0)
    """The run that last opened, changed or closed it."""

    worked: bool
    """Somebody can still do something about it; told by `queries.access_exception`."""

    objects = scoped("region_code", "channel")

    class Meta:
        """One per payment, or per row, and cycle."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["cycle", "payment"], condition=Q(row__isnull=True), name="exception_payment_once"
            ),
            models.UniqueConstraint(fields=["file", "row"], name="exception_row_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["cycle", "state", "-at_stake_rupiah", "id"], name="exception_worst_first"),
            models.Index(fields=["cycle", "region_code"], name="exception_place"),
            models.Index(fields=["region_code"], name="exception_open", condition=Q(state="OPEN")),
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def told_of_id(self) -> UUID:
        """The cycle whose payments a row's file tells of: a closed one where it came late."""
        return (self.file.about_cycle_id if self.file else None) or self.cycle_id


class ExceptionAct(models.Model):
    """What a person did about an exception, with reason and evidence; undone by another act, never erased."""

    class Act(models.TextChoices):
        """A clerk's verbs."""

        CODE = "CODE", _("Memberi kode alasan")
        ASK_BANK = "ASK_BANK", _("Menanyakan ke bank")
        ACCEPT = "ACCEPT", _("Menerima saran pasangan")
        REJECT = "REJECT", _("Menolak")
        SETTLE = "SETTLE", _("Menyatakan selesai")
        REISSUE = "REISSUE", _("Meminta bayar ulang")
        REOPEN = "REOPEN", _("Membuka kembali")
        NOTE = "NOTE", _("Mencatat")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    exception = models.ForeignKey(ExceptionCase, on_delete=models.PROTECT, related_name="acts")
    act = models.TextField(choices=Act.choices)
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="+")
    """The payment a suggestion names."""
    reason = models.TextField()
    evidence = models.TextField(blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.act


class ReissueRequest(models.Model):
    """Money that came back is to be sent again: asked by one person, decided by another (docs/threats.md, 6)."""

    class State(models.TextChoices):
        """APPROVED until a list carries it; what is refused or taken back may be asked again."""

        ASKED = "ASKED", _("Diminta")
        APPROVED = "APPROVED", _("Disetujui")
        REFUSED = "REFUSED", _("Ditolak")
        TAKEN_BACK = "TAKEN_BACK", _("Ditarik kembali")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    exception = models.ForeignKey(ExceptionCase, on_delete=models.PROTECT, related_name="reissues")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="reissue_requests")
    """The original."""
    amount_rupiah = models.BigIntegerField()
    state = models.TextField(choices=State.choices, default=State.ASKED)
    reason = models.TextField()
    evidence = models.TextField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_reason = models.TextField(blank=True)
    held_reason = models.TextField(blank=True)
    """Why the last supplementary list could not carry it (`payments.HeldPayment.Reason`)."""
    held_until = models.DateField(null=True)

    class Meta:
        """One at a time per original; two people."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["payment"], condition=Q(state__in=["ASKED", "APPROVED"]), name="reissue_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="APPROVED") | (Q(decided_by__isnull=False) & ~Q(decided_by=models.F("asked_by"))),
                name="reissue_two_people",
            ),
        ]

    def __str__(self) -> str:
        return self.state

"""Result files, runs, outcomes and dispositions, exceptions, statements and signatures."""

from pathlib import Path
from typing import ClassVar
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gandeng.accounts.models import Person
from gandeng.payments.models import Cycle, Payment
from gandeng.web.scoping import scoped


def of_today(folder: str, told: str) -> Path:
    """A kept file in the office's folder of today; an office may have been restored into another than it was told."""
    parts = Path(told).parts
    beneath = [place for place, part in enumerate(parts) if part == folder]
    return settings.DATA_DIR.joinpath(*parts[beneath[-1] :]) if beneath else Path(told)


class ResultFile(models.Model):
    """A file of a bank or the post, known by its digest; taken whole or refused whole, withdrawn whole."""

    class State(models.TextChoices):
        """RECEIVED until its job has read it."""

        RECEIVED = "RECEIVED", _("Diterima, menunggu dibaca")
        REFUSED = "REFUSED", _("Ditolak")
        TAKEN = "TAKEN", _("Dipakai")
        WITHDRAWN = "WITHDRAWN", _("Ditarik")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="result_files")
    about_cycle = models.ForeignKey(Cycle, null=True, on_delete=models.PROTECT, related_name="late_files")
    """The closed cycle whose payments a late file tells of; what it changes is booked in `cycle` (actions.late)."""
    channel = models.TextField()
    region_code = models.TextField(db_collation="C", blank=True)
    name = models.TextField()
    sha256 = models.TextField()
    size_bytes = models.BigIntegerField()
    path = models.TextField()
    typed_rows = models.BigIntegerField()
    typed_rupiah = models.BigIntegerField()
    rows = models.BigIntegerField(null=True)
    rupiah = models.BigIntegerField(null=True)
    rows_sha256 = models.TextField(blank=True)
    """Of its rows without identifiers, kept beside the file so that a run need not read it again (blinding.py)."""
    state = models.TextField(choices=State.choices, default=State.RECEIVED)
    faults = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT)
    sent_at = models.DateTimeField(auto_now_add=True)
    withdrawn_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(blank=True)

    objects = scoped("region_code", "channel", touches=True)

    class Meta:
        """The same content once about a cycle, whatever it is called and whenever it comes."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                Coalesce("about_cycle", "cycle"),
                "sha256",
                condition=Q(state__in=["RECEIVED", "TAKEN"]),
                name="result_file_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kept(self) -> Path:
        """Where its bytes lie now."""
        return of_today("results", self.path)


class Reconciliation(models.Model):
    """One run over all files in use of a cycle, numbered; its rows are what changed against the run before.

    A run about a closed cycle has its number, and what it changed, in the open cycle that books it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="reconciliations")
    about_cycle = models.ForeignKey(Cycle, null=True, on_delete=models.PROTECT, related_name="late_reconciliations")
    number = models.PositiveIntegerField()
    files_digest = models.TextField()
    rows = models.BigIntegerField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Numbered within the cycle."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["cycle", "number"], name="reconciliation_number")]

    def __str__(self) -> str:
        return str(self.number)


class SummaryRow(models.Model):
    """A run's figures for one district and channel: one row of summary.csv, complete in every run."""

    id = models.BigAutoField(primary_key=True)
    reconciliation = models.ForeignKey(Reconciliation, on_delete=models.PROTECT, related_name="summary")
    district_code = models.TextField(db_collation="C")
    channel = models.TextField()
    payments = models.BigIntegerField()
    instructed_rupiah = models.BigIntegerField()
    net_rupiah = models.BigIntegerField()
    withdrawn_rupiah = models.BigIntegerField()
    counts = models.JSONField()
    """Outcome -> payments."""
    amounts = models.JSONField()
    """Outcome -> instructed rupiah."""

    objects = scoped("district_code", "channel")

    class Meta:
        """Once per district and channel."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reconciliation", "district_code", "channel"], name="summary_once")
        ]

    def __str__(self) -> str:
        return f"{self.district_code} {self.channel}"


class OutcomeRow(models.Model):
    """What became of a payment, from the run it changed in; the newest is in force."""

    id = models.BigAutoField(primary_key=True)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="outcomes", db_index=False)
    number = models.PositiveIntegerField()
    """Number of the run it changed in."""
    village_code = models.TextField(db_collation="C")
    channel = models.TextField()
    outcome = models.TextField()
    amount_rupiah = models.BigIntegerField()
    credited_rupiah = models.BigIntegerField()
    reversed_rupiah = models.BigIntegerField()
    withdrawn_rupiah = models.BigIntegerField()
    net_rupiah = models.BigIntegerField()
    reason = models.TextField(blank=True)
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)

    objects = scoped("village_code", "channel")

    class Meta:
        """One per payment and run."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["payment", "number"], name="outcome_once")]

    def __str__(self) -> str:
        return self.outcome


class CurrentOutcome(models.Model):
    """The outcome in force of a payment: the newest of its `OutcomeRow`s, kept for lists; rebuilt from them any day."""

    payment = models.OneToOneField(Payment, primary_key=True, on_delete=models.PROTECT, related_name="current_outcome")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="current_outcomes", db_index=False)
    number = models.PositiveIntegerField()
    village_code = models.TextField(db_collation="C")
    channel = models.TextField()
    outcome = models.TextField()
    amount_rupiah = models.BigIntegerField()
    credited_rupiah = models.BigIntegerField()
    reversed_rupiah = models.BigIntegerField()
    withdrawn_rupiah = models.BigIntegerField()
    net_rupiah = models.BigIntegerField()
    at_stake_rupiah = models.BigIntegerField()
    reason = models.TextField(blank=True)
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)

    objects = scoped("village_code", "channel")

    class Meta:
        """Read worst first, in a cycle or for one outcome."""

        indexes: ClassVar = [
            models.Index(fields=["cycle", "-at_stake_rupiah", "payment"], name="current_worst_first"),
            models.Index(fields=["cycle", "outcome", "-at_stake_rupiah", "payment"], name="current_outcome_worst"),
        ]

    def __str__(self) -> str:
        return self.outcome


class LateOutcome(models.Model):
    """What became of a payment of a closed cycle after its closing, by the run that saw it; the newest is in force."""

    id = models.BigAutoField(primary_key=True)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="late_outcomes")
    """The open cycle it is booked in."""
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="late_outcomes", db_index=False)
    number = models.PositiveIntegerField()
    village_code = models.TextField(db_collation="C")
    channel = models.TextField()
    outcome = models.TextField()
    amount_rupiah = models.BigIntegerField()
    credited_rupiah = models.BigIntegerField()
    reversed_rupiah = models.BigIntegerField()
    withdrawn_rupiah = models.BigIntegerField()
    net_rupiah = models.BigIntegerField()
    reason = models.TextField(blank=True)
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)

    objects = scoped("village_code", "channel")

    class Meta:
        """One per payment and run; the newest of a payment is found by its index."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["payment", "cycle", "number"], name="late_outcome_once")
        ]
        indexes: ClassVar = [models.Index(fields=["payment", "-id"], name="late_outcome_newest")]

    def __str__(self) -> str:
        return self.outcome


class OutcomeInForce(models.Model):
    """A view: the outcome of a payment by all that is known, also after its cycle was closed."""

    payment = models.OneToOneField(Payment, primary_key=True, on_delete=models.DO_NOTHING, related_name="in_force")
    cycle = models.ForeignKey(Cycle, on_delete=models.DO_NOTHING, related_name="+")
    number = models.PositiveIntegerField()
    booked_in = models.ForeignKey(Cycle, null=True, on_delete=models.DO_NOTHING, related_name="+")
    """The cycle that booked it, where it came after the closing."""
    village_code = models.TextField(db_collation="C")
    channel = models.TextField()
    outcome = models.TextField()
    amount_rupiah = models.BigIntegerField()
    credited_rupiah = models.BigIntegerField()
    reversed_rupiah = models.BigIntegerField()
    withdrawn_rupiah = models.BigIntegerField()
    net_rupiah = models.BigIntegerField()
    at_stake_rupiah = models.BigIntegerField()
    reason = models.TextField(blank=True)
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)

    objects = scoped("village_code", "channel")

    class Meta:
        """Made by migration 0015."""

        managed = False
        db_table = "reconciliation_outcomeinforce"

    def __str__(self) -> str:
        return self.outcome


class ResultRow(models.Model):
    """One row of a result file and its disposition, from the run it changed in; never dropped."""

    id = models.BigAutoField(primary_key=True)
    file = models.ForeignKey(ResultFile, on_delete=models.PROTECT, related_name="result_rows", db_index=False)
    row = models.BigIntegerField()
    number = models.PositiveIntegerField()
    region_code = models.TextField(db_collation="C")
    """The payment's village where it was matched, else the region of its file."""
    channel = models.TextField()
    event = models.TextField(blank=True)
    amount_rupiah = models.BigIntegerField(null=True)
    occurred_on = models.DateField(null=True)
    bank_reference = models.TextField(blank=True)
    name = models.TextField(blank=True)
    disposition = models.TextField()
    payment = models.ForeignKey(
        Payment, null=True, on_delete=models.PROTECT, related_name="result_rows", db_index=False
    )
    matched_by = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    detail = models.TextField(blank=True)

    objects = scoped("region_code", "channel")

    class Meta:
        """One per row and run."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["file", "row", "number"], name="result_row_once")]
        indexes: ClassVar = [models.Index(fields=["payment"], name="result_row_payment")]

    def __str__(self) -> str:
        return f"{self.row} {self.disposition}"


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
    """Of domain.md, section 6: F01 to F24."""
    detail = models.TextField(blank=True)
    state = models.TextField(choices=State.choices, default=State.OPEN)
    opened_number = models.PositiveIntegerField()
    changed_number = models.PositiveIntegerField(default=0)
    """The run that last opened, changed or closed it."""

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
    """Money that came back is to be sent again: asked by one person, decided by another (reliability.md, INV 6)."""

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
        """Who has to sign (domain.md 5.3: an assumption)."""

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


class TreasuryDeposit(models.Model):
    """Money that reached nobody or that nobody drew, paid to the treasury: told by one person, confirmed by another.

    The receipt is the treasury's. From the confirmation on its rupiah stand in TREASURY and nowhere else.
    """

    class State(models.TextChoices):
        """TOLD → CONFIRMED → VOIDED, or TOLD → REFUSED | TAKEN_BACK."""

        TOLD = "TOLD", _("Menunggu keputusan")
        CONFIRMED = "CONFIRMED", _("Disahkan")
        REFUSED = "REFUSED", _("Ditolak")
        TAKEN_BACK = "TAKEN_BACK", _("Ditarik kembali")
        VOIDED = "VOIDED", pgettext_lazy("setoran", "Dibatalkan")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="deposits")
    """Whose payments' money it is; a closed one's is booked by the cycle that books for it."""
    channel = models.TextField()
    region_code = models.TextField(db_collation="C", blank=True)
    receipt_no = models.TextField()
    deposited_on = models.DateField()
    amount_rupiah = models.BigIntegerField()
    payments = models.PositiveIntegerField()
    state = models.TextField(choices=State.choices, default=State.TOLD)
    reason = models.TextField()
    told_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_reason = models.TextField(blank=True)
    voided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    voided_at = models.DateTimeField(null=True)
    voided_reason = models.TextField(blank=True)

    objects = scoped("region_code", "channel", touches=True)

    class Meta:
        """A receipt counts once; two people."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["receipt_no"], condition=Q(state__in=["TOLD", "CONFIRMED"]), name="deposit_receipt_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["CONFIRMED", "VOIDED"])
                | (Q(decided_by__isnull=False) & ~Q(decided_by=models.F("told_by"))),
                name="deposit_two_people",
            ),
            models.CheckConstraint(condition=Q(amount_rupiah__gt=0, payments__gt=0), name="deposit_of_something"),
        ]

    def __str__(self) -> str:
        return self.receipt_no


class DepositedPayment(models.Model):
    """What one payment has in a deposit, and where that money stood."""

    class Account(models.TextChoices):
        """Of the journal: money that came back, never left the channel, or stands with the family undrawn."""

        RETURNED = "RETURNED", pgettext_lazy("uang", "Kembali")
        AT_CHANNEL = "AT_CHANNEL", _("Belum terkredit")
        CREDITED = "CREDITED", _("Tidak ditarik")

    id = models.BigAutoField(primary_key=True)
    deposit = models.ForeignKey(TreasuryDeposit, on_delete=models.PROTECT, related_name="rows")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="deposited")
    account = models.TextField(choices=Account.choices)
    amount_rupiah = models.BigIntegerField()
    village_code = models.TextField(db_collation="C")
    channel = models.TextField()

    objects = scoped("village_code", "channel")

    class Meta:
        """One per payment and account of a deposit."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deposit", "payment", "account"], name="deposited_once"),
            models.CheckConstraint(condition=Q(amount_rupiah__gt=0), name="deposited_something"),
        ]

    def __str__(self) -> str:
        return self.account

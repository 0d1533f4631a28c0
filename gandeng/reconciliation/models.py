"""Result files, runs, outcomes and dispositions, exceptions, statements and signatures."""

from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from gandeng.accounts.models import Person
from gandeng.payments.models import Cycle, Payment
from gandeng.web.scoping import scoped


class ResultFile(models.Model):
    """A file of a bank or the post, known by its digest; taken whole or refused whole, withdrawn whole."""

    class State(models.TextChoices):
        """RECEIVED until its job has read it."""

        RECEIVED = "RECEIVED", "Diterima, menunggu dibaca"
        REFUSED = "REFUSED", "Ditolak"
        TAKEN = "TAKEN", "Dipakai"
        WITHDRAWN = "WITHDRAWN", "Ditarik"

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
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="outcomes")
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
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="current_outcomes")
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
        """Made by migration 0007."""

        managed = False
        db_table = "reconciliation_outcomeinforce"

    def __str__(self) -> str:
        return self.outcome


class ResultRow(models.Model):
    """One row of a result file and its disposition, from the run it changed in; never dropped."""

    id = models.BigAutoField(primary_key=True)
    file = models.ForeignKey(ResultFile, on_delete=models.PROTECT, related_name="result_rows")
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
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="result_rows")
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

        OPEN = "OPEN", "Terbuka"
        WITH_BANK = "WITH_BANK", "Menunggu bank"
        SETTLED = "SETTLED", "Selesai"
        GONE = "GONE", "Hilang dengan sendirinya"

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
            models.Index(fields=["cycle", "state", "-at_stake_rupiah", "id"], name="exception_worst_first")
        ]

    def __str__(self) -> str:
        return self.kind


class ExceptionAct(models.Model):
    """What a person did about an exception, with reason and evidence; undone by another act, never erased."""

    class Act(models.TextChoices):
        """A clerk's verbs."""

        CODE = "CODE", "Memberi kode alasan"
        ASK_BANK = "ASK_BANK", "Menanyakan ke bank"
        ACCEPT = "ACCEPT", "Menerima saran pasangan"
        REJECT = "REJECT", "Menolak"
        SETTLE = "SETTLE", "Menyatakan selesai"
        REISSUE = "REISSUE", "Meminta bayar ulang"
        REOPEN = "REOPEN", "Membuka kembali"
        NOTE = "NOTE", "Mencatat"

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

        ASKED = "ASKED", "Diminta"
        APPROVED = "APPROVED", "Disetujui"
        REFUSED = "REFUSED", "Ditolak"
        TAKEN_BACK = "TAKEN_BACK", "Ditarik kembali"

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

        DISTRICT = "DISTRICT", "Kabupaten/kota"
        PROVINCE = "PROVINCE", "Provinsi"
        CENTRE = "CENTRE", "Pusat"

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


class Signature(models.Model):
    """One person's name under one statement, in one capacity."""

    class Capacity(models.TextChoices):
        """Who has to sign (domain.md 5.3: an assumption)."""

        HEAD = "HEAD", "Kepala dinas"
        COORDINATOR = "COORDINATOR", "Koordinator"
        CHANNEL = "CHANNEL", "Bank atau pos"

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


class PublicTry(models.Model):
    """Wrong codes typed on the public page, per network and hour; the network is a keyed digest, never an address."""

    network = models.BinaryField()
    hour = models.DateTimeField()
    tries = models.PositiveIntegerField()

    class Meta:
        """One row per network and hour."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["network", "hour"], name="public_try_once")]

    def __str__(self) -> str:
        return str(self.tries)

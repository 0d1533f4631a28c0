"""Runs, what became of payments, and what each row of a file was taken for."""

from typing import ClassVar
from uuid import uuid4

from django.db import models

from gandeng.accounts.models import Person
from gandeng.payments.models import Cycle, Payment
from gandeng.reconciliation.models.files import ResultFile
from gandeng.web.scoping import scoped


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


class OutcomeColumns(models.Model):
    """What is told of a payment wherever an outcome stands: its columns of outcomes.parquet, and where it lies."""

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

    class Meta:
        """Columns alone."""

        abstract = True

    def __str__(self) -> str:
        return self.outcome


class OutcomeRow(OutcomeColumns):
    """What became of a payment, from the run it changed in; the newest is in force."""

    id = models.BigAutoField(primary_key=True)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="outcomes", db_index=False)
    number = models.PositiveIntegerField()
    """Number of the run it changed in."""

    objects = scoped("village_code", "channel")

    class Meta:
        """One per payment and run."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["payment", "number"], name="outcome_once")]


class CurrentOutcome(OutcomeColumns):
    """The outcome in force of a payment: the newest of its `OutcomeRow`s, kept for lists; rebuilt from them any day."""

    payment = models.OneToOneField(Payment, primary_key=True, on_delete=models.PROTECT, related_name="current_outcome")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="current_outcomes", db_index=False)
    number = models.PositiveIntegerField()
    at_stake_rupiah = models.BigIntegerField()

    objects = scoped("village_code", "channel")

    class Meta:
        """Read worst first, in a cycle or for one outcome."""

        indexes: ClassVar = [
            models.Index(fields=["cycle", "-at_stake_rupiah", "payment"], name="current_worst_first"),
            models.Index(fields=["cycle", "outcome", "-at_stake_rupiah", "payment"], name="current_outcome_worst"),
        ]


class LateOutcome(OutcomeColumns):
    """What became of a payment of a closed cycle after its closing, by the run that saw it; the newest is in force."""

    id = models.BigAutoField(primary_key=True)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="late_outcomes")
    """The open cycle it is booked in."""
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="late_outcomes", db_index=False)
    number = models.PositiveIntegerField()

    objects = scoped("village_code", "channel")

    class Meta:
        """One per payment and run; the newest of a payment is found by its index."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["payment", "cycle", "number"], name="late_outcome_once")
        ]
        indexes: ClassVar = [models.Index(fields=["payment", "-id"], name="late_outcome_newest")]


class OutcomeInForce(OutcomeColumns):
    """A view: the outcome of a payment by all that is known, also after its cycle was closed."""

    payment = models.OneToOneField(Payment, primary_key=True, on_delete=models.DO_NOTHING, related_name="in_force")
    cycle = models.ForeignKey(Cycle, on_delete=models.DO_NOTHING, related_name="+")
    number = models.PositiveIntegerField()
    booked_in = models.ForeignKey(Cycle, null=True, on_delete=models.DO_NOTHING, related_name="+")
    """The cycle that booked it, where it came after the closing."""
    at_stake_rupiah = models.BigIntegerField()

    objects = scoped("village_code", "channel")

    class Meta:
        """Made by migration 0015."""

        managed = False
        db_table = "reconciliation_outcomeinforce"


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

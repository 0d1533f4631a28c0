"""Cycles, lists, payments, approvals, instruction files and the journal."""

from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gandeng.accounts.models import Person
from gandeng.entitlements.models import Run
from gandeng.registry.models import Family
from gandeng.web.scoping import scoped


class Cycle(models.Model):
    """One stage (tahap) in a region; CLOSED never changes."""

    class State(models.TextChoices):
        """In this order; SIGNED and RECONCILING go to and fro (README.md)."""

        OPEN = "OPEN", _("Dibuka")
        FROZEN = "FROZEN", _("Data dibekukan")
        CALCULATED = "CALCULATED", _("Dihitung")
        LISTED = "LISTED", _("Daftar dibuat")
        APPROVED = "APPROVED", _("Disetujui")
        INSTRUCTED = "INSTRUCTED", _("Diperintahkan")
        RECONCILING = "RECONCILING", _("Rekonsiliasi")
        SIGNED = "SIGNED", _("Ditandatangani")
        CLOSED = "CLOSED", _("Ditutup")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    year = models.PositiveSmallIntegerField()
    stage = models.PositiveSmallIntegerField()
    months = models.PositiveSmallIntegerField()
    region_code = models.TextField(db_collation="C", blank=True)
    state = models.TextField(choices=State.choices, default=State.OPEN)
    frozen_at = models.DateTimeField(null=True)
    frozen_digest = models.TextField(blank=True)
    frozen_folder = models.TextField(blank=True)
    run = models.ForeignKey(Run, null=True, on_delete=models.PROTECT)
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT)
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)
    closing_digest = models.TextField(blank=True)

    class Meta:
        """Once per stage and region."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "stage", "region_code"], name="cycle_once"),
        ]

    @property
    def key(self) -> str:
        """`2024-2`, as files write it."""
        return f"{self.year}-{self.stage}"

    def __str__(self) -> str:
        return self.key


class PaymentList(models.Model):
    """The payments of one district and channel. `root` is the digest of its rows; approvals are bound to it."""

    class State(models.TextChoices):
        """Approved level by level; any change of rows leads back to DRAFT."""

        DRAFT = "DRAFT", _("Draf")
        SUBMITTED = "SUBMITTED", _("Diajukan")
        DISTRICT = "DISTRICT", _("Disetujui kabupaten/kota")
        PROVINCE = "PROVINCE", _("Disetujui provinsi")
        CENTRE = "CENTRE", _("Disetujui pusat")
        INSTRUCTED = "INSTRUCTED", _("Diperintahkan")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="lists")
    district_code = models.TextField(db_collation="C")
    channel = models.TextField()
    round = models.PositiveSmallIntegerField(default=0)
    """0: the stage's own list. From 1 on: a supplementary list, of what came back or was held (`actions.rounds`)."""
    payments = models.BigIntegerField()
    total_rupiah = models.BigIntegerField()
    root = models.TextField()
    revision = models.PositiveIntegerField(default=0)
    """How often it was returned; part of the root, so a returned list is approved anew though its rows be the same."""
    state = models.TextField(choices=State.choices, default=State.DRAFT)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = scoped("district_code", "channel")

    class Meta:
        """One list per district, channel and round, below a quadrillion rupiah (docs/threats.md, 1)."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cycle", "district_code", "channel", "round"], name="list_once"),
            models.CheckConstraint(
                condition=Q(payments__gte=0, total_rupiah__range=(0, 10**15 - 1)), name="list_total"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.district_code} {self.channel}"


class Payment(models.Model):
    """One family's money of one cycle, with the place, channel and account of the day the list was made."""

    payment_id = models.TextField(primary_key=True)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, db_index=False)
    list = models.ForeignKey(PaymentList, on_delete=models.PROTECT, related_name="rows", db_index=False)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="payments", db_index=False)
    village_code = models.TextField(db_collation="C")
    channel = models.TextField()
    name = models.TextField()
    nik_sealed = models.BinaryField()
    nik_index = models.BinaryField()
    nik_last4 = models.TextField()
    account_sealed = models.BinaryField(default=b"")
    account_index = models.BinaryField(null=True)
    account_last3 = models.TextField(blank=True)
    amount_rupiah = models.BigIntegerField()
    collector_deceased = models.BooleanField(default=False)
    """The registry knew the collector as dead when the data were frozen: paid by the contract, told on every page."""
    reissue_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, db_index=False)
    owed_by = models.ForeignKey(
        Cycle, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    """The closed cycle that held this money back, where it is not the one that pays it."""

    objects = scoped("village_code", "channel")

    class Meta:
        """Once per family and stage, over all channels; a reissue names its original, one at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["family", "cycle", "reissue_of", "owed_by"], nulls_distinct=False, name="payment_once"
            ),
            models.UniqueConstraint(
                fields=["reissue_of"], condition=Q(reissue_of__isnull=False), name="payment_reissued_once"
            ),
            models.CheckConstraint(condition=Q(amount_rupiah__range=(1, 999_999_999)), name="payment_amount"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["cycle", "village_code"], name="payment_cycle_village"),
            models.Index(fields=["list", "payment_id"], name="payment_list_id"),
            models.Index(fields=["list"], condition=Q(collector_deceased=True), name="payment_deceased"),
        ]

    def __str__(self) -> str:
        return self.payment_id


class HeldPayment(models.Model):
    """A family that is due money and stands on no list yet, and why. In force while it has no payment (`queries`)."""

    class Reason(models.TextChoices):
        """What keeps the money back; where several do, the first of these. LIFTED and CAME_IN are told by rounds.

        OUTSIDE was told before they paid families that had moved away.
        """

        PAID_ELSEWHERE = "PAID_ELSEWHERE", _("Dibayar lewat daftar wilayah lain untuk tahap yang sama")
        DOUBLE = "DOUBLE", _("Diakhiri sebagai keluarga ganda, yang tersisa dihitung pada tahap yang sama")
        PAID_AS_DOUBLE = "PAID_AS_DOUBLE", _("Tahap yang sama sudah terdaftar atas nama keluarga gandanya")
        NO_COLLECTOR = "NO_COLLECTOR", _("Pengurus belum ada atau NIK-nya kosong")
        NO_ACCOUNT = "NO_ACCOUNT", _("Rekening atau penyalur belum ada")
        ACCOUNT_SHARED = "ACCOUNT_SHARED", _("Rekening tercatat pada keluarga lain")
        ACCOUNT_DENIED = "ACCOUNT_DENIED", _("Rekening ditahan, keluarga tidak memintanya")
        COLLECTOR_DENIED = "COLLECTOR_DENIED", _("Pengurus ditahan, keluarga tidak memintanya")
        ACCOUNT_NEW = "ACCOUNT_NEW", _("Rekening baru, masih masa tunggu")
        COLLECTOR_NEW = "COLLECTOR_NEW", _("Pengurus baru, masih masa tunggu")
        LIFTED = "LIFTED", _("Penangguhannya dibatalkan sesudah data dibekukan")
        CAME_IN = "CAME_IN", _("Pindah ke sini sesudah data dibekukan")
        OUTSIDE = "OUTSIDE", _("Sekarang tinggal di luar wilayah tahap ini")

    id = models.BigAutoField(primary_key=True)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="held")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="held_payments")
    village_code = models.TextField(db_collation="C")
    channel = models.TextField(blank=True)
    amount_rupiah = models.BigIntegerField()
    reason = models.TextField(choices=Reason.choices)
    usable_from = models.DateField(null=True)
    """From when on it may be paid, where a day is known."""
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("village_code", "channel")

    class Meta:
        """Of a family and calculation the newest row tells; another is added when reason or day change."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_rupiah__range=(1, 999_999_999)), name="held_amount"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["run", "village_code"], name="held_run_village"),
            models.Index(fields=["run", "family"], name="held_run_family"),
        ]

    def __str__(self) -> str:
        return self.reason


class Approval(models.Model):
    """One person's yes to one content of a list. PREPARE counts as one: who prepares approves at no level."""

    class Level(models.TextChoices):
        """In this order."""

        PREPARE = "PREPARE", _("Disiapkan")
        DISTRICT = "DISTRICT", _("Kabupaten/kota")
        PROVINCE = "PROVINCE", _("Provinsi")
        CENTRE = "CENTRE", _("Pusat")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    list = models.ForeignKey(PaymentList, on_delete=models.PROTECT, related_name="approvals")
    root = models.TextField()
    level = models.TextField(choices=Level.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """The guard of four eyes: a person once, a level once, per content."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["list", "root", "person"], name="approval_person_once"),
            models.UniqueConstraint(fields=["list", "root", "level"], name="approval_level_once"),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.person_id}"


class Refusal(models.Model):
    """One person's no: the list went back to DRAFT; the approvals of that content stay as history."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    list = models.ForeignKey(PaymentList, on_delete=models.PROTECT, related_name="refusals")
    root = models.TextField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    authority = models.TextField()
    reason = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A content is refused once, with a reason."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["list", "root"], name="refusal_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="refusal_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.list_id} {self.person_id}"


class Instruction(models.Model):
    """One file for one channel, made once; taken from here in the open never, encrypted or once (payments.actions)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="instructions")
    channel = models.TextField()
    round = models.PositiveSmallIntegerField(default=0)
    format = models.TextField()
    region_code = models.TextField(db_collation="C", blank=True)
    path = models.TextField()
    name = models.TextField()
    rows = models.BigIntegerField()
    total_rupiah = models.BigIntegerField()
    list_sha256 = models.TextField()
    sha256 = models.TextField()
    earlier_sha256 = ArrayField(models.TextField(), default=list, db_default=[])
    """Of the files this one replaced: the same content under passwords that were lost."""
    password_sealed = models.BinaryField(default=b"")
    """Until its maker has seen it; empty from then on."""
    password_sha256 = models.TextField(blank=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT)
    made_at = models.DateTimeField()
    """As the files bear it, so the same lists give the same bytes again."""
    execute_on = models.DateField(null=True)
    downloads = models.PositiveIntegerField(default=0)
    downloaded_at = models.DateTimeField(null=True)
    downloaded_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    objects = scoped("region_code", "channel")

    class Meta:
        """One per cycle, channel, round and format."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cycle", "channel", "round", "format"], name="instruction_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Confirmation(models.Model):
    """Which file a channel holds, by the digest it has computed of its own copy; the newest tells.

    `ours_sha256` is that of the file as it lay here then: one that is packed again is confirmed anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    instruction = models.ForeignKey(Instruction, on_delete=models.PROTECT, related_name="confirmations")
    ours_sha256 = models.TextField()
    told_sha256 = models.TextField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    authority = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Any number of times: a wrong one is answered by the next."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(told_sha256__regex="^[0-9a-f]{64}$"), name="confirmation_told"),
        ]

    @property
    def matches(self) -> bool:
        """Whether the channel held the file that was made here."""
        return self.told_sha256 == self.ours_sha256

    def __str__(self) -> str:
        return f"{self.instruction_id} {self.told_sha256[:12]}"


class JournalEntry(models.Model):
    """One movement of money, never changed; a correction is a new entry that names the old."""

    class Kind(models.TextChoices):
        """What moved it."""

        APPROVED = "APPROVED", _("Daftar disetujui")
        INSTRUCTED = "INSTRUCTED", _("Perintah bayar dikirim")
        REISSUED = "REISSUED", _("Uang yang kembali disediakan untuk bayar ulang")
        RECONCILED = "RECONCILED", _("Hasil bank dicocokkan")
        DEPOSITED = "DEPOSITED", _("Disetor ke kas negara")
        CORRECTION = "CORRECTION", _("Koreksi")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="entries")
    about_cycle = models.ForeignKey(Cycle, null=True, on_delete=models.PROTECT, related_name="corrections")
    kind = models.TextField(choices=Kind.choices)
    source = models.TextField(unique=True)
    """What caused it: `list:<id>:<root>`, `run:<id>`. The same cause books once."""
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT)
    reason = models.TextField(blank=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.source}"


class JournalLine(models.Model):
    """Rupiah into (positive) or out of (negative) one account, for one district and channel. An entry sums to 0."""

    class Account(models.TextChoices):
        """Where money can be (docs/threats.md, 3); FUNDS is where it comes from."""

        FUNDS = "FUNDS", _("Anggaran")
        NOT_SENT = "NOT_SENT", _("Belum dikirim")
        AT_CHANNEL = "AT_CHANNEL", _("Di bank atau pos")
        CREDITED = "CREDITED", _("Tersalur, belum ditarik")
        DRAWN = "DRAWN", _("Sudah ditarik")
        RETURNED = "RETURNED", pgettext_lazy("uang", "Kembali")
        TREASURY = "TREASURY", _("Kas negara")
        DISPUTED = "DISPUTED", _("Dipersoalkan")

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="lines")
    district_code = models.TextField(db_collation="C")
    channel = models.TextField()
    account = models.TextField(choices=Account.choices)
    amount_rupiah = models.BigIntegerField()

    objects = scoped("district_code", "channel")

    class Meta:
        """No empty lines."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(amount_rupiah=0), name="line_amount"),
        ]
        indexes: ClassVar = [models.Index(F("entry"), name="line_entry")]

    def __str__(self) -> str:
        return f"{self.account} {self.amount_rupiah}"

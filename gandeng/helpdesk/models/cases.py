"""A case and what happened in it. The database itself moves a case (0002_guards)."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gandeng.accounts.models import Person
from gandeng.payments.models import Payment
from gandeng.registry.models import Family
from gandeng.web.scoping import scoped


class Case(models.Model):
    """One complaint or question. No program changes it: events do."""

    class Came(models.TextChoices):
        """How it came."""

        PUBLIC = "PUBLIC", _("Halaman umum")
        PHONE = "PHONE", _("Telepon ke petugas pengaduan")
        FACILITATOR = "FACILITATOR", _("Melalui pendamping")
        FIELD = "FIELD", _("Petugas sendiri")

    class State(models.TextChoices):
        """Which leads to which is in the README; the database holds it (0002_guards)."""

        NEW = "NEW", pgettext_lazy("kasus", "Baru")
        ASSIGNED = "ASSIGNED", pgettext_lazy("kasus", "Diserahkan")
        IN_PROGRESS = "IN_PROGRESS", pgettext_lazy("kasus", "Dikerjakan")
        ESCALATED = "ESCALATED", pgettext_lazy("kasus", "Naik tingkat")
        ANSWERED = "ANSWERED", pgettext_lazy("kasus", "Dijawab")
        CLOSED = "CLOSED", pgettext_lazy("kasus", "Ditutup")

    class Level(models.IntegerChoices):
        """Who is responsible; a case goes up, never down."""

        SUB_DISTRICT = 1, _("Kecamatan")
        DISTRICT = 2, _("Kabupaten/kota")
        PROVINCE = 3, _("Provinsi")
        MINISTRY = 4, _("Kementerian")

    id = models.UUIDField(primary_key=True, default=uuid4)
    number = models.TextField(unique=True)
    pin_digest = models.BinaryField()
    """Keyed digest of number and PIN; the PIN is kept nowhere."""
    came = models.TextField(choices=Came.choices)
    kind = models.TextField()
    region_code = models.TextField(db_collation="C")
    sensitive = models.BooleanField(default=False)
    anonymous = models.BooleanField(default=False)
    contact_sealed = models.BinaryField(default=b"")
    """Name and telephone of who asked; empty where anonymous."""
    what_sealed = models.BinaryField()
    state = models.TextField(choices=State.choices, default=State.NEW)
    level = models.SmallIntegerField(choices=Level.choices)
    due_at = models.DateTimeField(null=True)
    """Until when the step it is at has time: to begin, or to answer; none once answered."""
    answer_by = models.DateTimeField(null=True)
    """Until when its level has time to answer; none once answered."""
    steps = models.IntegerField(default=0)
    """Events so far: the next one names it, so that two at once are one and a refusal."""
    assigned = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    accused = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    """Of whom it complains: never finds it."""
    family = models.ForeignKey(Family, null=True, on_delete=models.PROTECT, related_name="+")
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="+")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    reopened = models.BooleanField(default=False)
    rating = models.SmallIntegerField(null=True)
    opened_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)

    objects = scoped("region_code", touches=True)

    class Meta:
        """Anonymous is without a contact."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(level__range=(1, 4)), name="helpdesk_level"),
            models.CheckConstraint(condition=Q(rating=None) | Q(rating__range=(1, 5)), name="helpdesk_rating"),
            models.CheckConstraint(condition=Q(anonymous=False) | Q(contact_sealed=b""), name="helpdesk_anonymous"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["region_code", "due_at"], name="helpdesk_region"),
            models.Index(fields=["due_at"], name="helpdesk_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["family"], name="helpdesk_family"),
        ]

    def __str__(self) -> str:
        return self.number


UNDER_WAY = (Case.State.NEW, Case.State.ASSIGNED, Case.State.IN_PROGRESS, Case.State.ESCALATED)
"""Not answered yet."""


class CaseEvent(models.Model):
    """One thing that happened in a case. Added, never changed."""

    class What(models.TextChoices):
        """What happened."""

        OPENED = "OPENED", _("Laporan diterima")
        ASSIGNED = "ASSIGNED", _("Diserahkan kepada petugas")
        STARTED = "STARTED", _("Mulai dikerjakan")
        NOTE = "NOTE", _("Catatan petugas")
        ANSWERED = "ANSWERED", pgettext_lazy("peristiwa kasus", "Dijawab")
        ESCALATED = "ESCALATED", _("Naik satu tingkat")
        CLOSED = "CLOSED", pgettext_lazy("peristiwa kasus", "Ditutup")
        REOPENED = "REOPENED", _("Dibuka lagi oleh pelapor")
        MERGED = "MERGED", _("Digabung")
        LINKED = "LINKED", _("Dihubungkan")
        UNLINKED = "UNLINKED", _("Hubungan dilepas")
        ACCUSED = "ACCUSED", _("Orang yang dilaporkan dicatat")
        RATED = "RATED", _("Dinilai oleh pelapor")

    id = models.UUIDField(primary_key=True, default=uuid4)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    number = models.IntegerField()
    """1, 2, 3 … within the case."""
    what = models.TextField(choices=What.choices)
    told = models.BooleanField(default=False)
    """Whether who asked may read it."""
    text_sealed = models.BinaryField(default=b"")
    value = models.TextField(blank=True)
    """The number of what it was merged or linked with, or no longer is; stars of a rating."""
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    """To whom it was handed, or who is complained of."""
    family = models.ForeignKey(Family, null=True, on_delete=models.PROTECT, related_name="+")
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    level = models.SmallIntegerField(null=True)
    due_at = models.DateTimeField(null=True)
    """Until when the step that begins with it has time; `answer_by` where it comes to a level or is opened again."""
    answer_by = models.DateTimeField(null=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    """None: who asked, or the clock."""
    authority = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    objects = scoped("case__region_code", touches=True)

    class Meta:
        """Two at once are one and a refusal."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="helpdesk_one_after_another"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.what}"

"""Ethics cases: a line of the register that names nobody, and beside it what only the people of the case may see.

What belongs to one case is there for its people alone, by row security (`0002_guards`), whatever their territory.
"""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gandeng.accounts.models import Person
from gandeng.facilitators.models import Staff
from gandeng.web.scoping import scoped


class Case(models.Model):
    """The line of the register: number, days, state, place. No name and no word of what it is about."""

    class State(models.TextChoices):
        """REPORTED → HEARING → DECIDED → (APPEALED →) FINAL; WITHDRAWN from the first two (`0002_guards`)."""

        REPORTED = "REPORTED", pgettext_lazy("perkara", "Dilaporkan")
        HEARING = "HEARING", pgettext_lazy("perkara", "Pemeriksaan")
        DECIDED = "DECIDED", pgettext_lazy("perkara", "Diputus")
        APPEALED = "APPEALED", pgettext_lazy("perkara", "Banding")
        FINAL = "FINAL", pgettext_lazy("perkara", "Putusan tetap")
        WITHDRAWN = "WITHDRAWN", pgettext_lazy("perkara", "Dihentikan")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    number = models.TextField(unique=True, blank=True)
    """`KE-6371-2026-001`, given by the database."""
    region_code = models.TextField(blank=True, db_collation="C")
    state = models.TextField(choices=State.choices, default=State.REPORTED)
    opened_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now_add=True)
    taken_at = models.DateTimeField(null=True)
    """When an official took it in hand."""

    class Meta:
        """By place and state."""

        indexes: ClassVar = [models.Index(fields=["region_code", "state"], name="case_region_state")]

    def __str__(self) -> str:
        return self.number


class Matter(models.Model):
    """Who is accused of what; for the panel alone. Text and the reporter's name are sealed, each on its own."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="matter")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    prohibition = models.TextField()
    """Key of published.yaml, or OTHER."""
    happened_on = models.DateField(null=True)
    what_sealed = models.BinaryField()
    reporter_sealed = models.BinaryField()

    def __str__(self) -> str:
        return str(self.pk)


class Reporter(models.Model):
    """Who reported; there for that person alone. The database asks it who may not decide."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="reporter")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.pk)


class Party(models.Model):
    """Somebody who must know. Nobody is taken out again; a right that ended ends the sight of it."""

    class Part(models.TextChoices):
        """What for. All but ACCUSED are the panel."""

        OPENER = "OPENER", _("Penerima laporan")
        INVESTIGATOR = "INVESTIGATOR", _("Pemeriksa perkara")
        DECIDER = "DECIDER", _("Pemutus perkara")
        ACCUSED = "ACCUSED", _("Yang diperiksa")
        APPEAL = "APPEAL", _("Pemutus banding")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parties")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    part = models.TextField(choices=Part.choices)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Nobody twice in one part; nobody investigates and decides, or decides and hears the appeal."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "person", "part"], name="party_once"),
            models.UniqueConstraint(
                fields=["case", "person"], condition=Q(part__in=["INVESTIGATOR", "DECIDER", "APPEAL", "ACCUSED"]),
                name="party_one_office",
            ),
            models.UniqueConstraint(fields=["case"], condition=Q(part="ACCUSED"), name="party_one_accused"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.part


class Step(models.Model):
    """What was done in a case, by whom, with its text sealed. Never changed: a later step corrects."""

    class Kind(models.TextChoices):
        """The accused sees the steps that are `open_to_accused`."""

        NOTE = "NOTE", _("Catatan pemeriksaan")
        CALLED = "CALLED", _("Undangan pemeriksaan")
        HEARD = "HEARD", _("Berita acara pemeriksaan")
        DECIDED = "DECIDED", _("Putusan perkara")
        APPEALED = "APPEALED", _("Pernyataan banding")
        APPEAL_DECIDED = "APPEAL_DECIDED", _("Putusan banding")
        ACCEPTED = "ACCEPTED", _("Putusan diterima")
        FINAL = "FINAL", _("Putusan dinyatakan tetap")
        WITHDRAWN = "WITHDRAWN", _("Perkara dihentikan")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    kind = models.TextField(choices=Kind.choices)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)
    on_day = models.DateField(null=True)
    """Of the hearing; of a decision: the last day of an appeal, where the office states one."""
    prohibition = models.TextField(blank=True)
    outcome = models.TextField(blank=True)
    """UNFOUNDED or a key of the ladder (published.yaml)."""
    referred = models.BooleanField(default=False)
    """Referred to law."""
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")
    text_sealed = models.BinaryField()
    open_to_accused = models.BooleanField(default=True)

    class Meta:
        """A decision has its outcome, and is corrected once; nothing else has one."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(kind__in=["DECIDED", "APPEAL_DECIDED"]) & ~Q(outcome=""))
                | (~Q(kind__in=["DECIDED", "APPEAL_DECIDED"]) & Q(outcome="", referred=False, corrects__isnull=True)),
                name="step_outcome",
            ),
            models.UniqueConstraint(fields=["corrects"], name="step_corrected_once"),
            models.CheckConstraint(condition=~Q(kind="NOTE") | Q(open_to_accused=False), name="step_note_closed"),
        ]
        indexes: ClassVar = [models.Index(fields=["case", "at"], name="step_case_at")]

    def __str__(self) -> str:
        return self.kind


class CaseFile(models.Model):
    """A paper of a case, sealed, its name too. Without a step it came with the report, for the panel alone."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="files")
    step = models.ForeignKey(Step, null=True, on_delete=models.PROTECT, related_name="files")
    open_to_accused = models.BooleanField(default=False)
    media_type = models.TextField()
    byte_count = models.BigIntegerField()
    label_sealed = models.BinaryField()
    content_sealed = models.BinaryField()

    class Meta:
        """What came with the report stays with the panel."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(step__isnull=False) | Q(open_to_accused=False), name="casefile_report_closed"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Dismissal(models.Model):
    """A task for whoever keeps staff: a final decision dismissed somebody. It ends no service by itself."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    step = models.OneToOneField(Step, on_delete=models.PROTECT, related_name="dismissal")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="dismissals")
    region_code = models.TextField(blank=True, db_collation="C")
    case_number = models.TextField()
    final_on = models.DateField()
    revoked_on = models.DateField(null=True)
    """The day a later decision took its place."""

    objects = scoped("region_code", touches=True)

    def __str__(self) -> str:
        return self.case_number

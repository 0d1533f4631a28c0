"""Reports families asked for: who asked, how the office made sure of it, who made it."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.models import Person
from gandeng.registry.models import Family
from gandeng.web.scoping import scoped


class FamilyReport(models.Model):
    """One report, as asked for. What it said is not kept: it is printed from what is held on the day."""

    class Relation(models.TextChoices):
        """Who asks, seen from the family."""

        COLLECTOR = "COLLECTOR", _("Pengurus keluarga")
        MEMBER = "MEMBER", _("Anggota keluarga yang dewasa")
        GUARDIAN = "GUARDIAN", _("Orang tua atau wali")
        PROXY = "PROXY", _("Orang yang diberi kuasa tertulis")

    class Identity(models.TextChoices):
        """What the officer looked at before handing anything out."""

        KTP = "KTP", _("KTP-el asli, wajah dan nama dicocokkan")
        KK = "KK", _("Kartu keluarga asli dan kartu identitas berfoto")
        PROXY = "PROXY", _("Surat kuasa, KTP-el penerima kuasa, dan salinan KTP-el pemberi kuasa")
        KNOWN = "KNOWN", _("Dikenal langsung oleh pendamping, yang hadir dan menyatakannya")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="reports")
    village_code = models.TextField(db_collation="C")
    asked_by = models.TextField()
    relation = models.TextField(choices=Relation.choices)
    asked_on = models.DateField()
    identity = models.TextField(choices=Identity.choices)
    purpose = models.TextField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)

    objects = scoped("village_code")

    class Meta:
        """Somebody asked, for something."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(asked_by="") & ~models.Q(purpose=""), name="report_asked"),
        ]
        indexes: ClassVar = [models.Index(fields=["family", "-made_at"], name="report_family_newest")]

    def __str__(self) -> str:
        return self.asked_by


class Disposal(models.Model):
    """A file or folder that was deleted because its time was over: `thing` is the id of its row, which stays."""

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField()
    thing = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Once each, though a restored backup bring the file back and it be deleted again."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "thing"], name="disposal_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.thing}"

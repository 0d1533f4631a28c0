"""A yearbook as it left the office: what it counted, whom it named, its files sealed. Nothing of it is changed."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from gandeng.accounts.models import Person
from gandeng.achievements.models.records import Achievement, Consent
from gandeng.registry.models import ordered_id
from gandeng.web.scoping import scoped


class Edition(models.Model):
    """One edition of a province's yearbook: numbers and digests, no name."""

    id = models.UUIDField(primary_key=True, default=ordered_id, editable=False)
    region_code = models.TextField(db_collation="C")
    year = models.IntegerField()
    number = models.IntegerField()
    """From 1 within province and year, given by the database."""
    as_of = models.DateTimeField()
    entries = models.IntegerField()
    figures = models.JSONField()
    """Rows of [district, children, families], and what was left out by reason."""
    pdf_sha256 = models.TextField()
    csv_sha256 = models.TextField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    authority = models.TextField()

    objects = scoped("region_code", touches=True)

    class Meta:
        """A province; each number once."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(region_code__regex=r"^[1-9][0-9]$"), name="edition_province"),
            models.UniqueConstraint(fields=["region_code", "year", "number"], name="edition_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.region_code} {self.year} ({self.number})"


class EditionFile(models.Model):
    """The PDF or the CSV of an edition, sealed; for the province and the nation."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="files")
    region_code = models.TextField(db_collation="C")
    form = models.TextField(choices=[("pdf", "PDF"), ("csv", "CSV")])
    byte_count = models.BigIntegerField()
    content_sealed = models.BinaryField()

    objects = scoped("region_code")

    class Meta:
        """One of each."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "form"], name="edition_form_once")]

    def __str__(self) -> str:
        return self.form


class Entry(models.Model):
    """That an edition told of an achievement, under which consent, and what of it."""

    id = models.BigAutoField(primary_key=True)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="rows")
    achievement = models.ForeignKey(Achievement, on_delete=models.PROTECT, related_name="entries")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="entries")
    place = models.IntegerField()
    """In the book, from 1."""
    district_code = models.TextField(db_collation="C")
    told_name = models.BooleanField()
    told_school = models.BooleanField()
    told_photo = models.BooleanField()
    told_story = models.BooleanField()

    objects = scoped("achievement__family__village_code")

    class Meta:
        """Once in an edition."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "achievement"], name="entry_once"),
            models.UniqueConstraint(fields=["edition", "place"], name="entry_place"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

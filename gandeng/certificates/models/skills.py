"""What staff must be able to do, as an office keeps it."""

from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.models import Person
from gandeng.facilitators.models import Post
from gandeng.facilitators.skills import TRAITS
from gandeng.web.scoping import scoped


class Skill(models.Model):
    """One skill of one office: who needs it, and how long its certificates hold. Key and name never change."""

    class Urgency(models.IntegerChoices):
        """How soon somebody who lacks it must learn it."""

        NOW = 1, _("Diperlukan sekarang")
        SOON = 2, _("Diperlukan segera")
        USEFUL = 3, _("Berguna")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    region_code = models.TextField(blank=True, db_collation="C")
    """The office that keeps it: the nation or a province."""
    key = models.SlugField(max_length=40)
    name = models.TextField()
    about = models.TextField(blank=True)
    valid_months = models.PositiveIntegerField(null=True, blank=True)
    """How long a certificate holds from its day on; empty: it does not run out. The office's own setting."""
    for_roles = ArrayField(models.TextField(choices=Post.Role.choices), default=list)
    """Posts whose holder needs it; none: nobody must have it."""
    for_traits = ArrayField(
        models.TextField(choices=[(one.value, words) for one, words in TRAITS.items()]), default=list
    )
    """Members whose family needs somebody with it (facilitators.skills); none: no family does."""
    urgency = models.PositiveSmallIntegerField(choices=Urgency.choices, default=Urgency.SOON)
    source = models.TextField(blank=True)
    """The paper that says so; empty where there is none, and the screen says that."""
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)
    ended_on = models.DateField(null=True, blank=True)
    """The first day nobody needs it any more; certificates stay what they are."""

    objects = scoped("region_code", touches=True)

    class Meta:
        """One key in force per office."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["region_code", "key"], condition=Q(ended_on__isnull=True), name="skill_key_once"
            ),
            models.CheckConstraint(condition=Q(region_code__regex=r"^([1-9][0-9])?$"), name="skill_region"),
            models.CheckConstraint(condition=Q(urgency__gte=1, urgency__lte=3), name="skill_urgency"),
            models.CheckConstraint(
                condition=Q(valid_months__isnull=True) | Q(valid_months__gte=1, valid_months__lte=600),
                name="skill_months",
            ),
            models.CheckConstraint(condition=Q(for_roles__contained_by=Post.Role.values), name="skill_roles"),
            models.CheckConstraint(
                condition=Q(for_traits__contained_by=[one.value for one in TRAITS]), name="skill_traits"
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(key=""), name="skill_named"),
        ]

    def __str__(self) -> str:
        return self.name


IN_ORDER = Q(held_until__isnull=True) | Q(held_from__isnull=False, held_until__gte=F("held_from"))
"""Days of a training: none, or from one to another."""

"""One calculation of a cycle: what went in, what each family is due, why each member counts or not."""

from typing import ClassVar
from uuid import uuid4

from django.db import models

from gandeng.accounts.models import Person
from gandeng.registry.models import Family, Member
from gandeng.web.scoping import scoped


class Run(models.Model):
    """A calculation over the frozen registry of a region. Nothing of it changes; a new calculation is a new run."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    year = models.PositiveSmallIntegerField()
    stage = models.PositiveSmallIntegerField()
    months = models.PositiveSmallIntegerField()
    region_code = models.TextField(db_collation="C", blank=True)
    policy_digest = models.TextField()
    input_digest = models.TextField()
    folder = models.TextField()
    families = models.BigIntegerField()
    members = models.BigIntegerField()
    amount_rupiah = models.BigIntegerField()
    families_paid = models.BigIntegerField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.year}-{self.stage}"


class Entitlement(models.Model):
    """One row per family of a run, amount 0 where nothing is due."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, on_delete=models.PROTECT)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, db_index=False)
    village_code = models.TextField(db_collation="C")
    members_counted = models.PositiveSmallIntegerField()
    fixed_rupiah = models.BigIntegerField()
    amount_rupiah = models.BigIntegerField()

    objects = scoped("village_code")

    class Meta:
        """Once per family and run."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["family", "run"], name="entitlement_once"),
            models.CheckConstraint(condition=models.Q(amount_rupiah__gte=0), name="entitlement_amount"),
        ]

    def __str__(self) -> str:
        return str(self.amount_rupiah)


class ComponentRow(models.Model):
    """One row per member and component that qualifies, or reason for none (entitlement contract, files out)."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, on_delete=models.PROTECT)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, db_index=False)
    village_code = models.TextField(db_collation="C")
    component = models.TextField(blank=True)
    rate_rupiah = models.BigIntegerField(null=True)
    amount_rupiah = models.BigIntegerField()
    counted = models.BooleanField()
    why = models.TextField()

    objects = scoped("village_code")

    class Meta:
        """Read by family."""

        indexes: ClassVar = [models.Index(fields=["family", "run"], name="component_family_run")]

    def __str__(self) -> str:
        return f"{self.component} {self.why}"

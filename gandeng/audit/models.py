"""The log of acts. A trigger numbers and chains the rows; nobody changes one."""

from typing import ClassVar

from django.db import models

from gandeng.audit.facts import FactTold, told
from gandeng.web.scoping import scoped

BOUNDS = ("export.refused_alone", "identifier.bound_reached", "identifier.search_bound_reached")
"""Somebody came to the end of what one person takes or looks for in a day."""

COUNTED = ("identifier.revealed", "identifier.searched")
"""Acts that are counted by person and day whenever somebody does them again."""


class AuditEntry(models.Model):
    """One act: who, in which role, what, on which object, why.

    `facts` never holds a full identifier. `hash` covers the row and the hash of the entry before it in its `shard`,
    so a row that was changed, taken out or put in breaks the chain (`audit.verify`).
    """

    SHARDS: ClassVar[int] = 16

    id = models.BigAutoField(primary_key=True)
    shard = models.PositiveSmallIntegerField()
    number = models.BigIntegerField(default=0)
    at = models.DateTimeField(null=True)
    person_id = models.UUIDField(null=True)
    person_name = models.TextField(blank=True)
    authority = models.TextField(blank=True)
    action = models.TextField()
    object_type = models.TextField(blank=True)
    object_id = models.TextField(blank=True)
    region_code = models.TextField(blank=True, db_collation="C")
    reason = models.TextField(blank=True)
    facts = models.JSONField(default=dict)
    previous = models.BinaryField(null=True)
    hash = models.BinaryField(null=True)

    objects = scoped("region_code")

    class Meta:
        """Numbered within its shard."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shard", "number"], name="audit_entry_number"),
            models.CheckConstraint(condition=~models.Q(action=""), name="audit_entry_action"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["object_type", "object_id"], name="audit_entry_object"),
            models.Index(fields=["-id"], name="audit_entry_newest"),
            models.Index(fields=["region_code", "-id"], name="audit_entry_region"),
            models.Index(fields=["at", "id"], name="audit_entry_instant"),
            models.Index(
                fields=["person_id", "action", "at"], condition=models.Q(action__in=COUNTED), name="audit_entry_counted"
            ),
            models.Index(
                fields=["region_code", "-id"], condition=models.Q(action__in=BOUNDS), name="audit_entry_bounds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shard}/{self.number} {self.action}"

    @property
    def from_address(self) -> str:
        """The network address the act came from; empty for the office's own machine."""
        return str(self.facts.get("from_address", ""))

    @property
    def shown_facts(self) -> list[tuple[str, object]]:
        """Facts beside that address, by name."""
        return sorted((name, value) for name, value in self.facts.items() if name != "from_address")

    @property
    def told_facts(self) -> list[FactTold]:
        """The same as words."""
        return [told(name, value, self.object_type) for name, value in self.shown_facts]


class AuditHead(models.Model):
    """Where the sixteen chains stood on a day, signed: one row per day, which covers the row before it.

    `ends` has [shard, number of its last entry, its hash as hex] for each shard that has entries. `root` is the SHA-256
    of all of it (audit.heads); `key` is the public key that `signature` is checked with. `held` has ids, rows and
    digest of the entries of the ledger (`HeldRow`) since the head before; nothing in heads of the first form.
    """

    number = models.BigIntegerField(primary_key=True)
    day = models.DateField(unique=True)
    at = models.DateTimeField()
    ends = models.JSONField()
    held = models.JSONField(null=True)
    previous = models.BinaryField()
    root = models.BinaryField()
    key = models.BinaryField()
    signature = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.number} {self.day}"

    @property
    def entries(self) -> int:
        """How many entries it covers."""
        return sum(int(number) for _, number, _ in self.ends)


class HeldRow(models.Model):
    """What a row of another table became when it was written: an entry of the ledger (audit.holding).

    `was` and `digest` are those of the row before and after, nothing where there was none or is none any more. Where
    `rows` is a number, `key` has the ids of so many rows that were added together.
    """

    id = models.BigAutoField(primary_key=True)
    table_name = models.TextField(db_collation="C")
    key = models.TextField(db_collation="C")
    rows = models.IntegerField(null=True)
    was = models.BinaryField(null=True)
    digest = models.BinaryField(null=True)

    class Meta:
        """Read table by table."""

        indexes: ClassVar = [models.Index(fields=["table_name"], name="held_table")]

    def __str__(self) -> str:
        return f"{self.table_name} {self.key}"

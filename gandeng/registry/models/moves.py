"""That families came to live in another district, and when."""

from django.db import models
from django.db.models.functions import UUID7

from gandeng.registry.models.families import Family
from gandeng.web.scoping import scoped


class Move(models.Model):
    """A family's village came to lie in another district: by a request, by a list, or by the undoing of one.

    A trigger of families writes it, in the transaction that moves them; nobody else does, nobody changes it, and it
    goes with a family alone that an undone list takes along. Where the family lived, its history says. It serves to
    find, of all families there are, the few who moved in the weeks in which regions froze a stage.
    """

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    family = models.ForeignKey(Family, on_delete=models.DB_CASCADE, related_name="moves")
    moved_at = models.DateTimeField(db_index=True)

    objects = scoped("family__village_code")

    def __str__(self) -> str:
        return f"{self.family_id} {self.moved_at:%Y-%m-%d}"

"""Which sheets stand on one person's typing alone: no photo of what was signed, and no word of the facility itself."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef

from gandeng.commitments.models import Confirmation, Sheet
from gandeng.commitments.origins import Origin, origins


def thin_sheets(sheets: Collection[UUID]) -> set[UUID]:
    """Of these; it says nothing of whether they are right."""
    came = origins(sheets)
    spoke = Confirmation.objects.filter(
        facility=OuterRef("facility"), year=OuterRef("year"), quarter=OuterRef("quarter"), at__gte=OuterRef("at")
    )
    confirmed = set(Sheet.objects.filter(Exists(spoke), pk__in=sheets).values_list("pk", flat=True))
    return {key for key in sheets if is_thin(said=key in confirmed, origin=came.get(key))}


def is_thin(*, said: bool, origin: Origin | None) -> bool:
    """Of one sheet: whether the facility said anything of it since, and where it came from."""
    return not said and not (origin is not None and origin.photographed)

"""What pages of others tell of this package: a family's visits, and which sheets came from phones."""

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.commitments.origins import Origin
from gandeng.field.queries import entries_of_sheets
from gandeng.registry.models import Family
from gandeng.web.sections import Shown, later


def sheets_from_phones(sheets: Collection[UUID]) -> dict[UUID, Origin]:
    """Of these sheets of schools and clinics those that came from a phone."""
    return {key: Origin(_("dari lapangan"), reverse("field:sheet", args=[key])) for key in entries_of_sheets(sheets)}


def visits(acting: Acting, family: Family) -> Shown:  # noqa: ARG001
    """Asked for when scrolled to."""
    return later(_("Kunjungan rumah"), reverse("field:family_visits", args=[family.pk]))

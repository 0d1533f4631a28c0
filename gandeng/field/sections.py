"""What pages of others tell of this package: a family's visits, the visit of a case, which sheets came from phones."""

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.commitments.origins import Origin
from gandeng.field.models import Visit
from gandeng.field.queries import entries_of_sheets, photos_arrived
from gandeng.helpdesk.happenings import VISIT, happened_to
from gandeng.helpdesk.models import Case
from gandeng.registry.models import Family
from gandeng.web.sections import Shown, later


def sheets_from_phones(sheets: Collection[UUID]) -> dict[UUID, Origin]:
    """Of these sheets of schools and clinics those that came from a phone."""
    entries = entries_of_sheets(sheets)
    arrived = photos_arrived(entries.values())
    return {
        key: Origin(_("dari lapangan"), reverse("field:sheet", args=[key]), bool(arrived[entry.pk]))
        for key, entry in entries.items()
    }


def visits(acting: Acting, family: Family) -> Shown:  # noqa: ARG001
    """Asked for when scrolled to."""
    return later(_("Kunjungan rumah"), reverse("field:family_visits", args=[family.pk]))


def of_case(acting: Acting, case: Case) -> Shown | None:
    """The visits it is linked with, those one sees."""
    if case.family_id is None or not acting.may(May.SEE_FAMILIES):
        return None
    visits = list(Visit.objects.filter(pk__in=happened_to(case, VISIT)).select_related("by").order_by("-on_day", "pk"))
    return (_("Kunjungan rumah"), "field/of_case.html", {"visits": visits}) if visits else None

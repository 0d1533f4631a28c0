"""What pages of others tell of this package: a family's visits, the visit of a case, which sheets came from phones."""

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.commitments.origins import Origin
from gandeng.field.models import Visit
from gandeng.field.queries import entries_of_sheets, visits_of
from gandeng.helpdesk.happenings import OFFERED_MAX, VISIT, happened_to
from gandeng.helpdesk.models import Case
from gandeng.registry.models import Family
from gandeng.web.sections import Shown, later
from gandeng.web.templatetags.gandeng import tanggal


def sheets_from_phones(sheets: Collection[UUID]) -> dict[UUID, Origin]:
    """Of these sheets of schools and clinics those that came from a phone."""
    return {
        key: Origin(_("dari lapangan"), reverse("field:sheet", args=[key]), vars(entry)["shown"])
        for key, entry in entries_of_sheets(sheets).items()
    }


def visits(acting: Acting, family: Family) -> Shown:  # noqa: ARG001
    """Asked for when scrolled to."""
    return later(_("Kunjungan rumah"), reverse("field:family_visits", args=[family.pk]))


def visits_offered(acting: Acting, family: Family) -> list[tuple[UUID, str]]:
    """Those a case of the family is linked with by choosing, the last first."""
    if not acting.may(May.SEE_FAMILIES):
        return []
    return [(one.pk, f"{tanggal(one.on_day)}: {_said(one)}") for one in visits_of(family)[:OFFERED_MAX]]


def _said(visit: Visit) -> str:
    return ", ".join(filter(None, [str(visit.get_result_display()), str(visit.get_found_case_display())]))


def of_case(acting: Acting, case: Case) -> Shown | None:
    """The visits it is linked with, those one sees."""
    if case.family_id is None or not acting.may(May.SEE_FAMILIES):
        return None
    visits = list(Visit.objects.filter(pk__in=happened_to(case, VISIT)).select_related("by").order_by("-on_day", "pk"))
    told = [{"visit": one, "words": _said(one)} for one in visits]
    return (_("Kunjungan rumah"), "field/of_case.html", {"visits": told}) if told else None

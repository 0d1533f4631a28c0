"""What was found on a visit becomes a case of the helpdesk: who may open one, which there are, where none is yet."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.field.models import Visit
from gandeng.helpdesk.happenings import VISIT, Happening, cases_of, has_case, linked_with
from gandeng.helpdesk.origin_queries import Thing
from gandeng.helpdesk.queries import TONES
from gandeng.web.finding import found_or_404

FOUND_DAYS = 90
"""How long the first page asks for a case: a working figure of the product, no rule of the programme."""
_KINDS = {
    Visit.Found.HEALTH: "DISASTER", Visit.Found.DISABILITY: "DISASTER", Visit.Found.HOUSING: "DISASTER",
    Visit.Found.DOCUMENT: "DATA",
}  # fmt: skip
"""Which kind the form begins with; whoever opens the case chooses."""


def opens(acting: Acting, visit: Visit) -> bool:
    """Of a visit one sees: whoever works cases there, and whoever accompanies families there and tells of them."""
    place = visit.village_code
    tells = acting.may(May.ACCOMPANY, place) and acting.may(May.TELL_CASE, place)
    return bool(visit.found_case) and (tells or acting.may(May.WORK_CASES, place))


def of_visit(acting: Acting, visit_id: UUID) -> Thing:
    """What the form begins with. Raises Http404."""
    visit = found_or_404(Visit.objects.select_related("family__collector"), visit_id)
    if not opens(acting, visit):
        raise Http404
    found = visit.get_found_case_display()
    words = _("kunjungan rumah: %(found)s") % {"found": found}
    return Thing(
        visit.village_code, words, _KINDS.get(Visit.Found(visit.found_case), "OTHER"), f"{found}. {visit.note}".strip(),
        f"{reverse('field:visits')}?found_case={visit.found_case}",
        happening=Happening(VISIT, visit.pk, visit.family), proposed_id=visit.by_id,
    )  # fmt: skip


def told_of(acting: Acting, visits: Collection[Visit]) -> dict[UUID, dict[str, Any]]:
    """By visit on which something was found: cases one sees, whether others have one, the address that opens one."""
    found = [one for one in visits if one.found_case]
    if not found:
        return {}
    cases = cases_of(VISIT, [one.pk for one in found], {one.family_id for one in found})
    unseen = {one.pk for one in found} - set(cases)
    others = set(Visit.objects.filter(has_case(VISIT), pk__in=unseen).values_list("pk", flat=True)) if unseen else set()
    return {one.pk: _told(acting, one, cases.get(one.pk, []), elsewhere=one.pk in others) for one in found}


def _told(acting: Acting, visit: Visit, cases: list[Any], *, elsewhere: bool) -> dict[str, Any]:
    first = not cases and not elsewhere and opens(acting, visit)
    url = reverse("helpdesk:of_visit", args=[visit.pk]) if first else ""
    return {"cases": [{"case": one, "tone": TONES[one.state]} for one in cases], "elsewhere": elsewhere, "url": url}


def without_case(rows: QuerySet[Visit]) -> QuerySet[Visit]:
    """Of the last ninety days, those on which something was found and which have no case, or none one may know of."""
    since = timezone.localdate() - timedelta(days=FOUND_DAYS)
    return rows.filter(~Exists(linked_with(VISIT)), ~Q(has_case(VISIT)), on_day__gte=since).exclude(found_case="")


def waiting(_acting: Acting) -> QuerySet[Visit]:
    """The rows that the list of visits shows with `case=NONE`."""
    return without_case(Visit.objects.all())

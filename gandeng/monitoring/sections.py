"""This package's parts of the pages of a family, told by a request of its own, and of a complaint."""

from django.urls import reverse
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.helpdesk.models import Case
from gandeng.monitoring.models import Opened
from gandeng.registry.models import Family
from gandeng.web.sections import Shown, later


def of_family(acting: Acting, family: Family) -> Shown | None:
    """For offices; whoever accompanies the family does not find it there (row security)."""
    if not acting.may(May.SEE_MONITORING, family.village_code):
        return None
    return later(_("Pemantauan pasca-salur"), reverse("monitoring:family", args=[family.pk]))


def of_case(acting: Acting, case: Case) -> Shown | None:
    """The answer it was opened from."""
    found = Opened.objects.filter(case=case).values_list("answer__drawn_id", flat=True).first()
    if found is None:
        return None
    sees = acting.may(May.SEE_MONITORING, case.region_code) or acting.may(May.ASK_FAMILIES, case.region_code)
    url = reverse("monitoring:answered", args=[found]) if sees else ""
    return _("Pemantauan pasca-salur"), "monitoring/of_case.html", {"url": url}

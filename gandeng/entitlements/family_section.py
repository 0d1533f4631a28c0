"""The part of a family's page on what it is due, and why."""

from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.entitlements.queries import stages_of_family
from gandeng.registry.models import Family
from gandeng.web.sections import Shown


def entitlements(acting: Acting, family: Family) -> Shown | None:
    """Stage by stage, newest first."""
    if not acting.may(May.SEE_FAMILIES, family.village_code):
        return None
    return _("Hak per tahap"), "entitlements/family_section.html", {"stages": stages_of_family(family.pk)}

"""The part of a family's page on its graduation: told by a request of its own."""

from django.urls import reverse
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.registry.models import Family
from gandeng.web.sections import Shown, later


def graduation(acting: Acting, family: Family) -> Shown | None:
    """Its cases, and the way to open one."""
    if not acting.may(May.SEE_FAMILIES, family.village_code):
        return None
    return later(_("Graduasi"), reverse("graduation:family", args=[family.pk]))

"""This package's part of a family's page, told by a request of its own."""

from django.urls import reverse
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.achievements.queries import may_look
from gandeng.registry.models import Family
from gandeng.web.sections import Shown, later


def achieved(acting: Acting, family: Family) -> Shown | None:
    """For whoever records, confirms or heads an office; nobody else learns of it here."""
    if not may_look(acting, family):
        return None
    return later(_("Prestasi"), reverse("achievements:of_family", args=[family.pk]))

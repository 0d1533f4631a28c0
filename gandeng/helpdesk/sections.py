"""This package's part of a family's page: told by a request of its own."""

from django.urls import reverse
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.registry.models import Family
from gandeng.web.sections import Shown, later


def letter(acting: Acting, family: Family) -> Shown | None:
    """For whoever may give the family its letter."""
    if not acting.may(May.ACCOMPANY) and not acting.may(May.REPORT_FAMILY, family.village_code):
        return None
    return later(_("Surat keluarga"), reverse("helpdesk:family", args=[family.pk]))

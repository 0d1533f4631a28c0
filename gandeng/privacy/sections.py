"""The part of a family's page that leads to the report."""

from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.registry.models import Family
from gandeng.web.sections import Shown


def report(acting: Acting, family: Family) -> Shown | None:
    """For whoever may hand the family what is held about it."""
    if not acting.may(May.REPORT_FAMILY, family.village_code):
        return None
    return _("Hak keluarga atas datanya"), "privacy/section.html", {"family": family}

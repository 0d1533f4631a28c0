"""The part of a family's page on what was paid and what is held back."""

from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.payments.queries import money_of_family
from gandeng.registry.models import Family
from gandeng.web.sections import Shown


def payments(acting: Acting, family: Family) -> Shown | None:
    """Stage by stage."""
    if not acting.may(May.SEE_PAYMENTS, family.village_code):
        return None
    return _("Pembayaran"), "payments/family_section.html", {"rows": money_of_family(family.pk)}

"""This package's part of a family's page: visits, told by a request of its own."""

from django.urls import reverse
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.registry.models import Family
from gandeng.web.sections import Shown, later


def visits(acting: Acting, family: Family) -> Shown:  # noqa: ARG001
    """Asked for when scrolled to."""
    return later(_("Kunjungan rumah"), reverse("field:family_visits", args=[family.pk]))

"""This package's part of a family's page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.registry.models import Family
from gandeng.web.sections import Shown, later


def of_family(acting: Acting, family: Family) -> Shown:  # noqa: ARG001
    """Told by its own request: which meetings there were, and which the family came to."""
    return later(_("Pertemuan kelompok (P2K2)"), reverse("family_sessions:of_family", args=[family.pk]))

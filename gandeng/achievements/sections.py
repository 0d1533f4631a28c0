"""This package's part of a family's page."""

from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.achievements.queries import TONES, may_look, named, of_family
from gandeng.registry.models import Family
from gandeng.web.sections import Shown


def achieved(acting: Acting, family: Family) -> Shown | None:
    """For whoever records, confirms or heads an office; nobody else learns of it here."""
    if not may_look(acting, family):
        return None
    rows = [
        {"one": one, "name": named(one), "tone": TONES.get(one.state, "neutral")} for one in of_family(acting, family)
    ]
    records = acting.may(May.RECORD_ACHIEVEMENT, family.village_code)
    return _("Prestasi"), "achievements/section.html", {"rows": rows, "records": records}

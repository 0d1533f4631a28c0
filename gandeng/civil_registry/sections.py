"""The panel of a family's page: what the civil registry says of its people."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.civil_registry import queries
from gandeng.civil_registry.models import CHANGES, Answer, Standing
from gandeng.registry.change_queries import ask_url
from gandeng.registry.models import Family
from gandeng.web.sections import Section, Shown, later

TONES = {"MATCH": "good", "DIFFERS": "warn", "NOT_FOUND": "warn", "DOUBLE": "warn", "DECEASED": "bad"}


def of_family(acting: Acting, family: Family) -> Shown | None:
    """For whoever may ask for changes or decide them; asked for once the page is there."""
    if not any(acting.may(right, family.village_code) for right in (May.REQUEST_CHANGE, May.DECIDE_CHANGE)):
        return None
    return later(_("Dukcapil"), reverse("civil_registry:of_family", args=[family.pk]))


def answers_of(acting: Acting, family: Family) -> Section:
    """What the panel holds, once it is asked for."""
    told, asks = queries.of_family(family), acting.may(May.REQUEST_CHANGE, family.village_code)
    rows = [
        {"member": member, "answer": row_of(told[member.pk], asks=asks) if member.pk in told else None}
        for member in family.members.filter(deceased_on__isnull=True, left_on__isnull=True).order_by("member_no")
    ]
    return Section(_("Dukcapil"), "civil_registry/sections/of_family.html", {"rows": rows, "any": bool(told)})


def row_of(standing: Standing, *, asks: bool) -> dict[str, Any]:
    """An answer as pages show it: in a word, how it differs, and where one asks for the change."""
    result = kind_of(standing)
    return {
        "standing": standing, "result": Answer.Result(result).label, "tone": TONES[result],
        "changes": [
            {"label": change.label, "url": ask_url(standing.family_id, change, standing.member_id)}
            for change in CHANGES.get(result, ()) if asks
        ],
    }  # fmt: skip


def kind_of(standing: Standing) -> str:
    """What was said, seen from the record of today: a difference that is mended is none."""
    if standing.result in (Answer.Result.MATCH, Answer.Result.DIFFERS):
        return Answer.Result.DIFFERS if standing.differs else Answer.Result.MATCH
    return standing.result

"""What the pages share."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.certificates.models import Certificate
from gandeng.certificates.queries import state_of
from gandeng.exports.actions import take_alone
from gandeng.exports.refused import Refused
from gandeng.exports.sources import ROWS_ALONE
from gandeng.facilitators.queries import own_record
from gandeng.web.addresses import full_address
from gandeng.web.tabs import tabs_of


def tabs(who: Acting, current: str) -> list[dict[str, Any]]:
    """The parts of the package one may open."""
    sees = who.may(May.SEE_STAFF)
    named = [
        ("certificates", _("Daftar sertifikat"), sees),
        ("needs", _("Kebutuhan"), sees),
        ("skills", _("Keahlian"), sees or who.may(May.KEEP_SKILLS)),
        ("own", _("Sertifikat saya"), own_record(who) is not None),
    ]
    return tabs_of("certificates", named, current)


def row_of(certificate: Certificate, day: date) -> dict[str, Any]:
    """One line of a list."""
    words, tone = state_of(certificate, day)
    return {
        "certificate": certificate, "words": words, "tone": tone,
        "region": region_name(certificate.staff.region_code),
        "outside": certificate.origin == Certificate.Origin.OUTSIDE,
    }  # fmt: skip


def home_of(request: HttpRequest) -> str:
    """The absolute address of the page where codes are typed, as papers print it."""
    return full_address(request, reverse("certificate:form"))


def not_alone(who: Acting, what: str, rows: int, region: str, too_many: str) -> str:
    """Why so many rows may not be taken away by one person; nothing where they may, and then they are counted."""
    if rows > ROWS_ALONE:
        return too_many
    try:
        take_alone(who, what, rows, region=region)
    except Refused as refused:
        return str(refused)
    return ""


def note_taken(who: Acting, action: str, rows: int, filters: Mapping[str, str]) -> None:
    """A list left the office."""
    held = who.held(May.SEE_STAFF)
    record(
        who, action, object_type="Certificate", region=filters["region"] or held.region_code, authority=held.words,
        rows=rows, narrowed_by=sorted(name for name, value in filters.items() if value),
    )  # fmt: skip

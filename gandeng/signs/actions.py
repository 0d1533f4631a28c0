"""Asking about a sign, explaining it, closing it. Nothing of families and money changes by any of it."""

from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.conduct.actions.cases import Report
from gandeng.conduct.actions.cases import report as report_conduct
from gandeng.helpdesk.actions.cases import Told, file_case
from gandeng.helpdesk.models import Case
from gandeng.signs.models import Found, Sign, Step
from gandeng.signs.queries import Seen, staff_about
from gandeng.web.refusals import Refusal, guarded

HELPDESK, CONDUCT = "HELPDESK", "CONDUCT"
_COPIED = [field.attname for field in Found._meta.concrete_fields if field.name != "found_at"]


class SignRefused(Refusal):
    """What was asked does not fit the sign as it is now; says why."""


@dataclass(frozen=True)
class Closing:
    """Why it is closed; where it is handed on, `to` HELPDESK or CONDUCT, the latter with the rule it is about.

    `key` is made with the form: a report about the code of ethics sent twice is one.
    """

    outcome: str
    words: str
    to: str = ""
    prohibition: str = ""
    key: UUID | None = None


def ask(acting: Acting, seen: Seen, words: str) -> Step:
    """Ask whom it is about. Raises SignRefused, PermissionDenied."""
    if not seen.asks:
        raise PermissionDenied("ask")
    return _step(acting, seen, Step.Kind.ASKED, words)


def explain(acting: Acting, seen: Seen, words: str) -> Step:
    """Her answer. Raises SignRefused, PermissionDenied."""
    if not seen.explains:
        raise PermissionDenied("explain")
    return _step(acting, seen, Step.Kind.EXPLAINED, words)


@transaction.atomic
def close(acting: Acting, seen: Seen, closing: Closing) -> Step:
    """It is over, and where it is handed on the other is begun with it. Raises SignRefused, PermissionDenied."""
    if not seen.closes:
        raise PermissionDenied("close")
    step = _step(acting, seen, Step.Kind.CLOSED, closing.words, closing.outcome)
    if closing.outcome == Step.Outcome.HANDED_ON:
        _hand_on(acting, seen, closing)
    return step


def _hand_on(acting: Acting, seen: Seen, closing: Closing) -> None:
    """A complaint of the place, or a report about the code of ethics, by the acts of those packages."""
    if closing.to == HELPDESK:
        file_case(acting, Told("FIELD_PROBLEM", seen.sign.district_code, closing.words, Case.Came.FIELD))
        return
    staff = staff_about(seen.sign)
    if staff is None or closing.key is None:
        raise SignRefused(_("Catatan SDM-nya tidak ada di wilayah Anda; teruskan lewat pengaduan."), "to")
    report_conduct(acting, staff, Report(closing.key, closing.prohibition, None, closing.words))


@transaction.atomic
def _step(acting: Acting, seen: Seen, kind: Step.Kind, words: str, outcome: str = "") -> Step:
    authority = _authority(acting, seen, kind)
    with guarded(_taken):
        sign = seen.sign if isinstance(seen.sign, Sign) else _opened(acting, seen.sign, kind, authority)
        step = Step.objects.create(
            sign=sign, number=len(seen.steps) + 1, kind=kind, outcome=outcome, words=words.strip(),
            by_id=acting.person_id, authority=authority,
        )  # fmt: skip
    record(acting, f"signs.{kind.lower()}", sign, region=sign.district_code, authority=authority, kind=sign.kind)
    return step


def _authority(acting: Acting, seen: Seen, kind: Step.Kind) -> str:
    """Whoever was asked answers, whatever the role: a sign may be about any of the staff. Raises PermissionDenied."""
    if kind != Step.Kind.EXPLAINED:
        return acting.authority(May.REVIEW_SIGNS, seen.sign.district_code)
    return acting.first.words if acting.first else ""


def _opened(acting: Acting, found: Found, kind: Step.Kind, authority: str) -> Sign:
    told = {name: getattr(found, name) for name in _COPIED}
    sign = Sign(**told, asked=kind == Step.Kind.ASKED, by_id=acting.person_id, authority=authority)
    sign.save(force_insert=True)
    return sign


def _taken(_name: str) -> SignRefused:
    return SignRefused(_("Orang lain sudah lebih dulu menangani tanda ini. Muat ulang halamannya."))

"""Panel on a request's page: what the NIK says of whoever it is about, as the record would be once it is approved."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.audit.sealing import Place, unseal
from gandeng.cleansing.kinds import KINDS
from gandeng.cleansing.looking import kinds_of
from gandeng.cleansing.queries import SEEN_BY
from gandeng.registry.actions.applying import opened
from gandeng.registry.models import ChangeRequest
from gandeng.web.sections import Shown

_TELLS = frozenset({ChangeRequest.Kind.BIRTH, ChangeRequest.Kind.NIK, ChangeRequest.Kind.IDENTITY})


def of_change(acting: Acting, change: ChangeRequest) -> Shown | None:
    """While it waits, for whoever asks and decides. The NIK is opened to be read, and shown to nobody."""
    if change.kind not in _TELLS or change.state != ChangeRequest.State.PENDING:
        return None
    if not any(acting.may(right, change.village_code) for right in SEEN_BY):
        return None
    nik = _nik(change)
    if not nik:
        return None
    found = kinds_of(nik, *_record(change), timezone.localdate())
    return _("Menurut NIK-nya"), "cleansing/sections/of_change.html", {"kinds": [KINDS[code] for code in sorted(found)]}


def _nik(change: ChangeRequest) -> str:
    if change.identifier_index is not None:
        return opened(change)
    member = change.member
    if member is None or member.nik_index is None:
        return ""
    return unseal(bytes(member.nik_sealed), Place("registry_member", "nik", str(member.pk)))


def _record(change: ChangeRequest) -> tuple[date, str]:
    """Birth date and sex as they would stand."""
    if "birth_date" in change.after:
        return date.fromisoformat(change.after["birth_date"]), change.after["sex"]
    if change.member is None:
        raise ValueError(change.kind)
    return change.member.birth_date, change.member.sex

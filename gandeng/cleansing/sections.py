"""Panel on a request's page: what the NIK says of whoever it is about, as the record would be once it is approved."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.cleansing.kinds import KINDS
from gandeng.cleansing.looking import kinds_of
from gandeng.registry.actions.applying import nik_of, opened
from gandeng.registry.change_queries import is_open_to
from gandeng.registry.models import ChangeRequest
from gandeng.web.sections import Shown

_TELLS = frozenset({ChangeRequest.Kind.BIRTH, ChangeRequest.Kind.NIK, ChangeRequest.Kind.IDENTITY})


def of_change(acting: Acting, change: ChangeRequest) -> Shown | None:
    """While it waits, for whoever asks and decides. The NIK is opened to be read, and shown to nobody."""
    if change.kind not in _TELLS or not is_open_to(acting, change):
        return None
    nik = opened(change) if change.identifier_index is not None else _recorded(change)
    if not nik:
        return None
    found = kinds_of(nik, *_record(change), timezone.localdate())
    return _("Menurut NIK-nya"), "cleansing/sections/of_change.html", {"kinds": [KINDS[code] for code in sorted(found)]}


def _recorded(change: ChangeRequest) -> str:
    return nik_of(change.member) if change.member and change.member.nik_index else ""


def _record(change: ChangeRequest) -> tuple[date, str]:
    """Birth date and sex as they would stand."""
    if "birth_date" in change.after:
        return date.fromisoformat(change.after["birth_date"]), change.after["sex"]
    if change.member is None:
        raise ValueError(change.kind)
    return change.member.birth_date, change.member.sex

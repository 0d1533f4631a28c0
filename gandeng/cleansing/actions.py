"""Saying that a record is right as it stands, and taking that back. What is wrong is changed by a request."""

from django.db import transaction
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.cleansing.kinds import KINDS
from gandeng.cleansing.models import Checked, Found
from gandeng.web.refusals import Refusal, guarded


class CheckRefused(Refusal):
    """What was said does not fit the record as it is now; says why."""


@transaction.atomic
def is_right(acting: Acting, found: Found, reason: str, *, seen: str = "") -> Checked:
    """It is no fault, and no longer listed until it changes; `seen` is the digest of what was shown.

    Raises CheckRefused, PermissionDenied.
    """
    if seen and seen != found.digest:
        raise _taken("")
    if KINDS[found.kind].unpaid:
        raise CheckRefused(_("Selama begini keluarga ini tidak dibayar: yang keliru diperbaiki lewat permintaan."))
    return _said(acting, found, reason, right=True)


@transaction.atomic
def take_back(acting: Acting, checked: Checked, reason: str) -> Checked:
    """The next look may find it again. Raises CheckRefused, PermissionDenied."""
    return _said(acting, checked, reason, right=False)


def _said(acting: Acting, about: Found | Checked, reason: str, *, right: bool) -> Checked:
    authority = acting.authority(May.REQUEST_CHANGE, about.family.village_code)
    with guarded(_taken):
        row = Checked(
            kind=about.kind, family=about.family, member_id=about.member_id, village_code=about.family.village_code,
            digest=about.digest, is_right=right, reason=reason, by_id=acting.person_id, authority=authority,
        )  # fmt: skip
        row.save(force_insert=True)
    record(
        acting, "cleansing.right" if right else "cleansing.taken_back", about.family, region=about.family.village_code,
        authority=authority, reason=reason, kind=about.kind,
    )  # fmt: skip
    return row


def _taken(_name: str) -> CheckRefused:
    return CheckRefused(_("Data ini sudah diperiksa orang lain, atau sudah berubah. Muat ulang halamannya."))

"""Codes of the facilities' own links: drawn by another person than who made the link, withdrawn, typed wrong."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import Actor, record
from gandeng.commitments.actions.common import CommitmentRefused
from gandeng.commitments.actions.own import one_at_a_time
from gandeng.commitments.models import OwnCode, OwnCodeEnd, OwnLink
from gandeng.commitments.own import code_digest, digests_of, new_code
from gandeng.commitments.queries import Quarter
from gandeng.web.refusals import guarded


def draw_code(acting: Acting, link: OwnLink) -> str:
    """A new code, said this once; the one before ends. Raises CommitmentRefused, PermissionDenied."""
    authority = acting.authority(May.DRAW_CODE, link.region_code)
    code = new_code()
    with transaction.atomic(), guarded(_words):
        one_at_a_time(link.facility, Quarter(link.year, link.quarter))
        _end(acting, link, authority)
        OwnCode.objects.create(
            link=link, region_code=link.region_code, code_digest=code_digest(bytes(link.secret_digest), code),
            by_id=acting.person_id, authority=authority,
        )  # fmt: skip
        record(acting, "commitment.code_drawn", link, region=link.region_code, authority=authority)
    return code


def withdraw_code(acting: Acting, link: OwnLink) -> None:
    """The code opens nothing any more; again changes nothing. Raises CommitmentRefused, PermissionDenied."""
    authority = acting.authority(May.DRAW_CODE, link.region_code)
    with transaction.atomic(), guarded(_words):
        one_at_a_time(link.facility, Quarter(link.year, link.quarter))
        _end(acting, link, authority)


@dataclass(frozen=True)
class Tried:
    """What became of a code that was typed; `left` more wrong ones close the link."""

    outcome: str
    left: int


def try_code(actor: Actor, secret: str, code: str) -> Tried:
    """RIGHT, or WRONG, which is counted and written down, or CLOSED."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "select outcome, of_link, region, left_over from commitments_own_try(%s, %s)", digests_of(secret, code)
            )
            outcome, link, region, left = cursor.fetchone() or ("CLOSED", None, "", 0)
        if outcome == "WRONG":
            record(actor, "commitment.code_wrong", object_type="OwnLink", object_id=str(link), region=region, left=left)
    return Tried(outcome, left)


def _end(acting: Acting, link: OwnLink, authority: str) -> None:
    for before in OwnCode.objects.filter(link=link, end=None):
        OwnCodeEnd.objects.create(code=before, region_code=link.region_code, by_id=acting.person_id)
        record(acting, "commitment.code_withdrawn", link, region=link.region_code, authority=authority)


def _words(name: str) -> CommitmentRefused | None:
    told = {
        "own_code_two_people": _(
            "Tautan ini Anda buat sendiri, atau dibuat oleh orang yang Anda gantikan atau yang menggantikan Anda. "
            "Kodenya dibuat orang lain."
        ),
        "own_code_open": _("Tautannya sudah dijawab, dicabut, ditutup, atau habis masanya. Muat ulang halamannya."),
    }
    return CommitmentRefused(told[name]) if name in told else None

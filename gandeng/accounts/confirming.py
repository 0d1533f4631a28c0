"""Roles that somebody gave: they are held once a second person has said yes.

Whoever gives a role chooses where the invitation goes. With one person's word alone, that person could be both of the
two whom money needs, or somebody who is not there and sees a district's families. What follows a caseload waits for
nobody here: whoever decides the caseload is the other one (`villages.py`).
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.actions import Refused, end_with_deputies
from gandeng.accounts.models import Grant, Invitation
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.web.finding import found_or_404

CONFIRMS = (May.MANAGE_PEOPLE, May.LET_IN_AGAIN)


def waiting_for(acting: Acting) -> QuerySet[Grant]:
    """Roles that wait and that `acting` may confirm: of others, given by others, to people whom others invited."""
    region = Q(region_code__within=acting.where(CONFIRMS[0])) | Q(region_code__within=acting.where(CONFIRMS[1]))
    waiting = _open().filter(region).exclude(person_id=acting.person_id).exclude(granted_by_id=acting.person_id)
    return waiting.exclude(person_id__in=_invitations().filter(invited_by_id=acting.person_id).values("person_id"))


def waiting_within(acting: Acting) -> QuerySet[Grant]:
    """All that wait in the regions whose people `acting` keeps, one's own gifts too."""
    return _open().filter(region_code__within=acting.where(May.MANAGE_PEOPLE))


def access_waiting(acting: Acting, grant_id: object) -> Grant:
    """One that `acting` may confirm. Raises Http404."""
    return found_or_404(waiting_for(acting), grant_id)


def address_of(grant: Grant) -> str:
    """Where the way in of its person went: of the login, or of the last invitation; empty where there was none."""
    login = grant.person.logins.order_by("created_at").first()
    sent = login or _invitations().filter(person_id=grant.person_id).order_by("-created_at").first()
    return sent.email if sent else ""


@transaction.atomic
def confirm_role(acting: Acting, grant: Grant, *, reason: str) -> None:
    """From now on it is held, on its days. Raises Refused, PermissionDenied."""
    kept, authority = _to_decide(acting, grant)
    kept.awaits, kept.confirmed_by_id, kept.confirmed_at = False, acting.person_id, timezone.now()
    kept.save(update_fields=["awaits", "confirmed_by", "confirmed_at"])
    record(
        acting, "role.confirmed", kept.person, region=kept.region_code, authority=authority, reason=reason,
        role=kept.role,
    )  # fmt: skip


@transaction.atomic
def refuse_role(acting: Acting, grant: Grant, *, reason: str) -> None:
    """It ends, and was never held. Raises Refused, PermissionDenied."""
    kept, authority = _to_decide(acting, grant)
    end_with_deputies(kept, max(timezone.localdate(), kept.valid_from))
    record(
        acting, "role.refused", kept.person, region=kept.region_code, authority=authority, reason=reason,
        role=kept.role,
    )  # fmt: skip


def _open() -> QuerySet[Grant]:
    open_ = Grant.objects.filter(awaits=True).exclude(valid_until__lte=timezone.localdate())
    return open_.select_related("person", "granted_by")


def _invitations() -> QuerySet[Invitation]:
    return Invitation.objects.filter(withdrawn_at=None)


def _to_decide(acting: Acting, grant: Grant) -> tuple[Grant, str]:
    right = next((may for may in CONFIRMS if acting.may(may, grant.region_code)), CONFIRMS[0])
    authority = acting.authority(right, grant.region_code)
    kept = Grant.objects.select_for_update(no_key=True).get(pk=grant.pk)
    if acting.person_id in (kept.person_id, kept.granted_by_id):
        raise PermissionDenied("two people: neither who gave it nor who gets it")
    if _invitations().filter(person_id=kept.person_id, invited_by_id=acting.person_id).exists():
        raise PermissionDenied("two people: not who chose where the way in goes")
    if not _open().filter(pk=kept.pk).exists():
        raise Refused(_("Peran ini tidak menunggu lagi."))
    return kept, authority

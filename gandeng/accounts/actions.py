"""What an administrator does about people: invite, give and end roles, deputies. Nobody gives a role to oneself."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.keys import region_of, revoke_all
from gandeng.accounts.models import Grant, Invitation, Person, User
from gandeng.accounts.reach import authority_over, grants_of
from gandeng.accounts.roles import RULES, May, Role
from gandeng.accounts.villages import follows_caseload
from gandeng.audit.actions import Actor, Machine, record
from gandeng.core.region_code import RegionCode
from gandeng.documents.numerals import long_date

INVITATION_DAYS = 7


class Refused(ValueError):
    """The message, in the language of the page, says why and what to do."""


@dataclass(frozen=True)
class Wanted:
    """A role somebody is to have; `until` is the first day without it."""

    role: Role
    region: str
    channel: str
    since: date
    until: date | None = None


@transaction.atomic
def invite(acting: Acting, *, name: str, email: str, wanted: Wanted) -> tuple[Invitation, str]:
    """A new person with a first role, and the code of the way in; the code is told once and kept as a digest."""
    authority = acting.authority(May.MANAGE_PEOPLE, wanted.region)
    return _invited(acting, acting.person_id, name, email, wanted, authority)


@transaction.atomic
def invite_administrator(name: str, email: str, region: str, today: date) -> tuple[Invitation, str]:
    """The first administrator, by whoever runs the machine (`gandeng invite`); everybody else is invited by one."""
    wanted = Wanted(Role.ADMINISTRATOR, region, "", today)
    return _invited(Machine(), None, name, email, wanted, "gandeng invite")


@transaction.atomic
def invite_known(acting: Acting, person: Person, email: str) -> tuple[Invitation, str]:
    """A way in for somebody who is recorded, has roles and never had a login: a facilitator taken on from a list.

    An invitation still open for the person is withdrawn. Where the way in goes to another address than before, roles
    are given anew, to wait for a second person. Raises Refused, PermissionDenied.
    """
    region, authority = region_of(person), authority_over(acting, May.MANAGE_PEOPLE, person)
    if person.logins.exists():
        raise Refused(_("Orang ini sudah punya akun."))
    before = Invitation.objects.filter(person=person).order_by("-created_at").first()
    Invitation.objects.filter(person=person, accepted_at=None, withdrawn_at=None).update(withdrawn_at=timezone.now())
    if before is None or before.email.lower() != email.lower():
        for grant in grants_of(person).filter(awaits=False):
            _given_anew(acting, grant)
    invitation, code = _way_in(acting.person_id, person, email)
    record(acting, "person.invited", person, region=region, authority=authority)
    return invitation, code


def _given_anew(acting: Acting, grant: Grant) -> None:
    since = max(timezone.localdate(), grant.valid_from)
    if follows_caseload(grant) or (grant.valid_until is not None and grant.valid_until <= since):
        return
    wanted = Wanted(Role(grant.role), grant.region_code, grant.channel, since, grant.valid_until)
    end_with_deputies(grant, since)
    give_role(acting, grant.person, wanted, stands_in_for=grant.stands_in_for)


def _invited(
    actor: Actor, inviter: UUID | None, name: str, email: str, wanted: Wanted, authority: str
) -> tuple[Invitation, str]:
    person = Person.objects.create(name=name)
    _grant(inviter, person, wanted, None)
    invitation, code = _way_in(inviter, person, email)
    record(actor, "person.invited", person, region=wanted.region, authority=authority, role=wanted.role)
    return invitation, code


def _way_in(inviter: UUID | None, person: Person, email: str) -> tuple[Invitation, str]:
    if User.objects.filter(email__iexact=email).exists():
        raise Refused(_("Alamat surel ini sudah dipakai. Tambahkan peran pada orangnya, jangan mengundang lagi."))
    code = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(
        code_digest=_digest(code), email=email, person=person, invited_by_id=inviter,
        expires_at=timezone.now() + timedelta(days=INVITATION_DAYS),
    )  # fmt: skip
    return invitation, code


def invitation_for(code: str) -> Invitation | None:
    """The invitation the code opens now."""
    found = Invitation.objects.filter(
        code_digest=_digest(code), accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    )
    return found.select_related("person").first()


@transaction.atomic
def accept(invitation: Invitation, password: str) -> User:
    """A login for the invited person, once. Raises Refused where somebody was faster."""
    taken = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if not taken.update(accepted_at=timezone.now()):
        raise Refused(_("Undangan ini sudah dipakai."))
    user = User.objects.create_user(invitation.email, password, person=invitation.person)
    record(Itself(invitation.person), "person.joined", invitation.person)
    return user


@transaction.atomic
def withdraw_invitation(acting: Acting, invitation: Invitation) -> None:
    """It opens nothing any more. Raises PermissionDenied."""
    authority_over(acting, May.MANAGE_PEOPLE, invitation.person)
    Invitation.objects.filter(pk=invitation.pk, accepted_at=None).update(withdrawn_at=timezone.now())
    record(acting, "invitation.withdrawn", invitation.person)


@transaction.atomic
def give_role(acting: Acting, person: Person, wanted: Wanted, *, stands_in_for: Grant | None = None) -> Grant:
    """Another role, or somebody's in his stead. Raises Refused, PermissionDenied."""
    authority = acting.authority(May.MANAGE_PEOPLE, wanted.region)
    grant = _grant(acting.person_id, person, wanted, stands_in_for)
    deputy = str(stands_in_for.person_id) if stands_in_for else ""
    record(acting, "role.given", person, region=wanted.region, authority=authority, role=wanted.role, deputy=deputy)
    return grant


def deputise(acting: Acting, grant: Grant, person: Person, *, since: date, until: date) -> Grant:
    """`person` acts in the role of `grant` for a time that has an end; four eyes still compare persons.

    No longer than its holder does, and never for somebody who stands in. Raises Refused, PermissionDenied.
    """
    if person.pk == grant.person_id:
        raise Refused(_("Pengganti harus orang lain."))
    if grant.stands_in_for_id is not None:
        raise Refused(_("Peran ini sendiri dipegang sebagai pengganti. Tunjuk pengganti bagi pemegang perannya."))
    if grant.valid_until is not None and until > grant.valid_until:
        day = long_date(grant.valid_until)
        raise Refused(_("Peran yang digantikan berakhir %(day)s. Pilih akhir yang tidak sesudahnya.") % {"day": day})
    wanted = Wanted(Role(grant.role), grant.region_code, grant.channel, since, until)
    return give_role(acting, person, wanted, stands_in_for=grant)


def _grant(giver: UUID | None, person: Person, wanted: Wanted, stands_in_for: Grant | None) -> Grant:
    if person.pk == giver:
        raise PermissionDenied("nobody gives a role to oneself")
    rules = RULES[wanted.role]
    level = RegionCode(wanted.region).level if wanted.region else None
    if level not in rules.levels:
        raise Refused(_("Peran ini tidak dipegang pada tingkat wilayah itu. Pilih wilayah yang sesuai."))
    if wanted.until is not None and wanted.until <= wanted.since:
        raise Refused(_("Hari terakhir harus sesudah hari pertama."))
    try:
        with transaction.atomic():
            return Grant.objects.create(
                person=person, role=wanted.role, region_code=wanted.region, channel=wanted.channel,
                valid_from=wanted.since, valid_until=wanted.until, stands_in_for=stands_in_for,
                granted_by_id=giver, awaits=giver is not None,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(_("Orang ini sudah memegang peran itu di wilayah itu.")) from error


@transaction.atomic
def end_role(acting: Acting, grant: Grant, *, on: date, reason: str) -> None:
    """From `on` the role is gone, with it every row it showed; deputies of it end as well.

    An end only ever comes earlier. Raises Refused, PermissionDenied.
    """
    authority = acting.authority(May.MANAGE_PEOPLE, grant.region_code)
    if grant.person_id == acting.person_id:
        raise PermissionDenied("nobody ends a role of one's own")
    kept = Grant.objects.select_for_update(no_key=True).get(pk=grant.pk)
    first = max(on, timezone.localdate(), kept.valid_from)
    if kept.valid_until is not None and kept.valid_until <= first:
        raise Refused(_("Peran ini sudah berakhir pada hari itu atau sebelumnya. Pilih hari yang lebih awal."))
    end_with_deputies(kept, first)
    record(
        acting, "role.ended", kept.person, region=kept.region_code, authority=authority, reason=reason,
        role=kept.role, on=first.isoformat(),
    )  # fmt: skip


def end_with_deputies(grant: Grant, on: date) -> None:
    """The role and all that stand in for its holder, where they do not end before."""
    if grant.valid_until is None or grant.valid_until > on:
        grant.valid_until = max(on, grant.valid_from)
        grant.save(update_fields=["valid_until"])
    for deputy in grant.deputies.all():
        end_with_deputies(deputy, on)


@transaction.atomic
def set_login(acting: Acting, person: Person, *, open_: bool, reason: str) -> None:
    """Close, or open again, every login of a person; sessions and keys end for good.

    By whoever keeps people wherever the person has a role. Raises PermissionDenied.
    """
    region, authority = region_of(person), authority_over(acting, May.MANAGE_PEOPLE, person)
    if person.pk == acting.person_id:
        raise PermissionDenied("not one's own")
    person.logins.update(is_active=open_)
    if not open_:
        end_sessions(person)
        revoke_all(acting, person, authority=authority, reason=reason)
    record(
        acting, "login.opened" if open_ else "login.closed", person, region=region, authority=authority, reason=reason
    )


def end_sessions(person: Person) -> None:
    """On every device, for good: a login that is opened again, or let in again, begins anew."""
    for session in UserSession.objects.filter(user__person=person):
        session.end()


@dataclass(frozen=True)
class Itself:
    """A person who acts before being signed in."""

    person: Person

    @property
    def person_id(self) -> UUID:
        """For the log."""
        return self.person.pk

    @property
    def person_name(self) -> str:
        """For the log."""
        return self.person.name


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()

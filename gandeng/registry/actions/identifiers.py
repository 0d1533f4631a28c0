"""Full identifiers: shown one at a time, for a purpose, within a daily budget; searches for one are written down."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.models import Person
from gandeng.accounts.roles import May
from gandeng.audit.actions import record, record_first_today, reveal
from gandeng.audit.models import AuditEntry
from gandeng.audit.sealing import Place
from gandeng.registry.models import Account, Family, Member
from gandeng.web.days import midnight

DAILY_BUDGET = 20
"""Identifiers one person may see in full in a day (docs/threats.md, S13: a proposal)."""

SEARCH_BUDGET = 200
"""Full identifiers one person may look for in a day: a desk's work, not a list's. A proposal as well."""

_LOCK = "select pg_advisory_xact_lock(7064, hashtext(%s))"


class RevealRefused(Exception):
    """The identifier is not shown; the message says why."""


@dataclass(frozen=True)
class Revealed:
    """Shown on one page, once."""

    label: str
    value: str
    left_today: int


def reveal_identifier(acting: Acting, family: Family, what: str, purpose: str) -> Revealed:
    """Show `nik:<member>`, `account:<account>` or `kk` of the family.

    Raises RevealRefused, PermissionDenied, Http404.
    """
    authority = acting.authority(May.REVEAL_IDENTIFIER, family.village_code)
    if not purpose.strip():
        raise RevealRefused(_("Tulis keperluannya."))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [str(acting.person_id)])
        left = DAILY_BUDGET - seen_today(acting)
        if left > 0:
            label, sealed, place = _sealed(family, what)
            if not sealed:
                raise RevealRefused(_("%(number)s belum tercatat.") % {"number": label})
            value = reveal(
                acting, sealed, place, purpose=purpose.strip(), region=family.village_code, authority=authority
            )
            return Revealed(label, value, left - 1)
    _note_bound(acting, "identifier.bound_reached", May.REVEAL_IDENTIFIER)
    raise RevealRefused(_("Jatah melihat nomor lengkap hari ini (%(budget)s) sudah habis.") % {"budget": DAILY_BUDGET})


def seen_today(acting: Acting) -> int:
    """Identifiers the person has seen in full today, by the log."""
    return _today("identifier.revealed", acting)


def _today(action: str, acting: Acting) -> int:
    return AuditEntry.objects.filter(
        action=action, person_id=acting.person_id, at__gte=midnight(timezone.localdate())
    ).count()


def _sealed(family: Family, what: str) -> tuple[str, bytes, Place]:
    kind, _colon, row_id = what.partition(":")
    try:
        if kind == "kk":
            return _("Nomor KK"), bytes(family.kk_sealed), Place("registry_family", "kk", str(family.pk))
        if kind == "nik":
            member = Member.objects.get(pk=row_id, family=family)
            return (
                _("NIK %(name)s") % {"name": member.name},
                bytes(member.nik_sealed),
                Place("registry_member", "nik", str(member.pk)),
            )
        if kind == "account":
            row = Account.objects.get(pk=row_id, family=family)
            return (
                _("Rekening %(channel)s") % {"channel": row.channel},
                bytes(row.account_sealed),
                Place("registry_account", "account", row_id),
            )
    except (Member.DoesNotExist, Account.DoesNotExist, ValidationError) as error:
        raise Http404 from error
    raise Http404


def searches_left(acting: Acting) -> int:
    """How often the person may still look for a full identifier today, by the log: nobody tries a list of them."""
    return SEARCH_BUDGET - _today("identifier.searched", acting)


def note_search_bound(acting: Acting) -> None:
    """Write down that somebody came to the end of a day's searches for full identifiers."""
    _note_bound(acting, "identifier.search_bound_reached", May.SEE_FAMILIES)


def _note_bound(acting: Acting, action: str, right: May) -> None:
    """Once a day of each person, for whoever reads the log."""
    held = acting.held(right)
    record_first_today(acting, action, Person(pk=acting.person_id), region=held.region_code, authority=held.words)


def note_search(acting: Acting, kind: str, number: str, found: int) -> None:
    """Write down that somebody looked for a full identifier; the log keeps its last digits alone."""
    authority = acting.authority(May.SEE_FAMILIES)
    region = acting.held(May.SEE_FAMILIES).region_code
    record(
        acting, "identifier.searched", object_type="Family", region=region, authority=authority,
        kind=kind, last4=number[-4:], found=found,
    )  # fmt: skip


def note_opening(acting: Acting, family: Family) -> None:
    """Write down who looked at a family's page: the first time of each person on each day."""
    authority = acting.authority(May.SEE_FAMILIES, family.village_code)
    record_first_today(acting, "family.opened", family, region=family.village_code, authority=authority)

"""Handing a list in, approving it level by level, returning it. What is approved is its content, by its root."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.payments.actions.journal import Account, Kind, book
from gandeng.payments.actions.locking import locked, locked_list
from gandeng.payments.holding import denied_on
from gandeng.payments.levels import BECOMES, MAY, WAITS, Level, asked, decided_while, fully_approved, returned_while
from gandeng.payments.models import Approval, Cycle, JournalEntry, PaymentList, Refusal
from gandeng.payments.refused import Refused
from gandeng.payments.roots import roots_of, write_roots

State = PaymentList.State


def submit_list(acting: Acting, payment_list: PaymentList, seen_root: str | None = None) -> PaymentList:
    """The preparer hands a DRAFT list in; who does so approves it at no level."""
    return _say_yes(acting, payment_list, Level.PREPARE, seen_root)


def approve_list(acting: Acting, payment_list: PaymentList, level: str, seen_root: str | None = None) -> PaymentList:
    """One more level says yes to the content of root `seen_root` (the one there is, where none is given)."""
    level = Level(level)
    if level is Level.PREPARE:
        raise ValueError(level)
    return _say_yes(acting, payment_list, level, seen_root)


def _say_yes(acting: Acting, payment_list: PaymentList, level: Level, seen_root: str | None) -> PaymentList:
    authority = acting.authority(MAY[level], payment_list.district_code)
    with locked(payment_list.cycle, *decided_while(payment_list)) as cycle:
        found = locked_list(payment_list.pk)
        if level not in (Level.PREPARE, *asked(cycle)) or found.state != WAITS[level]:
            raise Refused("list_state", list=words_of(found), state=State(found.state).label)
        if found.payments == 0:
            raise Refused("list_empty", list=words_of(found))
        if seen_root is not None and seen_root != found.root:
            raise Refused("stale", list=words_of(found))
        require_unchanged(found)
        if denied := denied_on(found):
            raise Refused("denied", list=words_of(found), payments=denied)
        if level is not Level.PREPARE and cycle.run is not None and cycle.run.made_by_id == acting.person_id:
            raise Refused("same_person", list=words_of(found))  # who calculated has prepared as much as who hands in
        _keep(acting, found, level, authority)
        found.state = BECOMES[level]
        found.save(update_fields=["state"])
        if found.state == fully_approved(cycle) and not found.round:
            _book_approved(acting, cycle, found)
            _cycle_approved(cycle)
        verb = "list.submitted" if level is Level.PREPARE else "list.approved"
        facts: dict[str, Any] = {
            "level": level.value,
            "root": found.root,
            "payments": found.payments,
            "rupiah": found.total_rupiah,
        }
        record(acting, verb, found, region=found.district_code, authority=authority, **facts)
    return found


def words_of(payment_list: PaymentList) -> str:
    """`BRI Kota Banjarmasin`, `BRI Kota Banjarmasin susulan 1`."""
    words = f"{payment_list.channel} {region_name(payment_list.district_code)}"
    if not payment_list.round:
        return words
    return _("%(list)s susulan %(number)s") % {"list": words, "number": payment_list.round}


def require_unchanged(*lists: PaymentList) -> None:
    """Raises Refused where the rows of a list no longer give its root, its count or its sum."""
    roots = roots_of([each.pk for each in lists])
    for each in lists:
        if roots.get(each.pk) != (each.root, each.payments, each.total_rupiah):
            raise Refused("list_changed", list=words_of(each))


def _keep(acting: Acting, found: PaymentList, level: Level, authority: str) -> None:
    """The constraints decide, nobody counts: a person once and a level once per content."""
    try:
        with transaction.atomic():
            Approval.objects.create(
                list=found, root=found.root, level=level, person_id=acting.person_id, authority=authority
            )
    except IntegrityError as error:
        same_person = "approval_person_once" in str(error)
        raise Refused("same_person" if same_person else "level_done", list=words_of(found)) from error


def _book_approved(acting: Acting, cycle: Cycle, found: PaymentList) -> None:
    line = (found.district_code, found.channel, Account.FUNDS, Account.NOT_SENT, found.total_rupiah)
    book(acting, cycle, Kind.APPROVED, source_of(found), [line])


def source_of(payment_list: PaymentList) -> str:
    """What the journal calls the approval of this content."""
    return f"list:{payment_list.pk}:{payment_list.root}"


def _cycle_approved(cycle: Cycle) -> None:
    """All lists of the stage itself with a payment are approved.

    Asked within the lock on the cycle, so the last one sees the others; whoever holds the last level sees the cycle's
    whole region.
    """
    done = (fully_approved(cycle), State.INSTRUCTED)
    lists = PaymentList.objects.filter(cycle=cycle, round=0, payments__gt=0)
    if not lists.exclude(state__in=done).exists():
        cycle.state = Cycle.State.APPROVED
        cycle.save(update_fields=["state"])


def refuse_list(acting: Acting, payment_list: PaymentList, reason: str, seen_root: str | None = None) -> PaymentList:
    """Back to DRAFT, with a reason; its approvals stay as history of that content. Raises Refused once instructed."""
    reason = reason.strip()
    if not reason:
        raise Refused("reason_missing")
    authority = _may_return(acting, payment_list)
    with locked(payment_list.cycle, *returned_while(payment_list)) as cycle:
        found = locked_list(payment_list.pk)
        if found.state in (State.DRAFT, State.INSTRUCTED):
            raise Refused("list_state", list=words_of(found), state=State(found.state).label)
        if seen_root is not None and seen_root != found.root:
            raise Refused("stale", list=words_of(found))
        Refusal.objects.create(
            list=found, root=found.root, person_id=acting.person_id, authority=authority, reason=reason
        )
        _take_back(acting, cycle, found, reason)
        facts: dict[str, Any] = {"root": found.root, "state": found.state}
        found.state, found.revision = State.DRAFT, found.revision + 1
        found.save(update_fields=["state", "revision"])
        write_roots([found.pk])
        if cycle.state == Cycle.State.APPROVED:
            cycle.state = Cycle.State.LISTED
            cycle.save(update_fields=["state"])
        record(acting, "list.refused", found, region=found.district_code, authority=authority, reason=reason, **facts)
        found.refresh_from_db()
    return found


def _may_return(acting: Acting, payment_list: PaymentList) -> str:
    """Whoever prepares or approves at some level the programme asks may return a list of his region."""
    for level in (*asked(payment_list.cycle)[::-1], Level.PREPARE):
        if acting.may(MAY[level], payment_list.district_code):
            return acting.authority(MAY[level], payment_list.district_code)
    return acting.authority(May.APPROVE_DISTRICT, payment_list.district_code)


def _take_back(acting: Acting, cycle: Cycle, found: PaymentList, reason: str) -> None:
    booked = JournalEntry.objects.filter(source=source_of(found)).first()
    if booked is not None:
        line = (found.district_code, found.channel, Account.NOT_SENT, Account.FUNDS, found.total_rupiah)
        book(
            acting, cycle, Kind.CORRECTION, f"returned:{found.pk}:{found.root}", [line], corrects=booked, reason=reason
        )

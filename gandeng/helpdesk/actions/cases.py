"""A case is taken in; what people of the desk do with it is an event each, and the database moves the case."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.models import Person
from gandeng.accounts.roles import May
from gandeng.audit.actions import Machine, record
from gandeng.audit.sealing import Place, seal
from gandeng.helpdesk import public
from gandeng.helpdesk.happenings import Happening, in_force
from gandeng.helpdesk.models import Case, CaseEvent
from gandeng.helpdesk.nearest import first_level
from gandeng.helpdesk.published import LEVEL_MAX, clock_of, kinds
from gandeng.helpdesk.queries import complained_of, may_work
from gandeng.payments.models import Payment
from gandeng.registry.models import Family
from gandeng.web.refusals import Refusal, guarded


class CaseRefused(Refusal):
    """What was asked does not fit the case as it is now; says why."""


@dataclass(frozen=True)
class Told:
    """What somebody complains of or asks."""

    kind: str
    region_code: str
    what: str
    came: str = Case.Came.PUBLIC
    contact: str = ""
    anonymous: bool = False
    ago: timedelta = timedelta()
    """How long ago it was said, where it is written down later: the time for its answer runs from then."""


@dataclass(frozen=True)
class Filed:
    """The number and PIN, said once, and until when the office has time for the answer."""

    number: str
    pin: str
    answer_by: datetime | None = None


@transaction.atomic
def file_case(acting: Acting | None, told: Told, case_id: UUID | None = None) -> Filed:
    """A new case; `acting` None for the public pages, `case_id` made where it was told. Raises PermissionDenied."""
    authority = acting.authority(May.TELL_CASE) if acting else ""
    if (acting is None) != (told.came == Case.Came.PUBLIC):
        raise PermissionDenied(told.came)
    kind, key, filed = kinds()[told.kind], case_id or uuid4(), Filed(public.new_number(), public.new_pin())
    level = first_level(kind, told.region_code)
    contact = "" if told.anonymous else told.contact.strip()
    case = Case(
        pk=key, number=filed.number, pin_digest=public.pin_digest(filed.number, filed.pin), came=told.came,
        kind=told.kind, region_code=told.region_code, sensitive=kind.sensitive, anonymous=told.anonymous,
        contact_sealed=seal(contact, Place("helpdesk_case", "contact", str(key))) if contact else b"",
        what_sealed=seal(told.what, Place("helpdesk_case", "what", str(key))), level=level,
        **asdict(clock_of(told.kind, level, ago=told.ago)), opened_by_id=acting.person_id if acting else None,
    )  # fmt: skip
    case.save(force_insert=True)
    record(
        acting if acting and not kind.sensitive else Machine(), "helpdesk.filed", case, region=told.region_code,
        authority="" if kind.sensitive else authority, came=told.came,
    )  # fmt: skip
    return replace(filed, answer_by=case.answer_by)


def hand_on(acting: Acting, case: Case, person: Person) -> None:
    """Somebody else is to begin with it, within the time for that. Raises CaseRefused, PermissionDenied."""
    if person.pk in complained_of(case):
        raise CaseRefused(_("Pilih salah satu yang ada."), "person")
    begins_by = clock_of(case.kind, case.level).due_at
    _happens(acting, case, CaseEvent.What.ASSIGNED, person=person, due_at=begins_by)


def start(acting: Acting, case: Case) -> None:
    """One works it oneself from now on; what is left of the time is for the answer."""
    _happens(acting, case, CaseEvent.What.STARTED)


def note(acting: Acting, case: Case, text: str) -> None:
    """For the office alone."""
    _happens(acting, case, CaseEvent.What.NOTE, text)


def answer(acting: Acting, case: Case, text: str) -> None:
    """What who asked reads. The clock stops."""
    _happens(acting, case, CaseEvent.What.ANSWERED, text, told=True)


def escalate(acting: Acting, case: Case, text: str) -> None:
    """One level up, with the clocks of that level. Raises CaseRefused at the ministry's."""
    if case.level >= LEVEL_MAX:
        raise CaseRefused(_("Kasus ini sudah di tingkat kementerian."))
    level = case.level + 1
    clock = asdict(clock_of(case.kind, level))
    _happens(acting, case, CaseEvent.What.ESCALATED, told=True, level=level, kept=text, **clock)


def close(acting: Acting, case: Case) -> None:
    """After an answer."""
    _happens(acting, case, CaseEvent.What.CLOSED, told=True)


def reopen(acting: Acting, case: Case, text: str) -> None:
    """Who asked says on the telephone that it is not over; once."""
    clock = asdict(clock_of(case.kind, case.level))
    _happens(acting, case, CaseEvent.What.REOPENED, text, told=True, **clock)


@transaction.atomic
def merge(acting: Acting, case: Case, into: Case) -> None:
    """This one goes on in the other; both keep their trails. Raises CaseRefused."""
    _happens(acting, case, CaseEvent.What.MERGED, told=True, other=into, value=into.number)
    into.refresh_from_db()
    _happens(acting, into, CaseEvent.What.MERGED, other=case, value=case.number)


def link(acting: Acting, case: Case, thing: Family | Payment | Happening) -> None:
    """With a family; with a payment, or with what happened, and its family. Linked again, the latest counts."""
    _happens(acting, case, CaseEvent.What.LINKED, **_linked(thing))


def unlink(acting: Acting, case: Case, value: str) -> None:
    """Take back a link in force, by its value; what is left in force counts. Raises CaseRefused, PermissionDenied."""
    linked = in_force().filter(case=case, value=value).first()
    if linked is None:
        raise CaseRefused(_("Hubungan itu sudah dilepas."), "linked")
    _happens(
        acting, case, CaseEvent.What.UNLINKED, value=value, family_id=linked.family_id, payment_id=linked.payment_id
    )


def link_as_told(acting: Acting, case: Case, thing: Family | Happening) -> None:
    """With what it was told of, by who wrote it down. Raises PermissionDenied, CaseRefused."""
    if case.opened_by_id != acting.person_id:
        raise PermissionDenied("link")
    _put(acting, case, CaseEvent.What.LINKED, acting.authority(May.TELL_CASE), **_linked(thing))


def _linked(thing: Family | Payment | Happening) -> dict[str, Any]:
    if isinstance(thing, Payment):
        return {"payment": thing, "family_id": thing.family_id, "value": thing.payment_id}
    if isinstance(thing, Happening):
        return {"family": thing.family, "value": thing.value}
    return {"family": thing, "value": thing.family_no}


def accuse(acting: Acting, case: Case, person: Person) -> None:
    """Of whom it complains: from then on the case is sensitive, and never found by that person. Raises CaseRefused."""
    if person.pk == acting.person_id:
        raise CaseRefused(_("Pilih salah satu yang ada."), "person")
    _happens(acting, case, CaseEvent.What.ACCUSED, person=person)


@transaction.atomic
def _happens(
    acting: Acting, case: Case, what: str, text: str = "", *, told: bool = False, kept: str = "", **fields: Any
) -> None:
    if not may_work(acting, case):
        raise PermissionDenied(what)
    _put(acting, case, what, _authority(acting, case), text or kept, told=told, **fields)


def _put(
    acting: Acting, case: Case, what: str, authority: str, said: str = "", *, told: bool = False, **fields: Any
) -> None:  # fmt: skip
    key = uuid4()
    with refusing():
        CaseEvent.objects.bulk_create([CaseEvent(
            pk=key, case=case, number=case.steps + 1, what=what, told=told, by_id=acting.person_id,
            authority=authority, text_sealed=seal(said, Place("helpdesk_caseevent", "text", str(key))) if said else b"",
            **fields,
        )])  # fmt: skip
    record(acting, f"helpdesk.{what.lower()}", case, region=case.region_code, authority=authority)


def _authority(acting: Acting, case: Case) -> str:
    right = May.HANDLE_SENSITIVE if case.sensitive else May.WORK_CASES
    if acting.may(right, case.region_code):
        return acting.authority(right, case.region_code)
    return acting.authority(May.TELL_CASE)


@contextmanager
def refusing() -> Iterator[None]:
    """What the database does not let happen, in words."""
    with guarded(lambda _name: CaseRefused(_("Kasus ini baru saja berubah. Muat ulang halamannya, lalu coba lagi."))):
        yield

"""A problem of a training, an exception or what was found on a visit becomes a case, and each leads to the other."""

from contextlib import AbstractContextManager
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.models import Person
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.helpdesk.actions.cases import CaseRefused, Told, file_case, hand_on, link, link_as_told
from gandeng.helpdesk.happenings import Happening
from gandeng.helpdesk.models import Case, Origin
from gandeng.helpdesk.origin_queries import Thing
from gandeng.helpdesk.queries import may_work
from gandeng.web.refusals import guarded


@transaction.atomic
def open_from(acting: Acting, thing: Thing, told: Told, owner: Person | None, key: UUID) -> Case:
    """A case of the place of the thing; `key` makes twice once. Raises CaseRefused, PermissionDenied."""
    if thing.happening is not None:
        return _of_happening(acting, thing.happening, told, owner, key)
    filed = file_case(acting, told)
    case = Case.objects.get(number=filed.number)
    if thing.payment is not None and may_work(acting, case):
        link(acting, case, thing.payment)
        case.refresh_from_db()
    if owner is not None:
        hand_on(acting, case, owner)
        case.refresh_from_db()
    authority = acting.first.words if acting.first else ""
    with _once():
        Origin.objects.bulk_create([Origin(
            pk=key, case=case, problem=thing.problem, exception=thing.exception, by_id=acting.person_id,
            authority=authority,
        )])  # fmt: skip
    record(
        acting, "helpdesk.opened_from", case, region=case.region_code, authority=authority,
        opened_from=str(getattr(thing.problem or thing.exception, "pk", "")),
    )  # fmt: skip
    return case


def _of_happening(acting: Acting, happening: Happening, told: Told, owner: Person | None, key: UUID) -> Case:
    """Its link is the record of where it came from, for whoever sees the case; `key` is the id of the case."""
    with _once():
        file_case(acting, told, key)
    case = Case.objects.get(pk=key)
    (link if may_work(acting, case) else link_as_told)(acting, case, happening)
    case.refresh_from_db()
    if owner is not None:
        hand_on(acting, case, owner)
        case.refresh_from_db()
    record(
        acting, "helpdesk.opened_from", case, region=case.region_code, authority=acting.authority(May.TELL_CASE),
        opened_from=str(happening.key),
    )  # fmt: skip
    return case


def _once() -> AbstractContextManager[None]:
    return guarded(lambda _name: CaseRefused(_("Kasus ini sudah dibuka. Lihat di halaman asalnya.")))

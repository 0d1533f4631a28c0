"""A problem of a training or an exception becomes a case with an owner, and each leads to the other."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.models import Person
from gandeng.audit.actions import record
from gandeng.helpdesk.actions.cases import CaseRefused, Told, file_case, hand_on, link
from gandeng.helpdesk.models import Case, Origin
from gandeng.helpdesk.origin_queries import Thing
from gandeng.helpdesk.queries import may_work
from gandeng.web.refusals import guarded


@transaction.atomic
def open_from(acting: Acting, thing: Thing, told: Told, owner: Person | None, key: UUID) -> Case:
    """A case of the place of the thing; `key` makes twice once. Raises CaseRefused, PermissionDenied."""
    filed = file_case(acting, told)
    case = Case.objects.get(number=filed.number)
    if thing.payment is not None and may_work(acting, case):
        link(acting, case, thing.payment)
        case.refresh_from_db()
    if owner is not None:
        hand_on(acting, case, owner)
        case.refresh_from_db()
    authority = acting.first.words if acting.first else ""
    with guarded(lambda _name: CaseRefused(_("Kasus ini sudah dibuka. Lihat di halaman asalnya."))):
        Origin.objects.bulk_create([Origin(
            pk=key, case=case, problem=thing.problem, exception=thing.exception, by_id=acting.person_id,
            authority=authority,
        )])  # fmt: skip
    record(
        acting, "helpdesk.opened_from", case, region=case.region_code, authority=authority,
        opened_from=str(getattr(thing.problem or thing.exception, "pk", "")),
    )  # fmt: skip
    return case

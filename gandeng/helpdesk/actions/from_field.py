"""A complaint a family told its facilitator, which comes from her phone."""

from uuid import UUID

from django.db import transaction

from gandeng.accounts.acting import Acting
from gandeng.helpdesk.actions.cases import Told, file_case, link_as_told
from gandeng.helpdesk.models import Case
from gandeng.helpdesk.published import kinds
from gandeng.registry.models import Family


@transaction.atomic
def tell_of_family(
    acting: Acting, case_id: UUID, *, kind: str, what: str, family: Family | None, region: str
) -> UUID:  # fmt: skip
    """A case of that id, told through the facilitator and linked with the family; a sensitive one names it in the
    sealed contact alone. Raises PermissionDenied.
    """
    name = family.collector.name if family and family.collector else ""
    contact = ", ".join(one for one in (name, family.family_no if family else "") if one)
    file_case(acting, Told(kind, region, what, Case.Came.FACILITATOR, contact), case_id)
    if family is not None and not kinds()[kind].sensitive:
        link_as_told(acting, Case.objects.get(pk=case_id), family)
    return case_id

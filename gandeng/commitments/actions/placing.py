"""Where members fulfil their obligations: one by one, and many at one facility."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import Line, record_all
from gandeng.commitments.actions.common import CommitmentRefused, locked
from gandeng.commitments.models import Enrolment, Facility
from gandeng.commitments.queries import Quarter
from gandeng.commitments.unplaced_queries import DUTY_OF, unplaced
from gandeng.registry.models import Member


def place(acting: Acting, member: Member, obligation: str, facility: Facility | None, since: date) -> Enrolment:
    """From that day on the member fulfils it there. Raises PermissionDenied."""
    with transaction.atomic():
        (made,) = _placed(acting, [member], obligation, facility, since)
    return made


def place_many(
    acting: Acting, member_ids: Collection[UUID], facility: Facility, quarter: Quarter, since: date
) -> list[Enrolment]:
    """All of them there for the duty its kind serves, or none: who has a place by now, or no such duty, is named.

    Raises CommitmentRefused, PermissionDenied.
    """
    duty = DUTY_OF[Facility.Kind(facility.kind)]
    if not member_ids:
        raise CommitmentRefused(_("Pilih sedikitnya satu anggota."))
    if since > quarter.ends:
        raise CommitmentRefused(_("Hari itu sesudah triwulannya."), "since")
    with transaction.atomic():
        members = list(Member.objects.filter(pk__in=member_ids).order_by("name", "pk"))
        locked(each.family_id for each in members)
        waiting = set(unplaced(quarter, duty=duty).filter(pk__in=member_ids).values_list("pk", flat=True))
        if others := [each.name for each in members if each.pk not in waiting]:
            words = _("Sudah terdaftar, atau tidak punya kewajiban itu: %(names)s. Tidak ada yang didaftarkan.")
            raise CommitmentRefused(words % {"names": ", ".join(others[:_NAMED])})
        if len(members) != len(set(member_ids)):
            raise CommitmentRefused(_("Daftarnya berubah sejak halaman dibuka. Muat ulang, lalu pilih lagi."))
        return _placed(acting, members, duty, facility, since)


_NAMED = 10


def _placed(
    acting: Acting, members: Collection[Member], obligation: str, facility: Facility | None, since: date
) -> list[Enrolment]:
    villages = {each.village_code for each in members}
    authority = {code: acting.authority(May.RECORD_COMMITMENT, code) for code in villages}
    made = Enrolment.objects.bulk_create(
        [
            Enrolment(
                member=each, family_id=each.family_id, village_code=each.village_code, obligation=obligation,
                facility=facility, since=since, by_id=acting.person_id,
            )
            for each in members
        ],
        batch_size=500,
    )  # fmt: skip
    facts = {"obligation": obligation, "facility": str(facility.pk) if facility else ""}
    record_all(acting, [
        Line("commitment.placed", each, region=each.village_code, authority=authority[each.village_code], facts=facts)
        for each in made
    ])  # fmt: skip
    return made

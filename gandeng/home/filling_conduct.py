"""Conduct in the try-out: a code that some have signed, a clarification, and a case that was heard and waits.

Everything is by the acts of the people who would do them; names and events are invented.
"""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from gandeng.accounts.acting import Acting, Held
from gandeng.accounts.models import Person
from gandeng.accounts.roles import Role
from gandeng.conduct.actions import cases, clarifications, steps
from gandeng.conduct.actions import code as codes
from gandeng.conduct.case_queries import Standing, access_case
from gandeng.conduct.models import Party
from gandeng.conduct.published import prohibitions
from gandeng.facilitators.models import Post, Staff
from gandeng.home.filling_people import Cast
from gandeng.home.filling_staff import Doing

TITLE_KEPT = "Kode etik contoh"
SOURCE_KEPT = "Teks contoh situs coba, bukan naskah keputusan"
WHAT_KEPT = "Menurut tetangga, kartu KKS sebuah keluarga disimpan pendamping sejak bulan lalu."
CALLED_KEPT = "Datang ke kantor Dinas Sosial pukul sembilan dengan membawa buku kunjungan."
HEARD_KEPT = "Ia menjelaskan kartu itu dititipkan sehari dan sudah dikembalikan; keluarga membenarkan."
CLAIM_KEPT = "Bantuan dihentikan mulai bulan depan bagi semua keluarga."
TRUTH_KEPT = "Tidak benar. Penyaluran berjalan menurut jadwal tahapnya; pengumuman hanya lewat Dinas Sosial."
CLEARED_BY_KEPT = "Siaran situs coba"
_SIGNED = 9
_CASE = UUID("6b1c2f60-0000-4000-8000-000000000001")


def fill_conduct(cast: Cast, doing: Doing) -> None:
    """In the main district; nothing where it has no facilitators beside her of the door."""
    district, today = cast.facilitator.grants[0].region_code[:4], timezone.localdate()
    with doing(cast.coordinators[district]) as coordinator:
        staff = list(_colleagues(cast, district))
    if not staff:
        return
    with doing(cast.province_head) as head:
        told = [one.fact.said("id") for one in prohibitions().values()]
        articles = [f"Dilarang {one[:1].lower()}{one[1:]}." for one in told]
        code = codes.enter(head, codes.Text(cast.province, TITLE_KEPT, SOURCE_KEPT, articles, today))
    for acting, one in _selves(staff[:_SIGNED]):
        with doing(acting):
            codes.sign(acting, one, code, code.text_sha256, second_factor=False)
    with doing(coordinator):
        until = today + timedelta(days=60)
        clarifications.publish(
            coordinator, clarifications.Text(district, CLAIM_KEPT, TRUTH_KEPT, CLEARED_BY_KEPT, until)
        )
    _case(cast, district, staff[-1], doing)


def _colleagues(cast: Cast, district: str) -> list[Staff]:
    rows = Staff.objects.select_related("person").filter(
        region_code=district, posts__role=Post.Role.FACILITATOR, left_on=None
    )
    return list(rows.exclude(person_id=cast.facilitator.person_id).order_by("staff_no")[: _SIGNED + 1])


def _selves(staff: list[Staff]) -> Iterator[tuple[Acting, Staff]]:
    for one in staff:
        place = one.home_code or one.region_code
        yield Acting(one.person_id, one.person.name, (Held(Role.FACILITATOR, place, "", deputy=False),)), one


def _case(cast: Cast, district: str, accused: Staff, doing: Doing) -> None:
    """Reported by the helpdesk, heard by the province's officer, before the head of the office who decides."""
    today, head, officer = timezone.localdate(), cast.heads[district], cast.province_officer
    with doing(cast.helpdesk) as helpdesk:
        told = cases.Report(_CASE, "CARD", today - timedelta(days=20), WHAT_KEPT)
        cases.report(helpdesk, accused, told)
    with doing(head):
        cases.take(head, _standing(head))
        for part, who in ((Party.Part.DECIDER, head), (Party.Part.INVESTIGATOR, officer)):
            cases.appoint(head, _standing(head), part, Person.objects.get(pk=who.person_id))
    with doing(officer):
        steps.call(officer, _standing(officer), steps.Said(CALLED_KEPT), today)
        steps.hear(officer, _standing(officer), steps.Said(HEARD_KEPT), today)


def _standing(acting: Acting) -> Standing:
    return access_case(acting, _CASE)

"""A facilitator's first page counts whose account or collector is new, of her own families, as the page lists."""

import pytest
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import acting_for, in_territory
from gandeng.facilitators.actions.caseload import assign_unaccompanied
from gandeng.facilitators.tests.factories import make_staff
from gandeng.home.waiting import waiting_for
from gandeng.registry.actions import Proof, Wanted, approve_change, request_change
from gandeng.registry.tests.factories import make_family

pytestmark = pytest.mark.django_db
VILLAGE, LABEL = "6371011001", "Rekening dan pengurus baru"


def counted(acting):
    with in_territory(acting):
        return {one.label: one.count for one in waiting_for(acting)}.get(LABEL)


def test_it_works(operator, cast, client_of):
    mine, colleague = (make_staff() for _ in range(2))
    coordinator, today, families = cast("DISTRICT_COORDINATOR", "6371"), timezone.localdate(), []
    for number, staff in enumerate((mine, colleague)):
        family = make_family(VILLAGE)
        families.append(family)
        with in_territory(coordinator):
            assign_unaccompanied(coordinator, VILLAGE, staff, day=today, reason="Uji")
        with in_territory(operator):
            wanted = Wanted({"channel": "BNI"}, f"123456789{number}")
            change = request_change(operator, family, "ACCOUNT", None, wanted, "Menurut keluarga", Proof("Buku"))
        with in_territory(coordinator):
            approve_change(coordinator, change, "Sesuai bukti")
    she = acting_for(mine.person_id, today)
    assert counted(she) == 1
    page = client_of(she).get(reverse("registry:cooling")).content.decode()
    assert families[0].family_no in page and families[1].family_no not in page
    assert counted(operator) is None, "nobody is told of it who accompanies nobody"

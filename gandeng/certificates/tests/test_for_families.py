"""Plans of the caseload ask certificates which skills families need and who has them."""

import pytest
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.certificates.actions.skills import Settings, change_skill
from gandeng.certificates.for_families import able, wanted
from gandeng.certificates.tests.factories import make_certificate, make_skill
from gandeng.facilitators.actions import plans
from gandeng.facilitators.measures import Measures
from gandeng.facilitators.models import Accompaniment
from gandeng.facilitators.plan_queries import handed
from gandeng.facilitators.tests.plan_world import NEAR, make_district, make_plan
from gandeng.registry.tests.factories import make_family

pytestmark = pytest.mark.django_db

CARE = "Pendampingan disabilitas"


def test_whoever_holds_the_certificate_gets_the_families_that_need_it(cast):
    head, officer = cast("DISTRICT_HEAD", "6371"), cast("PROVINCE_OFFICER", "63")
    coordinator = cast("DISTRICT_COORDINATOR", "6371")
    district, today = make_district(coordinator), timezone.localdate()
    skill = make_skill(officer, name=CARE)
    family = make_family(NEAR, severe_disability=True)
    with in_territory(coordinator):
        assert wanted("6371", today) == [], "nobody said that families need it"
    with in_territory(officer):
        change_skill(officer, skill, Settings("", 36, skill.for_roles, 1, for_traits=["SEVERE_DISABILITY"]))
    make_certificate(head, district.ani, skill)
    with in_territory(coordinator):
        assert able([district.ani.pk, district.siti.pk], today) == {district.ani.pk: frozenset([CARE])}
    plan = make_plan(coordinator)
    with in_territory(coordinator):
        assert Measures.from_json(plan.before["measures"]).unskilled == 1
        assert Measures.from_json(plan.chosen.after).unskilled == 0
        assert handed(plan, today)
        plans.approve(coordinator, plan, day=today, reason="Uji keahlian")
        assert Accompaniment.objects.get(family=family, valid_until=None).staff_id == district.ani.pk

"""What a case is linked with: chosen of what happened with its family, taken back, and what is left counts."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.facilitators.tests.factories import few_queries
from gandeng.family_sessions.tests.factories import hold, make_facilitator, make_group
from gandeng.helpdesk import happenings
from gandeng.helpdesk.actions import cases as deeds
from gandeng.helpdesk.models import Case, CaseEvent
from gandeng.helpdesk.tests.factories import do, filed, found_by
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db
VILLAGE = "6371011001"


@pytest.fixture
def lead(cast):
    return cast("SUB_DISTRICT_LEAD", VILLAGE[:6])


def act(case, name):
    return reverse("helpdesk:act", args=[case.pk, name])


def offered(browser, case, name, field):
    """What the form lets choose."""
    with few_queries():
        form = browser.get(act(case, name)).context["form"]
    return [value for value, _words in form.fields[field].choices if value]


def linked(acting, made):
    """Values of the links in force, the first first, and the family of the case."""
    with in_territory(acting):
        case = Case.objects.get(number=made.number)
        values = happenings.in_force().filter(case=case).order_by("number").values_list("value", flat=True)
        return list(values), case.family_id


def test_it_works(cast, lead, client_of):
    """A meeting of the family's group is chosen; the case's page leads to it; taken back, both say so no longer."""
    facilitator, staff = make_facilitator(cast, families=2)
    meeting = hold(facilitator, make_group(facilitator, staff))
    with in_territory(EVERYWHERE):
        family = Family.objects.order_by("family_no")[0]
    made, browser, value = filed(lead, region=VILLAGE), client_of(lead), f"MEETING:{meeting.pk}"
    do(lead, made, deeds.link, family)
    case, page = found_by(lead, made), reverse("family_sessions:meeting", args=[meeting.pk])
    assert offered(browser, case, "peristiwa", "happening") == [value]
    assert browser.post(act(case, "peristiwa"), {"happening": value}).status_code == 302
    with few_queries():
        shown = browser.get(reverse("helpdesk:case", args=[case.pk])).content.decode()
    assert page in shown and "Pertemuan kelompok (P2K2)" in shown and "Melati" in shown
    assert offered(browser, case, "lepas", "linked") == [family.family_no, value]
    assert browser.post(act(case, "lepas"), {"linked": value}).status_code == 302
    shown = browser.get(reverse("helpdesk:case", args=[case.pk])).content.decode()
    assert page not in shown and "Hubungan dilepas" in shown
    assert linked(lead, made) == ([family.family_no], family.pk)
    again = browser.post(act(case, "lepas"), {"linked": value})
    assert again.status_code == 422, "what is not linked is not taken back"


def test_what_was_linked_last_and_is_left_counts(lead):
    made, one, other = filed(lead, region=VILLAGE), make_family(VILLAGE), make_family(VILLAGE)
    for family in (one, other, one):
        do(lead, made, deeds.link, family)
    assert linked(lead, made) == ([other.family_no, one.family_no], one.pk)
    do(lead, made, deeds.unlink, one.family_no)
    assert linked(lead, made) == ([other.family_no], other.pk)
    do(lead, made, deeds.unlink, other.family_no)
    assert linked(lead, made) == ([], None)
    do(lead, made, deeds.link, one)
    assert linked(lead, made) == ([one.family_no], one.pk)


def test_the_database_takes_back_only_what_is_linked(lead):
    made, family = filed(lead, region=VILLAGE), make_family(VILLAGE)
    with in_territory(lead):
        case = Case.objects.get(number=made.number)
        with pytest.raises(deeds.CaseRefused):
            deeds.unlink(lead, case, family.family_no)
        with pytest.raises(DatabaseError), transaction.atomic():
            CaseEvent.objects.create(
                case=case, number=case.steps + 1, what="UNLINKED", value=family.family_no, by_id=lead.person_id
            )


def test_before_a_family_is_known_nothing_is_offered(lead, client_of):
    made, browser = filed(lead, region=VILLAGE), client_of(lead)
    case = found_by(lead, made)
    page = browser.get(reverse("helpdesk:case", args=[case.pk])).content.decode()
    for name in ("peristiwa", "lepas"):
        assert act(case, name) not in page
        assert browser.get(act(case, name)).status_code == 302
    do(lead, made, deeds.link, make_family(VILLAGE))
    assert "Belum ada yang tercatat" in browser.get(act(case, "peristiwa")).content.decode()

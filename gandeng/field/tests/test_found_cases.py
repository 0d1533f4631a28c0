"""What was found on a visit becomes a case with its family, once, and the visit shows what became of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.facilitators.tests.factories import few_queries, make_staff
from gandeng.field import found_cases
from gandeng.field.models import Visit
from gandeng.field.tests.factories import VILLAGE, a_visit
from gandeng.helpdesk.actions import cases as deeds
from gandeng.helpdesk.models import Case, CaseEvent
from gandeng.helpdesk.tests.factories import person
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db
NOTE = "Adik sudah sebulan tidak ditimbang"
LIST = "/lapangan/kunjungan/"


@pytest.fixture
def visit(phone):
    """On which she found something; another found nothing, a third was half a year ago."""
    family = phone.carry()["families"][0]
    long_ago = (timezone.localdate() - timedelta(days=found_cases.FOUND_DAYS + 1)).isoformat()
    bodies = [a_visit(), a_visit(found_case="HEALTH", note="Dahulu", on_day=long_ago)]
    phone.send(*[phone.entry("field.visit", family, body) for body in bodies])
    phone.send(phone.entry("field.visit", family, a_visit(found_case="HEALTH", note=NOTE)))
    with in_territory(EVERYWHERE):
        assert Visit.objects.count() == 3
        return Visit.objects.select_related("family").get(note=NOTE)


@pytest.fixture
def lead(cast):
    return cast("SUB_DISTRICT_LEAD", VILLAGE[:6])


def form_of(visit):
    return reverse("helpdesk:of_visit", args=[visit.pk])


def opens(browser, visit, **changed):
    """The form as it is offered, sent."""
    form = browser.get(form_of(visit)).context["form"]
    sent = {name: str(form.initial.get(name, "")) for name in form.fields} | changed
    return browser.post(form_of(visit), sent), sent


def only_case():
    with in_territory(EVERYWHERE):
        return Case.objects.get()


def waiting(acting, client_of):
    """What the first page counts, which is what its list holds."""
    browser = client_of(acting)
    first = browser.get(reverse("home")).context["waiting"]
    (counted,) = [one for one in first if one.url.startswith(reverse("field:visits"))]
    rows = browser.get(counted.url).context["rows"]
    assert counted.count == len(rows)
    return [row["visit"].pk for row in rows]


def test_it_works(visit, facilitator, lead, client_of):
    phone = client_of(facilitator)
    assert waiting(facilitator, client_of) == waiting(lead, client_of) == [visit.pk]
    assert phone.get(LIST).content.decode().count("Buka kasus pengaduan") == 2, "the old one may become a case too"
    form = phone.get(form_of(visit)).context["form"]
    assert form.initial["kind"] == "DISASTER" and NOTE in form.initial["what"] and "owner" not in form.fields
    answer, _sent = opens(phone, visit)
    case = only_case()
    assert answer.status_code == 302 and answer.url == reverse("helpdesk:case", args=[case.pk])
    assert (case.family_id, case.region_code, case.level) == (visit.family_id, visit.village_code, 1)
    assert waiting(facilitator, client_of) == waiting(lead, client_of) == []
    part = f"{LIST}keluarga/{visit.family_id}/"
    for browser in (phone, client_of(lead)):
        with few_queries():
            listed = browser.get(LIST).content.decode()
        seen = browser.get(part, headers={"HX-Request": "true"}).content.decode()
        for page in (listed, seen):
            assert case.number in page and "Baru" in page and form_of(visit) not in page
        with few_queries():
            told = browser.get(reverse("helpdesk:case", args=[case.pk])).content.decode()
        assert "Kunjungan rumah" in told and NOTE in told and f"VISIT:{visit.pk}" not in told
        assert reverse("registry:family", args=[visit.family_id]) in told


def test_the_office_opens_it_too_and_proposes_who_went(visit, facilitator, coordinator, client_of):
    browser = client_of(coordinator)
    assert browser.get(form_of(visit)).context["form"].initial["owner"] == str(facilitator.person_id)
    answer, _sent = opens(browser, visit)
    case = only_case()
    assert answer.status_code == 302 and (case.state, case.assigned_id) == ("ASSIGNED", facilitator.person_id)
    with in_territory(coordinator):
        told = list(CaseEvent.objects.order_by("number").values_list("what", "value"))
    assert told == [("OPENED", ""), ("LINKED", f"VISIT:{visit.pk}"), ("ASSIGNED", "")]
    assert waiting(facilitator, client_of) == [], "handed to her, she finds it"


def test_a_case_handed_to_nobody_counts_for_her_too(visit, facilitator, coordinator, client_of):
    """She does not see the case; her row says that the office works it, and nobody asks for another."""
    assert opens(client_of(coordinator), visit, owner="")[0].status_code == 302
    assert only_case().assigned_id is None
    browser, part = client_of(facilitator), f"{LIST}keluarga/{visit.family_id}/"
    with few_queries():
        listed = browser.get(LIST).content.decode()
    for page in (listed, browser.get(part, headers={"HX-Request": "true"}).content.decode()):
        assert "Sudah menjadi pengaduan yang dikerjakan kantor" in page
        assert form_of(visit) not in page and only_case().number not in page
    assert waiting(facilitator, client_of) == []


def test_sent_twice_is_one_case(visit, facilitator, client_of):
    browser = client_of(facilitator)
    _answer, sent = opens(browser, visit)
    again = browser.post(form_of(visit), sent)
    assert again.status_code == 422 and "sudah dibuka" in again.content.decode()
    assert only_case().steps == 2


def test_a_case_that_is_there_is_linked_and_linked_again(visit, lead):
    with in_territory(lead):
        made = deeds.file_case(lead, deeds.Told("OTHER", VILLAGE, NOTE, "FIELD"))
        thing = found_cases.of_visit(lead, visit.pk).happening
        for other in (thing, visit.family):
            deeds.link(lead, Case.objects.get(number=made.number), other)
            assert Case.objects.get().family_id == visit.family_id
        seen = Visit.objects.get(pk=visit.pk)
        assert found_cases.told_of(lead, [seen])[visit.pk]["cases"][0]["case"].number == made.number


def test_a_visit_is_chosen_for_a_case_of_its_family_and_taken_back(visit, facilitator, lead, client_of):
    """The visit shows the case while the link is in force; taken back, a case is asked for again."""
    browser, value = client_of(lead), f"VISIT:{visit.pk}"
    with in_territory(lead):
        made = deeds.file_case(lead, deeds.Told("OTHER", VILLAGE, NOTE, "FIELD"))
        case = Case.objects.get(number=made.number)
        deeds.link(lead, case, visit.family)
    for name in ("peristiwa", "lepas"):
        assert browser.post(reverse("helpdesk:act", args=[case.pk, name]), {"x": "1"}).status_code == 422
    address = reverse("helpdesk:act", args=[case.pk, "peristiwa"])
    choices = dict(browser.get(address).context["form"].fields["happening"].choices)
    assert len(choices) == 4 and "Masalah kesehatan" in choices[value]
    browser.post(address, {"happening": value})
    assert case.number in browser.get(LIST).content.decode()
    assert waiting(facilitator, client_of) == waiting(lead, client_of) == []
    browser.post(reverse("helpdesk:act", args=[case.pk, "lepas"]), {"linked": value})
    assert case.number not in browser.get(LIST).content.decode()
    assert waiting(facilitator, client_of) == waiting(lead, client_of) == [visit.pk]


def test_it_refuses_others_and_visits_without_a_finding(visit, facilitator, cast, client_of, stranger):
    with in_territory(EVERYWHERE):
        nothing = Visit.objects.get(found_case="")
    assert client_of(facilitator).get(form_of(nothing)).status_code == 404
    make_staff("6371", person=person(colleague := cast("FACILITATOR", VILLAGE)))
    others = [stranger, colleague, cast("DISTRICT_HEAD", "6371"), cast("AUDITOR", "6371")]
    for other in [*others, cast("SUB_DISTRICT_LEAD", "637102")]:
        assert client_of(other).post(form_of(visit), {"kind": "OTHER"}).status_code in (403, 404)
    assert client_of(facilitator).get(LIST, {"case": "SOME"}).status_code == 400


def test_what_became_sensitive_is_not_told_by_its_visit(visit, facilitator, lead, cast, client_of):
    browser = client_of(lead)
    opens(browser, visit)
    case = only_case()
    with in_territory(lead):
        deeds.accuse(lead, Case.objects.get(), person(facilitator))
    browser.get(reverse("home"))  # what was said after opening it is said once
    assert case.number not in browser.get(LIST).content.decode()
    assert case.number in client_of(cast("DISTRICT_HEAD", "6371")).get(LIST).content.decode()


def test_it_refuses_a_sensitive_kind(visit, facilitator, client_of):
    answer, _sent = opens(client_of(facilitator), visit, kind="LEVY")
    assert answer.status_code == 422
    with in_territory(EVERYWHERE):
        assert not Case.objects.exists()

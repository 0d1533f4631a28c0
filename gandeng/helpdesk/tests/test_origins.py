"""Cases opened from a problem of a training and from an exception, with an owner, each leading to the other."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.facilitators.tests.factories import few_queries
from gandeng.helpdesk.actions import cases as deeds
from gandeng.helpdesk.models import Case, CaseEvent, Origin
from gandeng.helpdesk.tests.factories import person
from gandeng.reconciliation.models import ExceptionCase
from gandeng.reconciliation.tests.conftest import bank, cycle, quick  # noqa: F401 (fixtures)
from gandeng.reconciliation.tests.world import BANJARMASIN, payments_of, send, told
from gandeng.training.actions import problems
from gandeng.training.actions.problems import Raised
from gandeng.training.problem_queries import access_problem
from gandeng.training.tests.happening import happening

pytestmark = pytest.mark.django_db
WHAT = "Kartu lima keluarga tertelan mesin"


@pytest.fixture
def problem(cast, operator):
    """Raised by somebody at an event of the operator's office."""
    going_on = happening(cast, operator, 1)
    who = going_on.people[0]
    with in_territory(who):
        return problems.raise_problem(who, going_on.own(who), Raised("6371", "PAYMENT", WHAT))


@pytest.fixture
def exception(cycle, bank):  # noqa: F811
    """A payment that failed at the bank."""
    first, second = [p for p in payments_of(cycle) if p.channel == "BRI" and p.village_code == BANJARMASIN]
    send(bank, cycle, [told(first, "FAILURE", "", reason="rekening pasif"), told(second, "CREDIT")])
    return first


def opened(browser, address, **changed):
    """The form as it is offered, sent."""
    form = browser.get(address).context["form"]
    sent = {"kind": form.initial["kind"], "what": form.initial["what"], "key": str(form.initial["key"])} | changed
    return browser.post(address, sent), sent


def only_case(acting) -> Case:
    with in_territory(acting):
        return Case.objects.select_related("assigned").get()


def test_a_problem_becomes_a_case_with_its_owner(problem, operator, cast, client_of):
    coordinator, browser = cast("DISTRICT_COORDINATOR", "6371", name="Korkab Uji"), client_of(operator)
    with in_territory(operator):
        problems.give(operator, access_problem(operator, problem.pk), person(coordinator), None)
    page, address = reverse("training:problem", args=[problem.pk]), reverse("helpdesk:of_problem", args=[problem.pk])
    assert address in browser.get(page).content.decode()
    with few_queries():
        assert browser.get(address).context["form"].initial["owner"] == str(coordinator.person_id)
    with few_queries():
        browser.get(page)
    answer, _sent = opened(browser, address, owner=str(coordinator.person_id))
    case = only_case(operator)
    assert answer.status_code == 302 and answer.url == reverse("helpdesk:case", args=[case.pk])
    assert (case.state, case.assigned_id, case.kind) == ("ASSIGNED", coordinator.person_id, "FIELD_PROBLEM")
    with few_queries():
        shown = browser.get(page).content.decode()
    assert case.number in shown and "Diserahkan" in shown and "Korkab Uji" in shown
    theirs = client_of(coordinator)
    with few_queries():
        told = theirs.get(reverse("helpdesk:case", args=[case.pk])).content.decode()
    assert page in told and problem.number in told and WHAT in told


def test_an_exception_becomes_a_case_linked_with_its_payment(exception, cast, client_of):
    operator = cast("DISTRICT_OPERATOR", "6371")
    browser = client_of(operator)
    with in_territory(operator):
        found = ExceptionCase.objects.get(payment=exception)
    page, address = (
        reverse("reconciliation:exception", args=[found.pk]),
        reverse("helpdesk:of_exception", args=[found.pk]),
    )
    assert address in browser.get(page).content.decode()
    answer, _sent = opened(browser, address, owner=str(operator.person_id))
    assert answer.status_code == 302
    case = only_case(operator)
    assert case.payment_id == exception.pk and case.family_id == exception.family_id
    assert case.assigned_id == operator.person_id
    with few_queries():
        assert case.number in browser.get(page).content.decode()
    with few_queries():
        assert page in browser.get(reverse("helpdesk:case", args=[case.pk])).content.decode()
    with in_territory(operator):
        kinds = list(CaseEvent.objects.filter(case=case).order_by("number").values_list("what", flat=True))
        assert kinds == ["OPENED", "LINKED", "ASSIGNED"]


def test_sent_twice_is_one_case(problem, operator, client_of):
    browser, address = client_of(operator), reverse("helpdesk:of_problem", args=[problem.pk])
    _answer, sent = opened(browser, address)
    again = browser.post(address, sent)
    assert again.status_code == 422 and "sudah dibuka" in again.content.decode()
    with in_territory(operator):
        assert Case.objects.count() == Origin.objects.count() == 1


def test_it_refuses_a_sensitive_kind_and_long_numbers(problem, operator, client_of):
    browser, address = client_of(operator), reverse("helpdesk:of_problem", args=[problem.pk])
    for changed in ({"kind": "LEVY"}, {"what": "Nomor 6371010101010001"}, {"owner": str(problem.pk)}):
        answer, _sent = opened(browser, address, **changed)
        assert answer.status_code == 422, changed
    with in_territory(operator):
        assert not Case.objects.exists()


def test_what_became_sensitive_is_not_told_by_its_origin(problem, operator, cast, client_of):
    browser, head = client_of(operator), cast("DISTRICT_HEAD", "6371")
    page, address = reverse("training:problem", args=[problem.pk]), reverse("helpdesk:of_problem", args=[problem.pk])
    before = browser.get(page).content.decode()
    opened(browser, address)
    case = only_case(operator)
    with in_territory(operator):
        deeds.accuse(operator, case, person(cast("FACILITATOR", "6371011001")))
        assert not Origin.objects.exists()
    browser.get(reverse("home"))  # what was said after opening it is said once
    assert case.number not in browser.get(page).content.decode() and address in before
    assert case.number in client_of(head).get(reverse("helpdesk:cases")).content.decode()


def test_others_do_not_open_one(problem, exception, cast, client_of, stranger):
    with in_territory(cast("DISTRICT_OPERATOR", "6371")):
        found = ExceptionCase.objects.get(payment=exception)
    addresses = [reverse("helpdesk:of_problem", args=[problem.pk]), reverse("helpdesk:of_exception", args=[found.pk])]
    for who in (stranger, cast("FACILITATOR", "6371011001"), cast("HELPDESK", "6371")):
        for address in addresses:
            assert client_of(who).post(address, {"kind": "OTHER"}).status_code in (403, 404)


def test_the_database_holds_it_too(problem, operator, cast):
    with in_territory(operator):
        deeds.file_case(operator, deeds.Told("OTHER", "6371", WHAT, "FIELD"))
        case = Case.objects.get()
        origin = Origin(case=case, problem=problem, by_id=operator.person_id, authority="")
        for change in ({"problem": None}, {"by_id": person(cast("HELPDESK", "6371")).pk}):
            wrong = {"case": case, "problem": problem, "by_id": operator.person_id, "authority": ""} | change
            with pytest.raises(DatabaseError), transaction.atomic():
                Origin.objects.bulk_create([Origin(**wrong)])
        Origin.objects.bulk_create([origin])
        for query in ("delete from helpdesk_origin", "update helpdesk_origin set authority = 'x'"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(query)


def test_what_concerns_a_province_begins_there(cast):
    officer = cast("PROVINCE_OFFICER", "63")
    with in_territory(officer):
        deeds.file_case(officer, deeds.Told("OTHER", "63", WHAT, "FIELD"))
        assert Case.objects.get().level == Case.Level.PROVINCE

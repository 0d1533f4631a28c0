"""Nobody is both pairs of eyes: a role that is given is held once a second person has said yes."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import Acting, Held, acting_for, grants_on, in_territory
from gandeng.accounts.actions import invite_administrator
from gandeng.accounts.confirming import waiting_for
from gandeng.accounts.models import Grant, Person
from gandeng.accounts.roles import OVER_MONEY, RULES, May, Role
from gandeng.accounts.tests.test_people import way_in
from gandeng.accounts.tests.test_sessions import WORDS
from gandeng.accounts.villages import hold_villages
from gandeng.audit.models import AuditEntry

pytestmark = pytest.mark.django_db

REASON = "surat tugas 14/2026"
EVERYWHERE = Acting(uuid4(), "Uji", (Held(Role.MINISTRY_OFFICER, "", "", deputy=False),))


@pytest.fixture
def administrator(cast):
    return cast("ADMINISTRATOR", "6371", name="Admin Kota")


def invited(browser, role="DISTRICT_COORDINATOR", name="Orang Baru"):
    told = {
        "name": name, "email": f"{role.lower()}@pribadi.test", "role": role, "region": "63.71",
        "since": timezone.localdate().isoformat(),
    }  # fmt: skip
    answer = browser.post(reverse("accounts:invite"), told)
    assert answer.status_code == 200, answer.content.decode()
    return Person.objects.get(name=name), answer


def held(person):
    return [one.role.value for one in acting_for(person.pk, timezone.localdate()).grants]


def decide(browser, grant, decision="confirm", reason=REASON):
    page = reverse("accounts:waiting_role", args=[grant.pk])
    return browser.post(page, {"decision": decision, "reason": reason})


def log(action):
    with in_territory(EVERYWHERE):
        return AuditEntry.objects.get(action=action)


def test_it_works(administrator, coordinator, client_of):
    person, answer = invited(client_of(administrator))
    assert "menunggu orang kedua" in answer.content.decode()
    joined = Client()
    joined.post(way_in(), {"password": WORDS, "again": WORDS})
    assert joined.get(reverse("accounts:me")).status_code == 200 and held(person) == []
    assert joined.get(reverse("registry:families")).status_code == 403
    assert "Menunggu orang kedua" in joined.get(reverse("accounts:me")).content.decode()
    browser, grant = client_of(coordinator), Grant.objects.get(person=person)
    for page in (reverse("accounts:waiting_roles"), reverse("accounts:waiting_role", args=[grant.pk])):
        shown = browser.get(page).content.decode()
        assert "district_coordinator@pribadi.test" in shown and "Admin Kota" in shown and "Orang Baru" in shown
    assert f'href="{reverse("accounts:waiting_roles")}"' in shown, "the one leads back to all"
    assert decide(browser, grant).status_code == 302
    assert held(person) == ["DISTRICT_COORDINATOR"]
    grant.refresh_from_db()
    assert (grant.confirmed_by_id, grant.awaits) == (coordinator.person_id, False)
    entry = log("role.confirmed")
    assert (entry.person_id, entry.reason) == (coordinator.person_id, REASON)
    assert "pribadi" not in str(entry.facts), "the log keeps no address"


def test_one_administrator_makes_no_two_who_decide(administrator, client_of):
    """Both at addresses of his own: neither holds anything, and neither confirms the other."""
    browser = client_of(administrator)
    people = [invited(browser, role, name)[0] for role, name in (
        ("ADMINISTRATOR", "Orang Satu"), ("DISTRICT_COORDINATOR", "Orang Dua"),
    )]  # fmt: skip
    for person in people:
        assert held(person) == []
        grant = Grant.objects.get(person=person)
        assert decide(browser, grant).status_code == 404, "he gave it"
        for other in people:
            assert not waiting_for(acting_for(other.pk, timezone.localdate())).exists()


@pytest.mark.parametrize("role", Role)
def test_every_role_shows_families_or_is_over_money_or_people(role):
    """Why every role waits that somebody gives; one that is neither need not."""
    assert RULES[role].may & (OVER_MONEY | {May.SEE_FAMILIES})


def test_one_administrator_alone_shows_nobody_a_family(administrator, coordinator, client_of):
    """Somebody who is not there, at an address of the administrator's own."""
    person, _answer = invited(client_of(administrator), "HELPDESK")
    Client().post(way_in(), {"password": WORDS, "again": WORDS})
    assert held(person) == []
    decide(client_of(coordinator), Grant.objects.get(person=person))
    assert held(person) == ["HELPDESK"]


VILLAGE = "6371011001"


def hold(giver, person, *villages):
    today = timezone.localdate()
    rows = [(person.pk, village, today, None) for village in villages]
    hold_villages([person.pk], rows, region="6371", giver=giver.person_id, today=today)


def test_families_by_caseload_are_held_at_once_also_where_an_administrator_s_word_waits(administrator, coordinator):
    """Who decides the caseload gives no roles: two people are in it already."""
    person = Person.objects.create(name="Pendamping Baru")
    waiting = given(Role.FACILITATOR, person, region=VILLAGE, granted_by_id=administrator.person_id, awaits=True)
    assert held(person) == []
    hold(coordinator, person, VILLAGE)
    waiting.refresh_from_db()
    assert held(person) == ["FACILITATOR"] and waiting.valid_until == timezone.localdate()


def test_a_way_in_for_a_facilitator_of_a_caseload_leaves_her_families_hers(administrator, coordinator, client_of):
    person = Person.objects.create(name="Pendamping Daftar")
    hold(coordinator, person, VILLAGE)
    wider = given(Role.FACILITATOR, person, region="637101")
    client_of(administrator).post(reverse("accounts:invite_known", args=[person.pk]), {"email": "baru@contoh.test"})
    wider.refresh_from_db()
    assert held(person) == ["FACILITATOR"] and wider.valid_until == timezone.localdate()
    assert list(Grant.objects.filter(person=person, awaits=True).values_list("region_code", flat=True)) == ["637101"]


def test_a_role_given_to_somebody_known_and_a_deputy_wait_too(administrator, operator, cast, client_of):
    browser, today = client_of(administrator), timezone.localdate()
    told = {"role": "DISTRICT_HEAD", "region": "63.71", "since": today.isoformat()}
    browser.post(reverse("accounts:person", args=[operator.person_id]), told)
    head = Grant.objects.get(person_id=cast("DISTRICT_HEAD", "6371").person_id)
    other = cast("HELPDESK", "6371")
    until = date(today.year + 1, 1, 1).isoformat()
    days = {"person": str(other.person_id), "since": today.isoformat(), "until": until}
    browser.post(reverse("accounts:deputy", args=[head.pk]), days)
    assert Grant.objects.filter(awaits=True, role="DISTRICT_HEAD").count() == 2
    for acting in (operator, other):
        assert "DISTRICT_HEAD" not in held(Person.objects.get(pk=acting.person_id))
        with connection.cursor() as cursor:
            cursor.execute("select conduct_holds(%s, '6371', 'DISTRICT_HEAD')", [acting.person_id])
            assert cursor.fetchone() == (False,), "guards of other packages ask the same"
    assert set(grants_on(today).filter(role="DISTRICT_HEAD")) == {head}


def test_a_way_in_to_another_address_waits_for_a_second_person_again(administrator, coordinator, client_of):
    """Roles recorded long ago, of somebody who never came in: whoever invites chooses who reads the mail."""
    person = Person.objects.create(name="Kepala Daftar")
    Grant.objects.create(person=person, role="DISTRICT_HEAD", region_code="6371", valid_from=date(2024, 1, 1))
    browser, page = client_of(administrator), reverse("accounts:invite_known", args=[person.pk])
    browser.post(page, {"email": "kepala@contoh.test"})
    assert held(person) == []
    decide(client_of(coordinator), Grant.objects.get(person=person, awaits=True))
    assert held(person) == ["DISTRICT_HEAD"]
    browser.post(page, {"email": "Kepala@contoh.test"})
    assert held(person) == ["DISTRICT_HEAD"], "the address a second person saw"
    browser.post(page, {"email": "lain@pribadi.test"})
    assert held(person) == []


def test_whoever_invited_does_not_confirm(administrator, coordinator, cast, client_of):
    person, _answer = invited(client_of(administrator))
    second = client_of(cast("ADMINISTRATOR", "6371", name="Admin Dua"))
    second.post(reverse("accounts:invite_known", args=[person.pk]), {"email": "lain@pribadi.test"})
    grant = Grant.objects.get(person=person, awaits=True)
    assert decide(second, grant).status_code == 404
    assert decide(client_of(coordinator), grant).status_code == 302


def test_it_refuses_from_afar_from_below_and_for_oneself(administrator, operator, stranger, cast, client_of):
    person, _answer = invited(client_of(administrator))
    grant = Grant.objects.get(person=person)
    for other in (cast("DISTRICT_COORDINATOR", "6372"), cast("ADMINISTRATOR", "6372")):
        assert decide(client_of(other), grant).status_code == 404
    assert decide(client_of(operator), grant).status_code == 403
    her_own = cast("ADMINISTRATOR", "6371", person=person)
    assert not waiting_for(her_own).exists()
    assert held(person) == ["ADMINISTRATOR"]


def test_a_refusal_ends_it_with_its_reason(administrator, coordinator, client_of):
    person, _answer = invited(client_of(administrator))
    browser, grant = client_of(coordinator), Grant.objects.get(person=person)
    assert decide(browser, grant, "refuse", "").status_code == 422
    assert decide(browser, grant, "refuse", "Orang ini tidak ada di dinas").status_code == 302
    grant.refresh_from_db()
    assert grant.awaits and grant.valid_until == timezone.localdate() and held(person) == []
    assert log("role.refused").reason == "Orang ini tidak ada di dinas"
    assert decide(browser, grant).status_code == 404


def test_it_asks_who_one_is(administrator, coordinator, client_of, left_open):
    person, _answer = invited(client_of(administrator))
    answer = decide(left_open(coordinator), Grant.objects.get(person=person))
    assert answer.status_code == 302 and "reauthenticate" in answer.url and held(person) == []


def test_the_first_administrator_comes_from_the_server(db):
    invitation, _code = invite_administrator("Admin Pertama", "admin@contoh.test", "6371", timezone.localdate())
    assert held(invitation.person) == ["ADMINISTRATOR"]


def test_the_database_refuses_what_the_pages_would_not_do(administrator, coordinator, client_of):
    person, _answer = invited(client_of(administrator))
    grants, now = Grant.objects.filter(person=person), timezone.now()
    for wrong in (
        {"awaits": False},
        {"awaits": False, "confirmed_by_id": administrator.person_id, "confirmed_at": now},
        {"awaits": False, "confirmed_by_id": person.pk, "confirmed_at": now},
        {"awaits": False, "confirmed_by_id": coordinator.person_id},
        {"granted_by_id": coordinator.person_id},
        {"role": "FACILITATOR"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            grants.update(**wrong)
    grants.update(awaits=False, confirmed_by_id=coordinator.person_id, confirmed_at=now)
    for wrong in ({"awaits": True}, {"confirmed_by_id": None, "confirmed_at": None}, {"region_code": "63"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            grants.update(**wrong)


def given(role, person, region=None, **told):
    """A grant, past every action."""
    region = {"M": "", "P": "63"}.get(role[0], "6371") if region is None else region
    channel = "BRI" if role == Role.CHANNEL_OFFICER else ""
    with transaction.atomic():
        return Grant.objects.create(
            person=person, role=role, region_code=region, channel=channel, valid_from=timezone.localdate(), **told
        )


@pytest.mark.parametrize("role", Role)
def test_the_database_refuses_what_somebody_gives_without_waiting(role, administrator, coordinator):
    person, by = Person.objects.create(name="Orang Baru"), administrator.person_id
    yes = {"confirmed_by_id": coordinator.person_id, "confirmed_at": timezone.now()}
    for told in ({}, yes):
        with pytest.raises(IntegrityError) as refused:
            given(role, person, granted_by_id=by, **told)
        assert refused.value.__cause__.diag.constraint_name == "grant_given_waits"
    given(role, person, granted_by_id=by, awaits=True)


def test_the_database_refuses_a_facilitator_s_deputy_without_waiting(administrator):
    whose = given(Role.FACILITATOR, Person.objects.create(name="Pendamping"), region=VILLAGE)
    deputy = {"person": Person.objects.create(name="Pengganti"), "stands_in_for": whose, "region": VILLAGE}
    days = {"granted_by_id": administrator.person_id, "valid_until": timezone.localdate() + timedelta(days=9)}
    with pytest.raises(IntegrityError):
        given(Role.FACILITATOR, **deputy, **days)
    given(Role.FACILITATOR, **deputy, **days, awaits=True)


@pytest.mark.parametrize("wrong", [{"role": "DISTRICT_HEAD"}, {"region_code": "63"}, {"granted_by": None}])
def test_the_database_refuses_to_make_another_role_of_one_that_is_held(wrong, administrator):
    by = {"granted_by_id": administrator.person_id}
    grant = given(Role.FACILITATOR, Person.objects.create(name="Orang Baru"), region=VILLAGE, **by)
    with pytest.raises(IntegrityError, match="what was given"), transaction.atomic():
        Grant.objects.filter(pk=grant.pk).update(**wrong)

import re
from datetime import date, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.models import Grant, Invitation, Person, User
from gandeng.accounts.tests.test_sessions import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(cast):
    return cast("ADMINISTRATOR", "6371", name="Admin Kota")


def invitation(**changed):
    today = timezone.localdate().isoformat()
    told = {
        "name": "Rina Uji",
        "email": "rina@contoh.test",
        "role": "DISTRICT_OPERATOR",
        "region": "63.71",
        "since": today,
    }
    return told | changed


def invite(browser, **changed):
    return browser.post(reverse("accounts:invite"), invitation(**changed))


def way_in():
    """As the mail says it."""
    return re.search(r"http\S+", mail.outbox[-1].body)[0]


def test_it_works(administrator, client_of, client):
    answer = invite(client_of(administrator))
    assert answer.status_code == 200
    link = way_in()
    joined = client.post(link, {"password": "kuda nil makan siang", "again": "kuda nil makan siang"})
    assert joined.status_code == 302
    assert User.objects.get(email="rina@contoh.test").person.name == "Rina Uji"
    assert UserSession.objects.filter(user__email="rina@contoh.test").count() == 1, "a device one can sign out"
    assert client.get(link).status_code == 404, "an invitation works once"


def test_an_invitation_whose_mail_does_not_go_out_is_none(administrator, client_of, mail_down):
    """Nobody else is told its address: it would stand there, and open for nobody."""
    known = Person.objects.create(name="Kepala Daftar")
    Grant.objects.create(person=known, role="DISTRICT_HEAD", region_code="6371", valid_from=timezone.localdate())
    browser, again = client_of(administrator), reverse("accounts:invite_known", args=[known.pk])
    before = list(Grant.objects.order_by("pk").values())
    with mail_down:
        pages = (invite(browser), browser.post(again, {"email": "kepala@contoh.test"}))
    for page in pages:
        assert page.status_code == 422 and "Surelnya tidak terkirim" in page.content.decode()
    assert 'value="rina@contoh.test"' in pages[0].content.decode(), "what was typed is still there"
    assert not Invitation.objects.exists() and not Person.objects.filter(name="Rina Uji").exists()
    assert list(Grant.objects.order_by("pk").values()) == before


def test_the_way_in_stands_in_the_mail_alone(administrator, client_of, settings):
    """Whoever invites would come in as a head whom a second person confirmed at her own address."""
    known = Person.objects.create(name="Kepala Daftar")
    Grant.objects.create(person=known, role="DISTRICT_HEAD", region_code="6371", valid_from=timezone.localdate())
    browser, again = client_of(administrator), reverse("accounts:invite_known", args=[known.pk])
    for page in (invite(browser), browser.post(again, {"email": "kepala@contoh.test"})):
        assert way_in().rsplit("/", 2)[1] not in page.content.decode()
    settings.DEMO = True  # which sends no mail
    shown = invite(browser, email="lain@contoh.test").content.decode()
    assert way_in() in shown


def test_pressed_twice_it_is_no_fault_of_the_system(administrator, client_of, client, monkeypatch):
    invite(client_of(administrator))
    told, before = {"password": "kuda nil makan siang", "again": "kuda nil makan siang"}, Invitation.objects.get()
    assert client.post(way_in(), told).status_code == 302
    monkeypatch.setattr("gandeng.accounts.actions.invitation_for", lambda _code: before)
    assert client.post(way_in(), told).status_code == 404


def test_somebody_recorded_without_a_login_is_invited_and_keeps_the_role(administrator, client_of, client):
    """A facilitator who came with a list: her roles are there, a way in is not."""
    person = Person.objects.create(name="Pendamping Daftar")
    Grant.objects.create(person=person, role="FACILITATOR", region_code="6371011001", valid_from=timezone.localdate())
    browser, address = client_of(administrator), reverse("accounts:invite_known", args=[person.pk])
    assert address in browser.get(reverse("accounts:person", args=[person.pk])).content.decode()
    browser.post(address, {"email": "daftar@contoh.test"})
    first = way_in()
    browser.post(address, {"email": "daftar@contoh.test"})
    link = way_in()
    assert client.get(first).status_code == 404, "a later invitation takes the earlier one's place"
    client.post(link, {"password": "kuda nil makan siang", "again": "kuda nil makan siang"})
    assert User.objects.get(email="daftar@contoh.test").person == person
    again = browser.post(address, {"email": "lain@contoh.test"})
    assert again.status_code == 422 and "sudah punya akun" in again.content.decode()


def test_it_refuses_to_invite_with_an_address_in_use_or_somebody_elsewhere(administrator, operator, client_of):
    here, elsewhere = (Person.objects.create(name="Pendamping Daftar") for _ in range(2))
    for person, village in (here, "6371011001"), (elsewhere, "6372011001"):
        Grant.objects.create(person=person, role="FACILITATOR", region_code=village, valid_from=timezone.localdate())
    browser, known = client_of(administrator), {"email": User.objects.get(person_id=operator.person_id).email}
    taken = browser.post(reverse("accounts:invite_known", args=[here.pk]), known)
    assert taken.status_code == 422 and "sudah dipakai" in taken.content.decode()
    assert browser.get(reverse("accounts:invite_known", args=[elsewhere.pk])).status_code == 404


@pytest.mark.parametrize("typed", ["63.71 Kota Banjarmasin", "kota banjarmasin", "6371"])
def test_a_region_is_chosen_by_its_name(administrator, client_of, typed):
    browser = client_of(administrator)
    page = browser.get(reverse("accounts:invite")).content.decode()
    assert '<option value="63.71 Kota Banjarmasin">' in page and 'list="places"' in page
    assert "Kabupaten Banjar" not in page, "nothing outside the administrator's"
    assert invite(browser, region=typed).status_code == 200
    assert Grant.objects.get(person__name=invitation()["name"]).region_code == "6371"


def test_it_refuses_a_region_outside_the_administrators(administrator, client_of):
    for region in ("63.72", "63", ""):
        answer = invite(client_of(administrator), region=region)
        page = answer.content.decode()
        assert answer.status_code == 422 and "rina@contoh.test" in page, "what was typed stands"
        assert "di wilayah itu" in page or "Pilih wilayahnya" in page
    assert "seluruh Indonesia" not in client_of(administrator).get(reverse("accounts:invite")).content.decode()
    assert not Person.objects.filter(name="Rina Uji").exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"region": "63.71.01"}, "tingkat wilayah"),
        ({"region": "99.99"}, "Tidak ada wilayah"),
        ({"region": "abc"}, "Pilih wilayah dari daftar"),
        ({"region": "99.99 Kota Banjarmasin"}, "Tidak ada wilayah"),
        ({"channel": "BRI"}, "bank atau pos"),
        ({"email": "bukan surel"}, "surel"),
    ],
)
def test_it_refuses_what_does_not_fit_and_keeps_what_was_typed(administrator, client_of, changed, words):
    answer = invite(client_of(administrator), **changed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Rina Uji" in answer.content.decode()


@pytest.mark.parametrize("password", ["pendek", "gandeng123456", "123456789012", "kemensos2024!"])
def test_it_refuses_a_password_people_would_guess(administrator, client_of, client, password):
    invite(client_of(administrator))
    assert client.post(way_in(), {"password": password, "again": password}).status_code == 422


def test_nobody_gives_a_role_to_oneself(administrator, client_of):
    browser = client_of(administrator)
    told = {"role": "DISTRICT_HEAD", "region": "63.71", "since": timezone.localdate().isoformat()}
    answer = browser.post(reverse("accounts:person", args=[administrator.person_id]), told)
    assert answer.status_code == 403
    assert not Grant.objects.filter(role="DISTRICT_HEAD").exists()


def test_whoever_loses_a_role_loses_the_rows_at_the_next_request(administrator, operator, client_of):
    his = client_of(operator)
    assert his.get(reverse("registry:families")).status_code == 200
    grant = Grant.objects.get(person_id=operator.person_id)
    told = {"on": timezone.localdate().isoformat(), "reason": "pindah tugas"}
    client_of(administrator).post(reverse("accounts:end_role", args=[grant.pk]), told)
    assert his.get(reverse("registry:families")).status_code == 403


def test_a_closed_login_is_out_at_the_next_request(administrator, operator, client_of):
    his = client_of(operator)
    told = {"login-reason": "telepon hilang"}
    client_of(administrator).post(reverse("accounts:set_login", args=[operator.person_id]), told)
    assert his.get(reverse("home")).status_code == 302


def test_opened_again_no_session_of_before_goes_on(administrator, user, client, client_of):
    """Whoever has the lost telephone waits for that."""
    sign_in(client, user)
    assert client.get(reverse("accounts:me")).status_code == 200
    browser, address = client_of(administrator), reverse("accounts:set_login", args=[user.person_id])
    browser.post(address, {"login-reason": "telepon hilang"})
    browser.post(address, {"login-reason": "sudah diganti", "open": "1"})
    assert client.get(reverse("accounts:me")).status_code == 302
    assert sign_in(client, user).status_code == 302 and client.get(reverse("accounts:me")).status_code == 200


def test_a_deputy_is_another_person_with_an_end(administrator, operator, cast, client_of):
    other = cast("FACILITATOR", "637101", name="Pengganti Uji")
    grant = Grant.objects.get(person_id=operator.person_id)
    today = timezone.localdate()
    told = {
        "person": str(other.person_id),
        "since": today.isoformat(),
        "until": (today + timedelta(days=7)).isoformat(),
    }
    client_of(administrator).post(reverse("accounts:deputy", args=[grant.pk]), told)
    made = Grant.objects.get(person_id=other.person_id, role="DISTRICT_OPERATOR")
    assert (made.stands_in_for, made.valid_until) == (grant, today + timedelta(days=7))


def test_another_district_s_people_are_not_there(administrator, stranger, client_of):
    browser = client_of(administrator)
    assert browser.get(reverse("accounts:person", args=[stranger.person_id])).status_code == 404
    assert stranger.person_name not in browser.get(reverse("accounts:people")).content.decode()


def test_a_role_held_in_many_villages_is_one_line(administrator, client_of):
    person = Person.objects.create(name="Pendamping Empat Desa")
    for village in range(1, 5):
        Grant.objects.create(
            person=person, role="FACILITATOR", region_code=f"637101100{village}", valid_from=timezone.localdate()
        )
    [row] = [row for row in client_of(administrator).get(reverse("accounts:people")).context["rows"]
             if row["person"].pk == person.pk]  # fmt: skip
    assert [(str(role["role"]), len(set(role["regions"]))) for role in row["roles"]] == [("Pendamping sosial", 4)]


def test_an_unknown_filter_is_refused(administrator, client_of):
    assert client_of(administrator).get(reverse("accounts:people") + "?is_staff=1").status_code == 400


def test_everybody_else_is_kept_out(operator, client_of, client):
    assert client_of(operator).get(reverse("accounts:people")).status_code == 403
    assert client.get(reverse("accounts:people")).status_code == 302


def test_a_session_left_open_does_nothing_about_people(administrator, operator, left_open):
    browser, person = left_open(administrator), operator.person_id
    grant, today = Grant.objects.get(person_id=person), timezone.localdate()
    other = Person.objects.create(name="Pendamping Daftar")
    Grant.objects.create(person=other, role="FACILITATOR", region_code="6371011001", valid_from=today)
    days = {"since": today.isoformat(), "until": (today + timedelta(days=7)).isoformat()}
    told = {
        reverse("accounts:invite"): invitation(),
        reverse("accounts:invite_known", args=[other.pk]): {"email": "daftar@contoh.test"},
        reverse("accounts:person", args=[person]): {"role": "HELPDESK", "region": "63.71", **days},
        reverse("accounts:deputy", args=[grant.pk]): {"person": str(other.pk), **days},
        reverse("accounts:end_role", args=[grant.pk]): {"on": today.isoformat(), "reason": "pindah"},
        reverse("accounts:set_login", args=[person]): {"login-reason": "telepon hilang"},
    }
    before = (Person.objects.count(), list(Grant.objects.order_by("pk").values()))
    for page, typed in told.items():
        answer = browser.post(page, typed)
        assert answer.status_code == 302 and "reauthenticate" in answer.url, page
    assert (Person.objects.count(), list(Grant.objects.order_by("pk").values())) == before
    assert all(one["is_active"] for one in User.objects.values()) and not mail.outbox


def login_page(person_id):
    return reverse("accounts:set_login", args=[person_id])


def test_a_login_of_somebody_with_roles_elsewhere_is_for_who_keeps_them_all(administrator, cast, client_of):
    head = cast("PROVINCE_HEAD", "63", name="Kepala Bidang")
    once = {"person_id": head.person_id, "role": "DISTRICT_OPERATOR", "region_code": "6371"}
    Grant.objects.create(**once, valid_from=date(2020, 1, 1), valid_until=date(2021, 1, 1))
    browser, told = client_of(administrator), {"login-reason": "apa saja"}
    page = browser.get(reverse("accounts:person", args=[head.person_id])).content.decode()
    assert "di luar wilayah Anda" in page and login_page(head.person_id) not in page
    for typed in (told, told | {"open": "1"}):
        assert browser.post(login_page(head.person_id), typed).status_code == 403
    assert User.objects.get(person_id=head.person_id).is_active
    above = client_of(cast("ADMINISTRATOR", "63"))
    assert above.post(login_page(head.person_id), told).status_code == 302
    assert not User.objects.get(person_id=head.person_id).is_active


def test_a_way_in_for_somebody_with_roles_elsewhere_is_for_who_keeps_them_all(administrator, client_of):
    person = Person.objects.create(name="Kepala Bidang")
    for role, region in (("FACILITATOR", "6371011001"), ("PROVINCE_HEAD", "63")):
        Grant.objects.create(person=person, role=role, region_code=region, valid_from=timezone.localdate())
    page = reverse("accounts:invite_known", args=[person.pk])
    assert client_of(administrator).post(page, {"email": "milik.admin@contoh.test"}).status_code == 403
    assert not mail.outbox


def test_who_holds_nothing_any_more_is_for_who_kept_the_roles(administrator, cast, client_of):
    gone = cast("DISTRICT_OPERATOR", "6371", name="Sudah Pindah")
    Grant.objects.filter(person_id=gone.person_id).update(valid_until=timezone.localdate())
    told = {"login-reason": "pindah tugas"}
    assert client_of(administrator).post(login_page(gone.person_id), told).status_code == 302
    assert not User.objects.get(person_id=gone.person_id).is_active
    cast("DISTRICT_OPERATOR", "6372", person=Person.objects.get(pk=gone.person_id))
    assert client_of(administrator).post(login_page(gone.person_id), told | {"open": "1"}).status_code == 403

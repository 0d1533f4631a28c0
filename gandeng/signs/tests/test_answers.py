"""A sign is asked about, explained and closed; never by whom it is about, never seen by whom it is no business of."""

from datetime import timedelta
from threading import Barrier, Thread
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from conftest import Cast
from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Grant, Person, User
from gandeng.conduct.models import Case as EthicsCase
from gandeng.exports.sources import KINDS
from gandeng.facilitators.tests.factories import few_queries
from gandeng.family_sessions.tests.factories import make_facilitator
from gandeng.helpdesk.models import Case
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import EVERYWHERE
from gandeng.signs import actions, queries
from gandeng.signs.actions import Closing, SignRefused
from gandeng.signs.models import Found, Sign, Step
from gandeng.signs.tasks import look_at_all
from gandeng.signs.tests.factories import HOME, a_phone, a_sign, a_visit, north, signs_of

WORDS = "Apa yang terjadi hari itu?"


def make_world(cast):
    """A facilitator whose two visits lie forty kilometres and ten minutes apart, and the sign of it."""

    class World:
        facilitator, staff = make_facilitator(cast, families=3)
        coordinator, head = cast("DISTRICT_COORDINATOR", "6371"), cast("DISTRICT_HEAD", "6371")
        phone = a_phone(facilitator)

    with in_territory(World.facilitator):
        World.families = list(Family.objects.order_by("family_no")[:3])
    for number, where in enumerate((HOME, north(40))):
        at = timezone.now() - timedelta(days=2) + timedelta(minutes=10 * number)
        a_visit(World.facilitator, World.phone, World.families[number], at, where=where)
    (World.sign,) = signs_of(World.coordinator, "TRAVEL")
    return World


@pytest.fixture
def world(cast):
    return make_world(cast)


def seen_by(acting, sign):
    with in_territory(acting):
        return queries.access(acting, sign.pk)


def do(act, acting, sign, *told):
    with in_territory(acting):
        return act(acting, queries.access(acting, sign.pk), *told)


def test_it_works(world, client_of):
    desk, phone = client_of(world.coordinator), client_of(world.facilitator)
    listed = desk.get(reverse("signs:signs")).content.decode()
    assert "berjarak 40,0 km" in listed and "bukan kesimpulan" in listed
    page = reverse("signs:sign", args=[world.sign.pk])
    assert phone.get(page).status_code == 404, "not before she was asked"
    assert desk.get(page).status_code == 200
    assert desk.post(reverse("signs:ask", args=[world.sign.pk]), {"words": WORDS}).status_code == 302
    assert WORDS in phone.get(page).content.decode()
    assert "berjarak 40,0 km" in phone.get(reverse("signs:mine")).content.decode()
    with in_territory(world.facilitator):
        assert queries.own_waiting(world.facilitator).count() == 1
    explain = reverse("signs:explain", args=[world.sign.pk])
    assert phone.post(explain, {"words": "NIK 6371014111260001"}).status_code == 422
    assert phone.post(explain, {"words": "Saya menandai tempat di kantor"}).status_code == 302
    assert phone.post(explain, {"words": "Sekali lagi begitu"}).status_code == 404
    with in_territory(world.coordinator):
        assert queries.explained(world.coordinator).count() == 1
    close = reverse("signs:close", args=[world.sign.pk])
    assert "Kesimpulan" in desk.get(close).content.decode()
    told = {"key": str(uuid4()), "outcome": "PLAUSIBLE", "words": "Tempat dicatat sesudah pulang"}
    assert desk.post(close, told | {"to": "HELPDESK"}).status_code == 422
    assert desk.post(close, told).status_code == 302
    assert "Penjelasannya masuk akal" in phone.get(page).content.decode()
    assert desk.post(close, told).status_code == 404
    assert signs_of(world.coordinator, "TRAVEL") == [], "for the same rows it does not come back"


def test_pages_ask_few_questions(world, client_of):
    desk = client_of(world.coordinator)
    addresses = [reverse("signs:signs"), reverse("signs:sign", args=[world.sign.pk]), reverse("signs:looked"),
                 f"{reverse('signs:signs')}?kind=TRAVEL"]  # fmt: skip
    for address in addresses:
        desk.get(address)
        with few_queries():
            assert desk.get(address).status_code == 200
    do(actions.ask, world.coordinator, world.sign, WORDS)
    phone = client_of(world.facilitator)
    for browser, address in ((desk, addresses[1]), (phone, addresses[1]), (phone, reverse("signs:mine"))):
        browser.get(address)
        with few_queries():
            assert browser.get(address).status_code == 200
    assert desk.get(f"{addresses[0]}?kind=X").status_code == 400


def test_it_is_no_business_of_others(world, cast, client_of):
    colleague, stranger = cast("FACILITATOR", "6371011001"), cast("DISTRICT_COORDINATOR", "6372")
    do(actions.ask, world.coordinator, world.sign, WORDS)
    for other in (colleague, stranger, cast("SUB_DISTRICT_LEAD", "637101")):
        with in_territory(other):
            assert not Found.objects.exists() and not Sign.objects.exists() and not Step.objects.exists()
            with pytest.raises(Http404):
                queries.access(other, world.sign.pk)
    assert client_of(stranger).get(reverse("signs:sign", args=[world.sign.pk])).status_code == 404
    refused = pytest.raises(Exception, match="another office")
    with in_territory(stranger), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select signs_swap('6371', '[]')")


def test_whom_it_is_about_neither_sees_it_as_an_office_nor_closes_it(world):
    """She became the coordinator; the database says the same where our code would not."""
    do(actions.ask, world.coordinator, world.sign, WORDS)
    Grant.objects.create(
        person_id=world.facilitator.person_id, role="DISTRICT_COORDINATOR", region_code="6371",
        valid_from=timezone.localdate(),
    )  # fmt: skip
    her = Cast()("DISTRICT_HEAD", "6371", person=_person(world.facilitator))
    assert signs_of(her, "TRAVEL") == []
    seen = seen_by(her, world.sign)
    assert seen.about_me and not seen.closes and not seen.asks
    with in_territory(her), pytest.raises(PermissionDenied):
        actions.close(her, seen, Closing("PLAUSIBLE", "Baik"))
    for kind, outcome in (("CLOSED", "PLAUSIBLE"), ("ASKED", "")):
        with in_territory(her), pytest.raises(Exception, match="somebody else asks and closes"), transaction.atomic():
            Step.objects.create(
                sign_id=world.sign.pk, number=2, kind=kind, outcome=outcome, words="x", by_id=her.person_id,
                authority="x",
            )  # fmt: skip


def _person(acting):
    return Person.objects.get(pk=acting.person_id)


def test_the_database_takes_what_was_found_and_in_order_alone(world):
    with in_territory(world.coordinator):
        row = Found.objects.get(pk=world.sign.pk)
    copied = {name: getattr(row, name) for name in actions._COPIED}
    wrong = ({"score": row.score + 1}, {"rows": ["entry:x"]}, {"kind": "BURST"}, {"by_id": world.head.person_id})
    for changed in wrong:
        with in_territory(world.coordinator), pytest.raises(Exception, match=r"found|does it"), transaction.atomic():
            told = copied | {"asked": True, "by_id": world.coordinator.person_id, "authority": "x"} | changed
            Sign(**told).save(force_insert=True)
    do(actions.ask, world.coordinator, world.sign, WORDS)
    for number, kind, outcome in ((3, "CLOSED", "PLAUSIBLE"), (2, "ASKED", ""), (2, "CLOSED", "")):
        refused = pytest.raises(Exception, match=r"meanwhile|no such step|outcome")
        with in_territory(world.coordinator), refused, transaction.atomic():
            Step.objects.create(
                sign_id=world.sign.pk, number=number, kind=kind, outcome=outcome, words="x",
                by_id=world.coordinator.person_id, authority="x",
            )  # fmt: skip
    never = pytest.raises(Exception, match=r"permission denied|never")
    for table in ("signs_sign", "signs_step", "signs_found"):
        with connection.cursor() as cursor, never, transaction.atomic():
            cursor.execute(f"delete from {table}")


@pytest.mark.parametrize("to", ["HELPDESK", "CONDUCT"])
def test_handed_on_begins_the_other_and_says_nothing_of_it_to_her(world, client_of, to):
    do(actions.ask, world.coordinator, world.sign, WORDS)
    closing = Closing("HANDED_ON", "Tiga hari berturut-turut begini", to, "OTHER" if to == "CONDUCT" else "", uuid4())
    do(actions.close, world.coordinator, world.sign, closing)
    with in_territory(world.coordinator):
        assert Case.objects.filter(kind="FIELD_PROBLEM").count() == (1 if to == "HELPDESK" else 0)
        assert EthicsCase.objects.count() == (1 if to == "CONDUCT" else 0)
    page = client_of(world.facilitator).get(reverse("signs:sign", args=[world.sign.pk])).content.decode()
    assert "Diteruskan" not in page and closing.words not in page and "Selesai dilihat" in page
    with in_territory(world.facilitator):
        assert queries.own_waiting(world.facilitator).count() == 0
        assert not Step.objects.filter(kind="CLOSED").exists()
    assert "Diteruskan untuk diperiksa" in (
        client_of(world.head).get(reverse("signs:sign", args=[world.sign.pk])).content.decode()
    )


@pytest.mark.parametrize(
    ("role", "region"),
    [("DISTRICT_OPERATOR", "6371"), ("HELPDESK", "6371"), ("PROVINCE_HEAD", "63"), ("DISTRICT_OPERATOR", "6372")],
)
def test_whatever_she_does_and_wherever_she_works_she_is_told_and_explains(cast, client_of, role, region):
    her, coordinator = cast(role, region), cast("DISTRICT_COORDINATOR", "6371")
    own, mine = client_of(her), reverse("signs:mine")
    assert mine not in own.get(reverse("home")).content.decode()
    entry = SimpleNamespace(pk=uuid4(), region_code="6371011001")
    page = reverse("signs:sign", args=[a_sign(coordinator, her, entry, WORDS).pk])
    assert mine in own.get(reverse("home")).content.decode()
    assert page in own.get(mine).content.decode() and WORDS in own.get(page).content.decode()
    assert own.post(f"{page}jelaskan/", {"words": "Jam ponsel saya salah."}).status_code == 302
    assert mine not in own.get(reverse("home")).content.decode()
    with in_territory(coordinator):
        (sign,) = queries.explained(coordinator)
        seen = queries.access(coordinator, sign.pk)
        assert (seen.last.words, seen.last.authority) == ("Jam ponsel saya salah.", her.first.words)
        with pytest.raises(SignRefused, match="tidak ada di wilayah Anda"):
            actions.close(coordinator, seen, Closing("HANDED_ON", "Diteruskan", "CONDUCT", "OTHER", uuid4()))
        actions.close(coordinator, seen, Closing("HANDED_ON", "Diteruskan", "HELPDESK"))
    assert "Selesai dilihat" in own.get(page).content.decode()


def test_whoever_has_no_login_is_not_asked_here(world, client_of):
    desk, ask = client_of(world.coordinator), reverse("signs:ask", args=[world.sign.pk])
    page = reverse("signs:sign", args=[world.sign.pk])
    for has_login in (False, True):
        User.objects.filter(person_id=world.facilitator.person_id).update(is_active=has_login)
        told = desk.get(page).content.decode()
        assert (ask in told) is has_login and ("tidak punya akun" in told) is not has_login
        assert reverse("signs:close", args=[world.sign.pk]) in told
        assert desk.post(ask, {"words": WORDS}).status_code == (302 if has_login else 404)


def test_every_night_each_district_is_looked_at(world):
    with in_territory(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute("select signs_swap('6371', '[]')")
    assert look_at_all() == 1
    with in_territory(world.head):
        assert Found.objects.filter(kind="TRAVEL").count() == 1


def test_looking_now_is_a_job_of_ones_own_district(world, client_of):
    desk = client_of(world.coordinator)
    assert desk.post(reverse("signs:look"), {"district": "6371"}).status_code == 302
    assert desk.post(reverse("signs:look"), {"district": "6372"}).status_code in (403, 404)
    assert desk.post(reverse("signs:look"), {"district": "x"}).status_code == 400


def test_two_who_close_at_once_close_once(own_database):
    world = make_world(Cast())
    told_them, barrier = [], Barrier(2)

    def run(acting):
        try:
            with in_territory(acting):
                seen = queries.access(acting, world.sign.pk)
                barrier.wait(20)
                actions.close(acting, seen, Closing("PLAUSIBLE", "Sudah dilihat"))
            told_them.append("done")
        except SignRefused as why:
            told_them.append(str(why))
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=[one]) for one in (world.coordinator, world.head)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(one[:4] for one in told_them) == ["Oran", "done"]
    with in_territory(EVERYWHERE):
        assert Step.objects.count() == 1


def test_the_list_that_leaves_the_office_holds_no_position(world, client_of):
    with in_territory(world.coordinator):
        listing = KINDS["tanda"].source(world.coordinator, {"region": "6371", "kind": "TRAVEL"})
        lines, count = list(listing.lines()), listing.count()
        with pytest.raises(PermissionDenied):
            KINDS["tanda"].source(world.coordinator, {"region": "6372", "kind": ""})
    assert count == 1 and len(lines[0]) == len(listing.header)
    assert "berjarak 40,0 km" in lines[0][1] and "114.5" not in str(lines)
    assert client_of(world.coordinator).get(reverse("exports:ask", args=["tanda"]) + "?kind=TRAVEL").status_code == 200

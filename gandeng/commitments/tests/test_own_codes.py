"""A link opens nothing without a code, and the code comes from another person than who made the link."""

from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import acting_for, in_territory
from gandeng.accounts.models import Grant, PublicTry
from gandeng.audit.models import AuditEntry
from gandeng.commitments.actions import CommitmentRefused, own_codes
from gandeng.commitments.actions import own as own_actions
from gandeng.commitments.models import WRONG_MAX, Confirmation, OwnCode, OwnCodeEnd, OwnLink, WrongCode
from gandeng.commitments.own import opened
from gandeng.commitments.own_queries import LinkState, closed_links, links, to_draw
from gandeng.commitments.tests.factories import (
    QUARTER,
    coded,
    linked,
    make_facility,
    make_pupil,
    mistyped,
    months,
    recorded,
    said,
)
from gandeng.facilitators.tests.factories import few_queries
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db
LIST = "/komitmen/tautan/"


@pytest.fixture
def made(cast, client_of, client):
    class Made:
        facilitator = cast("FACILITATOR", "6371011001")
        operator = cast("DISTRICT_OPERATOR", "6371")
        coordinator = cast("DISTRICT_COORDINATOR", "6371")
        pupil = make_pupil(name="Siti Uji")
        school_itself = client

    Made.school = make_facility(Made.operator, name="SDN Uji Kode")
    Made.chief, Made.desk = client_of(Made.coordinator), client_of(Made.operator)
    recorded(Made.operator, Made.school, {Made.pupil: months(4)})
    Made.secret = linked(Made.operator, Made.school)
    with in_territory(EVERYWHERE):
        Made.link = OwnLink.objects.select_related("facility").get()
    Made.page = reverse("own_sheet:confirm", args=[Made.secret])
    return Made


def log(action):
    with in_territory(EVERYWHERE):
        return list(AuditEntry.objects.filter(action=action).order_by("id"))


def stands_in(deputy, person_id, *, since=0, until=7):
    """`deputy` acts in the role of that person, in days from today."""
    with in_territory(EVERYWHERE):
        grant, today = Grant.objects.get(person_id=person_id), timezone.localdate()
        Grant.objects.create(
            person_id=deputy.person_id, role=grant.role, region_code=grant.region_code, stands_in_for=grant,
            valid_from=today + timedelta(days=since), valid_until=today + timedelta(days=until),
        )  # fmt: skip
    return acting_for(deputy.person_id, today)


def drawn(acting, made):
    with in_territory(acting):
        return own_codes.draw_code(acting, made.link)


def test_it_works(made):
    answer = made.chief.post(reverse("commitments:own_code_draw", args=[made.link.pk]))
    code = answer.context["code"]
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert code in answer.content.decode() and made.operator.person_name in answer.content.decode()
    for page in (LIST, reverse("home")):
        assert code not in made.chief.get(page).content.decode(), "shown once"
    sheet = made.school_itself.post(made.page, {"opening": code})
    assert sheet.status_code == 200 and "Siti Uji" in sheet.content.decode()
    (written,) = log("commitment.code_drawn")
    assert (written.person_id, written.object_id) == (made.coordinator.person_id, str(made.link.pk))
    assert said(made.secret, code) == "DONE"


def test_the_page_shows_nothing_of_the_sheet_without_a_code(made):
    code = coded(made.coordinator, made.secret)
    other = coded(made.coordinator, linked(made.operator, make_facility(made.operator, name="SDN Lain")))
    for typed in (None, {}, {"opening": ""}, {"opening": "1234"}, {"opening": other}, {"shown": "x", "says": "agrees"}):
        answer = made.school_itself.get(made.page) if typed is None else made.school_itself.post(made.page, typed)
        text = answer.content.decode()
        assert "Kode pembuka" in text and answer.status_code == (200 if typed in (None, {}) else 422)
        for hidden in ("SDN Uji Kode", "Siti Uji", "Triwulan", code, "Banjarmasin"):
            assert hidden not in text
    with in_territory(EVERYWHERE):
        assert WrongCode.objects.count() == 1, "what is no code at all counts as none"


def test_an_answer_without_the_code_is_none(made):
    code = coded(made.coordinator, made.secret)
    shown = opened(made.secret, code).shown
    told = {"says": "agrees", "name": "Pendamping Sendiri", "office": "Kepala sekolah", "shown": shown}
    for wrong in ({}, {"opening": "00000000"}):
        assert made.school_itself.post(made.page, told | wrong).status_code == 422
    assert own_actions.confirm(made.secret, "", shown=shown, name="X", office="Y", differs={}) == "CLOSED"
    with in_territory(EVERYWHERE):
        assert not Confirmation.objects.exists()


def test_a_link_without_a_code_waits_for_one(made):
    """So do those that were made before codes were asked for."""
    assert made.school_itself.get(made.page).status_code == 200
    assert mistyped(made.secret, "12345678").outcome == "WRONG"
    assert opened(made.secret, "") is None


def test_who_made_the_link_draws_no_code(made):
    with pytest.raises(CommitmentRefused, match="Anda buat sendiri"):
        drawn(made.operator, made)
    answer = made.desk.post(reverse("commitments:own_code_draw", args=[made.link.pk]), follow=True)
    assert "Anda buat sendiri" in answer.content.decode()
    with in_territory(EVERYWHERE):
        assert not OwnCode.objects.exists()


def test_a_deputy_of_the_maker_draws_no_code(made):
    deputy = stands_in(made.coordinator, made.operator.person_id)
    with pytest.raises(CommitmentRefused, match="Anda gantikan"):
        drawn(deputy, made)
    with in_territory(deputy):
        assert not to_draw(deputy).exists()


def test_neither_does_whom_the_maker_stands_in_for(made):
    stands_in(made.operator, made.coordinator.person_id)
    with pytest.raises(CommitmentRefused, match="menggantikan Anda"):
        drawn(made.coordinator, made)


def test_who_stood_in_before_the_link_was_made_draws_one(made):
    deputy = stands_in(made.coordinator, made.operator.person_id, since=-8, until=0)
    assert opened(made.secret, drawn(deputy, made))
    with in_territory(deputy), connection.cursor() as cursor:
        cursor.execute(
            "select commitments_two_people(%s, %s, now() - interval '3 days')",
            [made.operator.person_id, deputy.person_id],
        )
        assert cursor.fetchone() == (False,), "of a link made while it lasted"


def test_only_the_desk_of_the_district_draws(made, cast, client_of):
    for role, region in (("FACILITATOR", "6371011001"), ("SUB_DISTRICT_LEAD", "637101"), ("DISTRICT_HEAD", "6371")):
        with pytest.raises(PermissionDenied):
            drawn(cast(role, region), made)
    other = client_of(cast("DISTRICT_COORDINATOR", "6372"))
    for name in ("own_code_draw", "own_code_withdraw"):
        assert other.post(reverse(f"commitments:{name}", args=[made.link.pk])).status_code == 404
    assert "SDN Uji Kode" not in other.get(LIST).content.decode()


def test_drawn_anew_the_old_one_opens_nothing_and_so_does_a_withdrawn_one(made):
    first = coded(made.coordinator, made.secret)
    second = coded(made.coordinator, made.secret)
    assert opened(made.secret, first) is None and opened(made.secret, second)
    end = reverse("commitments:own_code_withdraw", args=[made.link.pk])
    assert [made.chief.post(end).status_code for _each in range(2)] == [302, 302]
    assert opened(made.secret, second) is None
    assert len(log("commitment.code_withdrawn")) == 2, "once for each"
    with in_territory(EVERYWHERE):
        assert not OwnCode.objects.filter(end=None).exists()


def test_a_code_ends_with_its_link_and_no_other_link_takes_it(made):
    code = coded(made.coordinator, made.secret)
    second = linked(made.operator, made.school)
    assert opened(made.secret, code) is None and opened(second, code) is None
    with pytest.raises(CommitmentRefused, match="dicabut"):
        drawn(made.coordinator, made)


def test_what_was_answered_keeps_its_code(made):
    code = coded(made.coordinator, made.secret)
    assert said(made.secret, code) == "DONE"
    for act in (own_codes.draw_code, own_codes.withdraw_code):
        with in_territory(made.coordinator), pytest.raises(CommitmentRefused, match="dijawab"):
            act(made.coordinator, made.link)


def test_wrong_codes_close_the_link_and_its_people_are_told(made, client_of):
    code = coded(made.coordinator, made.secret)
    for number in range(1, WRONG_MAX + 1):
        PublicTry.objects.all().delete()
        answer = made.school_itself.post(made.page, {"opening": f"{number:08d}"})
        assert answer.status_code == (404 if number == WRONG_MAX else 422)
    PublicTry.objects.all().delete()
    assert "Tautan tidak berlaku" in made.school_itself.post(made.page, {"opening": code}).content.decode()
    assert opened(made.secret, code) is None
    assert [each.facts["left"] for each in log("commitment.code_wrong")] == [4, 3, 2, 1, 0]
    assert {each.object_id for each in log("commitment.code_wrong")} == {str(made.link.pk)}
    for client in (made.desk, made.chief):
        assert "tautan sekolah atau fasilitas tertutup karena kode salah" in client.get("/").content.decode()
        assert "SDN Uji Kode" in client.get(f"{LIST}?state=CLOSED").content.decode()
    page = reverse("commitments:own_link", args=[made.school.pk, QUARTER.key])
    assert "Tertutup karena kode salah" in made.desk.get(page).content.decode()
    linked(made.operator, made.school)
    with in_territory(made.operator):
        assert not closed_links(made.operator).exists()


def test_drawing_anew_forgets_no_wrong_code(made):
    coded(made.coordinator, made.secret)
    assert [mistyped(made.secret).left for _each in range(WRONG_MAX - 1)] == [4, 3, 2, 1]
    code = coded(made.coordinator, made.secret)
    assert mistyped(made.secret).left == 0
    assert opened(made.secret, code) is None


def test_wrong_codes_make_the_network_wait(made):
    coded(made.coordinator, made.secret)
    other = reverse("own_sheet:confirm", args=[linked(made.operator, make_facility(made.operator, name="SDN Lain"))])
    for page in (made.page, made.page, made.page, other, other):
        assert made.school_itself.post(page, {"opening": "00000000"}).status_code == 422
    assert made.school_itself.get(made.page).status_code == 429


def test_what_waits_is_counted_as_it_is_listed(made, cast, client_of):
    """Each sees what they may draw as waiting for them, and nobody a link of their own."""
    fellow = cast("DISTRICT_OPERATOR", "6371")
    for number in range(3):
        linked(made.facilitator, make_facility(made.operator, name=f"SDN Uji {number}"))
    coded(fellow, linked(made.facilitator, make_facility(made.operator, name="SDN Berkode")))
    for acting, waiting in ((made.operator, 3), (fellow, 4), (made.coordinator, 4), (made.facilitator, 0)):
        with in_territory(acting):
            assert to_draw(acting).count() == waiting
        browser = client_of(acting)
        with few_queries():
            answer = browser.get(f"{LIST}?state=DRAW")
        assert answer.status_code == 200 and len(answer.context["rows"]) == waiting
    assert client_of(made.coordinator).get(f"{LIST}?state=OTHER").status_code == 400
    with in_territory(made.facilitator):
        assert sorted(links(made.facilitator).values_list("state", flat=True)) == [LinkState.DRAWN, *["WAIT"] * 3]


@contextmanager
def refused_by_the_database():
    with pytest.raises(IntegrityError), transaction.atomic():
        yield


def test_the_database_holds_it_too(made, cast):
    def add(acting, **other):
        columns = {"link": made.link, "region_code": made.link.region_code, "code_digest": b"x", "authority": "uji",
                   "by_id": acting.person_id}  # fmt: skip
        with in_territory(acting):
            return OwnCode.objects.create(**columns | other)

    deputy = stands_in(cast("DISTRICT_COORDINATOR", "6371"), made.operator.person_id)
    for acting in (made.operator, deputy):
        with refused_by_the_database():
            add(acting)
    with refused_by_the_database():
        add(made.coordinator, by_id=made.operator.person_id)
    with refused_by_the_database():
        add(made.coordinator, region_code="6371011002")
    kept = add(made.coordinator)
    with refused_by_the_database():
        add(made.coordinator)
    with in_territory(made.coordinator):
        with refused_by_the_database():
            OwnCodeEnd.objects.create(code=kept, region_code=kept.region_code, by_id=made.operator.person_id)
        OwnCodeEnd.objects.create(code=kept, region_code=kept.region_code, by_id=made.coordinator.person_id)
    with in_territory(made.operator):
        own_actions.end_link(made.operator, made.link)
    with refused_by_the_database():
        add(made.coordinator)


def test_no_program_counts_or_forgets_wrong_codes_by_itself(made):
    mistyped(made.secret)
    acts = [f"{act} commitments_{table}" for table in ("owncode", "owncodeend", "wrongcode")
            for act in ("delete from", "truncate")]  # fmt: skip
    columns = "id, link_id, region_code, number, at"
    insert = f"insert into commitments_wrongcode ({columns}) values (%s, %s, '6371', 2, now())"
    with in_territory(made.operator):
        for act, values in [*((one, []) for one in acts), (insert, [uuid4(), made.link.pk])]:
            with pytest.raises(Exception, match="permission denied"), transaction.atomic():
                connection.cursor().execute(act, values)

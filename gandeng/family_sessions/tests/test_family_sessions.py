"""Groups, meetings and who came, as a facilitator tells them and offices count them."""

from dataclasses import replace
from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gandeng.accounts.acting import in_territory
from gandeng.audit.models import AuditEntry
from gandeng.facilitators.actions import caseload
from gandeng.facilitators.tests.factories import few_queries, make_staff
from gandeng.family_sessions import actions, coverage, queries
from gandeng.family_sessions.actions import Asked, SessionRefused
from gandeng.family_sessions.forms import ATTENDS, year_starts
from gandeng.family_sessions.models import AbsenceNote, Attendance, Group, Meeting, Membership, Picture
from gandeng.family_sessions.published import FREE, modules, session_name, sessions
from gandeng.family_sessions.tests.factories import HERE, a_meeting, a_photo, hold, make_facilitator, make_group
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


@pytest.fixture
def siti(cast):
    return make_facilitator(cast)


@pytest.fixture
def group(siti):
    return make_group(*siti)


@pytest.fixture
def phone(siti, client_of):
    return client_of(siti[0])


def typed(acting, group, states=("PRESENT",), **changed):
    """A meeting as the form sends it."""
    told = a_meeting(acting, group, states)
    return {
        "meeting_id": str(told.meeting_id), "session_code": "1.1", "on_day": today().isoformat(), "starts": "09:00",
        "ends": "11:00", "place": "Balai desa", "speakers": "", "agreed": "Menabung tiap minggu", "topic": "",
        **{f"{ATTENDS}{key.hex}": state for key, state in told.attendance.items()},
    } | changed  # fmt: skip


def test_it_works(siti, phone):
    """A group from the caseload, its year, a meeting, the absent asked, all from the pages."""
    page = phone.get(reverse("family_sessions:mine")).content.decode()
    assert f"desa={HERE}" in page and "3 keluarga" in page
    make = f"{reverse('family_sessions:make')}?desa={HERE}&banyak=2"
    form = phone.get(make).context["form"]
    ticked = form["families"].value()
    assert len(ticked) == 2
    sent = {"group_id": str(uuid4()), "name": "Melati", "families": ticked, "since": today().isoformat()}
    assert phone.post(make, sent).status_code == phone.post(make, sent).status_code == 302
    with in_territory(EVERYWHERE):
        group = Group.objects.get()
        assert Membership.objects.count() == 2, "sent twice is once"
    assert "1 keluarga, buat kelompok" in phone.get(reverse("family_sessions:mine")).content.decode()
    tell = reverse("family_sessions:tell", args=[group.pk])
    everybody = phone.get(f"{tell}?hadir=semua").context["form"]
    assert [field.value() for field in everybody.of_members()] == ["PRESENT", "PRESENT"]
    meeting = typed(siti[0], group, ("PRESENT", "ABSENT"))
    assert phone.post(tell, meeting).status_code == phone.post(tell, meeting).status_code == 302
    with in_territory(EVERYWHERE):
        made = Meeting.objects.get()
        assert (made.families, made.came) == (2, 1)
        assert AuditEntry.objects.filter(action="family_meeting.told").count() == 1
    shown = phone.get(reverse("family_sessions:meeting", args=[made.pk])).content.decode()
    assert "1 dari 2" in shown and "Menabung tiap minggu" in shown and "Belum ditanyakan" in shown
    assert "keluarga tidak hadir dan belum ditanyakan" in phone.get(reverse("home")).content.decode()
    absent = phone.get(reverse("family_sessions:absent")).context["rows"]
    ask = reverse("family_sessions:ask", args=[absent[0]["row"].pk])
    told = {"note_id": str(uuid4()), "on_day": today().isoformat(), "how": "VISIT", "why": "ILL", "conveyed": "on"}
    assert phone.post(ask, told).status_code == phone.post(ask, told).status_code == 302
    assert phone.get(reverse("family_sessions:absent")).context["rows"] == []
    with in_territory(EVERYWHERE):
        assert AbsenceNote.objects.get().conveyed is True


def test_the_family_s_page_tells_it(siti, group, phone):
    hold(siti[0], group, ("ABSENT", "PRESENT"))
    with in_territory(siti[0]):
        first = queries.members_on(group, today()).first().family
    address = reverse("family_sessions:of_family", args=[first.pk])
    assert f'hx-get="{address}"' in phone.get(reverse("registry:family", args=[first.pk])).content.decode()
    piece = phone.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "0 dari 1 pertemuan" in piece and "Melati" in piece and "<html" not in piece
    assert "<html" in phone.get(address).content.decode()


def test_a_year_is_planned_in_one_go(siti, group, phone):
    address = reverse("family_sessions:plan", args=[group.pk])
    first = today().replace(month=1, day=31)
    page = phone.get(address, {"first": first.isoformat(), "session": "1.2"})
    rows = page.context["formset"].initial
    assert [row["day"].month for row in rows] == list(range(1, 13)) and rows[1]["day"].day in (28, 29)
    assert [row["session"] for row in rows[:4]] == ["1.2", "1.3", "1.4", "2.1"]
    sent = {"form-TOTAL_FORMS": "12", "form-INITIAL_FORMS": "12"}
    for place, row in enumerate(rows):
        sent |= {f"form-{place}-day": row["day"].isoformat(), f"form-{place}-session": row["session"]}
    sent["form-11-day"] = ""
    assert phone.post(address, sent).status_code == 302
    with in_territory(siti[0]):
        assert len(queries.planned(group, today().year)) == 11
    wrong = phone.post(address, sent | {"form-3-day": "besok"})
    assert wrong.status_code == 422 and "Isi tanggal yang benar." in wrong.content.decode()
    other = phone.post(address, sent | {"form-3-day": f"{today().year + 1}-01-05"})
    assert other.status_code == 422 and "Semua hari harus dalam tahun" in other.content.decode()
    assert phone.get(address, {"first": "x"}).status_code == 422


def test_what_was_planned_and_passed_waits_until_it_is_told(siti, group):
    acting, _staff = siti
    yesterday = today() - timedelta(days=1)
    with in_territory(acting):
        actions.plan(acting, group, yesterday.year, [("1.1", yesterday)])
        if yesterday.year == today().year:
            assert waiting(acting) == 1
            rows = queries.planned(group, today().year)
            assert queries.next_session(group, today()) == "1.1" and rows[0].meeting is None
    hold(acting, group, session_code="1.1")
    with in_territory(acting):
        assert waiting(acting) == 0


def waiting(acting):
    sql, values = queries.own_overdue(acting)
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from ({sql}) rows", values)
        return cursor.fetchone()[0]


def test_the_next_session_follows_the_last_where_nothing_is_planned(siti, group):
    with in_territory(siti[0]):
        assert queries.next_session(group, today()) == "1.1"
    hold(siti[0], group, session_code="1.4")
    with in_territory(siti[0]):
        assert queries.next_session(group, today()) == "2.1"


def test_told_anew_the_later_one_counts_and_the_former_stays(siti, group, phone):
    acting, _staff = siti
    first = hold(acting, group, ("ABSENT",))
    address = reverse("family_sessions:amend", args=[first.pk])
    sent = typed(acting, group, ("PRESENT",), why="Salah mencentang daftar hadir")
    assert phone.post(address, sent | {"why": ""}).status_code == 422
    assert phone.post(address, sent).status_code == 302
    with in_territory(EVERYWHERE):
        later = Meeting.objects.get(replaces=first)
        assert (later.came, Meeting.objects.get(pk=first.pk).came) == (3, 0)
        assert list(queries.meetings({})) == [later]
    with in_territory(acting):
        assert queries.own_to_ask(acting).count() == 0, "absences of what was told anew are no task"
    shown = phone.get(reverse("family_sessions:meeting", args=[first.pk])).content.decode()
    assert "Salah mencentang daftar hadir" in shown and "Buka yang dihitung" in shown
    assert phone.post(address, sent | {"meeting_id": str(uuid4())}).status_code == 404, "once told anew"


def test_photos_are_drawn_anew_and_sealed(siti, group, phone, client_of, stranger):
    from django.core.files.uploadedfile import SimpleUploadedFile

    tell = reverse("family_sessions:tell", args=[group.pk])
    raw = a_photo()
    sent = typed(siti[0], group) | {"sheet": SimpleUploadedFile("lembar.jpg", raw, "image/jpeg")}
    assert phone.post(tell, sent).status_code == 302
    with in_territory(EVERYWHERE):
        kept = Picture.objects.get()
    assert kept.kind == "SHEET" and raw not in bytes(kept.content_sealed)
    address = reverse("family_sessions:picture", args=[kept.meeting_id, kept.pk])
    assert phone.get(address).content.startswith(b"\xff\xd8")
    assert client_of(stranger).get(address).status_code == 404
    bad = typed(siti[0], group, session_code="1.2") | {"photo": SimpleUploadedFile("a.jpg", b"<html>", "image/jpeg")}
    assert phone.post(tell, bad).status_code == 422
    with in_territory(EVERYWHERE):
        assert Meeting.objects.count() == 1, "nothing half"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"on_day": 1}, "on_day"), ({"on_day": -400}, "on_day"), ({"session_code": "9.9"}, "session_code"),
        ({"session_code": "6"}, "topic"), ({"session_code": "LOKAL", "topic": " "}, "topic"),
        ({"ends": time(8)}, "ends"),
    ],
)  # fmt: skip
def test_it_refuses_what_does_not_fit(siti, group, changed, field):
    told = a_meeting(siti[0], group)
    if "on_day" in changed:
        changed = {"on_day": today() + timedelta(days=changed["on_day"])}
    with in_territory(siti[0]), pytest.raises(SessionRefused) as refused:
        actions.tell(siti[0], group, replace(told, **changed))
    assert refused.value.field == field


def test_it_refuses_families_who_were_not_in_the_group_that_day(siti, group):
    acting, _staff = siti
    told = a_meeting(acting, group)
    with in_territory(acting):
        for wrong in (dict(list(told.attendance.items())[:1]), told.attendance | {uuid4(): "PRESENT"}, {}):
            with pytest.raises(SessionRefused):
                actions.tell(acting, group, replace(told, attendance=wrong))
        with pytest.raises(SessionRefused):
            actions.tell(acting, group, replace(told, on_day=today() - timedelta(days=1)))
        assert Meeting.objects.count() == 0


def test_the_form_refuses_numbers_of_people(siti, group, phone):
    sent = typed(siti[0], group, agreed="Hubungi 081234567890")
    answer = phone.post(reverse("family_sessions:tell", args=[group.pk]), sent)
    assert answer.status_code == 422 and "Jangan menulis NIK" in answer.content.decode()


def test_a_family_is_in_one_group_at_a_time_and_leaves_with_a_day(siti, group, phone):
    acting, staff = siti
    with in_territory(acting):
        families = list(Family.objects.order_by("family_no"))
        with pytest.raises(SessionRefused):
            actions.make_group(acting, uuid4(), "Mawar", HERE, families[:1], today())
    out = reverse("family_sessions:take_out", args=[group.pk, families[0].pk])
    assert phone.post(out).status_code == 302 and phone.post(out).status_code == 422
    with in_territory(acting):
        assert [one.pk for one in queries.without_group(staff, today())] == [families[0].pk]
    add = reverse("family_sessions:add", args=[group.pk])
    told = {"families": [str(families[0].pk)], "since": (today() + timedelta(days=1)).isoformat()}
    assert phone.post(add, told).status_code == 302
    assert phone.post(add, told).status_code == 422, "nobody is left to add"


def test_the_same_name_twice_in_a_village_is_told(siti, group, cast):
    other = make_facilitator(cast, 1, name="Lain")
    with pytest.raises(SessionRefused) as refused:
        make_group(*other, name="Melati")
    assert refused.value.field == "name"


def test_another_s_groups_and_meetings_are_not_there(siti, group, cast, client_of, stranger):
    made = hold(siti[0], group, ("ABSENT",))
    colleague, _staff = make_facilitator(cast, 1, name="Lain")
    with in_territory(EVERYWHERE):
        absence = Attendance.objects.filter(meeting=made).first()
    pages = [
        reverse("family_sessions:group", args=[group.pk]), reverse("family_sessions:tell", args=[group.pk]),
        reverse("family_sessions:meeting", args=[made.pk]), reverse("family_sessions:ask", args=[absence.pk]),
    ]  # fmt: skip
    for other in (colleague, stranger):
        with in_territory(other):
            assert (Group.objects.count(), Meeting.objects.count(), Attendance.objects.count()) == (0, 0, 0)
        assert {client_of(other).get(page).status_code for page in pages} <= {403, 404}
    told = a_meeting(siti[0], group)
    with in_territory(colleague), pytest.raises(SessionRefused):
        actions.tell(colleague, group, told)
    office = client_of(cast("DISTRICT_COORDINATOR", "6371"))
    assert office.get(pages[0]).status_code == office.get(pages[2]).status_code == 200
    assert office.get(pages[1]).status_code == 403, "who does not accompany tells no meeting"


def test_a_family_handed_over_brings_its_meetings_along(siti, group, cast, client_of):
    made = hold(siti[0], group, ("ABSENT", "PRESENT"))
    coordinator, ani = cast("DISTRICT_COORDINATOR", "6371"), cast("FACILITATOR", HERE)
    from gandeng.accounts.models import Person

    with in_territory(EVERYWHERE):
        staff = make_staff("6371", person=Person.objects.get(pk=ani.person_id))
    with in_territory(coordinator):
        caseload.hand_over(coordinator, siti[1], staff, day=today(), reason="Uji", villages=[HERE])
    with in_territory(ani):
        assert queries.own_to_ask(ani).count() == 1
        assert queries.groups_of(ani, today()).get().members == 3
    with in_territory(siti[0]):
        assert queries.groups_of(siti[0], today()).count() == 0
        assert queries.own_to_ask(siti[0]).count() == 0
        assert list(Attendance.objects.all()) == [], "whom she no longer accompanies she no longer sees"
    assert client_of(ani).get(reverse("family_sessions:meeting", args=[made.pk])).status_code == 200


def test_who_graduates_or_moves_is_in_no_group(siti, group):
    with in_territory(EVERYWHERE):
        first, second, _third = Family.objects.order_by("family_no")
        Family.objects.filter(pk=first.pk).update(status="GRADUATED")
        Family.objects.filter(pk=second.pk).update(village_code="6371011002")
        assert queries.members_on(group, today()).count() == 1


def test_the_database_holds_it_too(siti, group):
    """Past the actions: a day to come, somebody else's name, a family of no member, figures that do not count."""
    acting, _staff = siti
    told = a_meeting(acting, group)
    outside = make_family(HERE)

    def meeting(**changed):
        given = {
            "group": group, "village_code": HERE, "session_code": "1.1", "on_day": today(), "starts": time(9),
            "place": "x", "families": 1, "came": 1, "by_id": acting.person_id, "authority": "x",
        } | changed  # fmt: skip
        return Meeting.objects.create(**given)

    def attends(made, family):
        Attendance.objects.create(meeting=made, family_id=family, village_code=HERE, state="PRESENT")

    first = next(iter(told.attendance))
    with in_territory(acting):
        for wrong in ({"on_day": today() + timedelta(days=2)}, {"village_code": "6371011002"}, {"by_id": uuid4()}):
            with pytest.raises(DatabaseError), transaction.atomic():
                meeting(**wrong)
        with pytest.raises(DatabaseError), transaction.atomic():
            attends(meeting(), outside.pk)
        for counts in ({"families": 2}, {"came": 0}):
            with pytest.raises(DatabaseError), transaction.atomic():
                attends(meeting(**counts), first)
                connection.cursor().execute("set constraints all immediate")
        with pytest.raises(IntegrityError), transaction.atomic():
            made = meeting()
            attends(made, first)
            attends(made, first)
        kept = hold(acting, group)
        with pytest.raises(DatabaseError), transaction.atomic():
            Meeting.objects.filter(pk=kept.pk).update(came=0)
        with pytest.raises(DatabaseError), transaction.atomic():
            Membership.objects.update(valid_from=today() - timedelta(days=9))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from(Attendance.State.values), min_size=3, max_size=3), max_size=6))
def test_figures_are_the_count_of_their_rows(siti_once, told):
    acting, group = siti_once
    with transaction.atomic():
        for place, states in enumerate(told):
            hold(acting, group, tuple(states), session_code=sessions()[place])
        every = [state for states in told for state in states]
        came = sum(state in ("PRESENT", "REPRESENTED") for state in every)
        with in_territory(EVERYWHERE):
            by_session = coverage.by_session("63", today().year)
            for rows in (
                by_session,
                coverage.by_place("6371", today().year, today()),
                coverage.by_person("", today().year),
            ):
                assert sum(one.meetings for one in rows) == len(told)
                assert sum(one.families for one in rows) == len(every)
                assert sum(one.came for one in rows) == came
            assert sum(coverage.by_module(by_session).values()) == len(told)
            assert sum(one.members for one in coverage.by_place("", today().year, today())) == 3
            assert coverage.groups("6371", today().year, today()).get().held == len(told)
            assert queries.meetings({"region": "6371", "year": str(today().year)}).count() == len(told)
        with in_territory(acting):
            assert queries.own_to_ask(acting).count() == len(every) - came
        transaction.set_rollback(True)


@pytest.fixture
def siti_once(siti, group):
    return siti[0], group


def test_a_meeting_that_two_tell_each_for_her_families_is_one_and_no_family_counts_twice(
    siti, group, cast, client_of, monkeypatch
):
    ani, staff = make_facilitator(cast, 1, name="Lain")
    with in_territory(ani):
        actions.add(ani, group, list(queries.without_group(staff, today())), today())
    one, other = hold(siti[0], group), hold(ani, group, ("ABSENT",))
    assert (one.families, other.families) == (3, 1)
    coordinator = cast("DISTRICT_COORDINATOR", "6371")
    office = client_of(coordinator)
    page = office.get(reverse("family_sessions:coverage"))
    assert page.context["meetings"] == len(office.get(page.context["url"]).context["rows"]) == 1
    assert (page.context["families"], page.context["came"]) == (4, 3)
    for row in (*page.context["sessions"], *page.context["places"], *page.context["people"]):
        rows = office.get(row["url"]).context["rows"]
        assert len(rows) == row["one"].meetings
        assert sum(each["row"].all_families for each in rows) == row["one"].families
    assert other.by.name in office.get(reverse("family_sessions:meeting", args=[one.pk])).content.decode()
    (hers,) = a_meeting(ani, group).attendance
    with in_territory(coordinator):
        change = caseload.hand_over(coordinator, siti[1], staff, day=today(), reason="Uji")
    told = a_meeting(ani, group)
    shown = client_of(ani).get(reverse("family_sessions:amend", args=[other.pk])).content.decode()
    assert [family for family in told.attendance if f"{ATTENDS}{family.hex}" in shown] == [hers]
    with in_territory(ani):
        assert actions.tell(ani, group, replace(told, attendance={hers: "PRESENT"}), other, "Uji").came == 1
    hold(ani, group, session_code="1.2")
    with in_territory(coordinator):
        caseload.undo(coordinator, change, reason="Uji")
    with pytest.raises(SessionRefused, match="keluarga yang sama"):
        hold(siti[0], group, session_code="1.2")
    monkeypatch.setattr(queries, "to_tell", lambda group, day, *_: queries.members_on(group, day))
    with pytest.raises(SessionRefused, match="keluarga yang sama"), transaction.atomic():
        hold(siti[0], group, session_code="1.2")


def test_every_figure_opens_into_its_rows(siti, group, cast, client_of):
    hold(siti[0], group, ("ABSENT", "PRESENT"))
    hold(siti[0], group, session_code="1.2")
    office = client_of(cast("PROVINCE_OFFICER", "63"))
    page = office.get(reverse("family_sessions:coverage"))
    for row in (*page.context["sessions"], *page.context["places"], *page.context["people"]):
        assert len(office.get(row["url"]).context["rows"]) == row["one"].meetings
    assert len(office.get(page.context["url"]).context["rows"]) == page.context["meetings"] == 2
    told = office.post(reverse("family_sessions:export"), {"year": str(today().year)}).content.decode("utf-8-sig")
    assert "1.1 Menjadi orang tua" in told
    with in_territory(EVERYWHERE):
        assert AuditEntry.objects.filter(action="family_meeting.coverage_exported").count() == 1
    for wrong in ({"year": "1999"}, {"year": "x"}, {"year": "9" * 5_000}, {"region": "xx"}):
        assert office.get(reverse("family_sessions:coverage"), wrong).status_code == 400
    for wrong in ({"session": "7"}, {"by": "x"}):
        assert office.get(reverse("family_sessions:meetings"), wrong).status_code == 400


def test_pages_ask_few_questions(cast, client_of):
    acting, staff = make_facilitator(cast, 30)
    group = make_group(acting, staff)
    made = hold(acting, group, ("ABSENT", "PRESENT"))
    for code in ("1.3", "1.4"):
        hold(acting, group, ("ABSENT", "PRESENT"), session_code=code)
    with in_territory(acting):
        actions.plan(acting, group, today().year, [(code, today()) for code in sessions()[:12]])
        family = queries.members_on(group, today()).first().family_id
        absence = Attendance.objects.filter(state="ABSENT").first()
    own = ["mine", "absent"], ["group", "plan", "tell", "sheet", "add"]
    pages = [reverse(f"family_sessions:{name}") for name in own[0]]
    pages += [reverse(f"family_sessions:{name}", args=[group.pk]) for name in own[1]]
    pages += [reverse(f"family_sessions:{name}", args=[made.pk]) for name in ("meeting", "amend")]
    pages += [reverse("family_sessions:of_family", args=[family]), reverse("family_sessions:ask", args=[absence.pk])]
    browser, office = client_of(acting), client_of(cast("DISTRICT_COORDINATOR", "6371"))
    for each, addresses in (
        (browser, pages),
        (office, [reverse("family_sessions:coverage"), reverse("family_sessions:meetings")]),
    ):
        for address in addresses:
            with few_queries():
                assert each.get(address).status_code == 200, address
    with CaptureQueriesContext(connection) as asked:
        sent = typed(acting, group, ("ABSENT", "PRESENT"), session_code="1.2")
        assert browser.post(reverse("family_sessions:tell", args=[group.pk]), sent).status_code == 302
    assert len(asked) < 40, "by set, not by family"


def test_fourteen_sessions_and_what_is_not_published():
    listed = [code for code in sessions() if code not in FREE]
    assert len(listed) == 14 and len(modules()) == 7
    assert session_name("6", "Gizi ibu hamil").endswith(": Gizi ibu hamil")
    assert all(one.source.said("id") for one in modules().values())
    assert [day.day for day in year_starts(today().replace(month=1, day=31))][:3] in ([31, 28, 31], [31, 29, 31])


def test_unknown_choices_are_refused(siti, group, phone):
    assert phone.get(reverse("family_sessions:tell", args=[group.pk]), {"hadir": "x"}).status_code == 400
    assert phone.get(reverse("family_sessions:make"), {"desa": HERE, "banyak": "0"}).status_code == 400
    assert phone.get(reverse("family_sessions:make"), {"desa": "desa"}).status_code == 400


def test_an_absence_is_asked_about_until_the_family_was_met(siti, group):
    acting, _staff = siti
    made = hold(acting, group, ("ABSENT", "PRESENT"))
    asked = Asked(uuid4(), today(), "PHONE", "NOT_MET")
    with in_territory(acting):
        absence = Attendance.objects.get(meeting=made, state="ABSENT")
        actions.ask(acting, absence, asked)
        assert queries.own_to_ask(acting).count() == 1
        for wrong in (
            {"why": "OTHER"},
            {"on_day": today() + timedelta(days=1)},
            {"on_day": today() - timedelta(days=1)},
        ):
            with pytest.raises(SessionRefused):
                actions.ask(acting, absence, replace(asked, note_id=uuid4(), **wrong))
        actions.ask(acting, absence, replace(asked, note_id=uuid4(), why="WORK"))
        assert queries.own_to_ask(acting).count() == 0
        came = Attendance.objects.filter(meeting=made, state="PRESENT").first()
        with pytest.raises(Http404):
            queries.access_absence(acting, came.pk, today())

"""A school's own link: what it shows and hides, that it is used once, and that what differs becomes somebody's task."""

import hashlib
import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Person, PublicTry
from gandeng.audit.models import AuditEntry
from gandeng.commitments.actions import own as actions
from gandeng.commitments.models import Confirmation, Difference, OwnCode, OwnLink, Verdict
from gandeng.commitments.own import opened
from gandeng.commitments.own_queries import own_differences
from gandeng.commitments.tests.factories import QUARTER, coded, decided, make_facility, make_pupil, months, recorded
from gandeng.commitments.tests.test_papers import pages_of
from gandeng.documents.numerals import long_date
from gandeng.facilitators.actions.caseload import assign_unaccompanied
from gandeng.facilitators.tests.factories import few_queries, make_staff
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db
KEY = "2026-3"
AGREES = {"says": "agrees", "name": "Ibu Guru Uji", "office": "Wakil kepala sekolah"}
DIFFERS = AGREES | {"says": "differs", "row_2": "Alpa hanya 1 hari di bulan Agustus"}


@pytest.fixture
def made(cast, client_of, client):
    class Made:
        operator = cast("DISTRICT_OPERATOR", "6371")
        coordinator = cast("DISTRICT_COORDINATOR", "6371")
        pupil = make_pupil(name="Siti Uji")
        mate = make_pupil(name="Ahmad Uji")
        school_itself = client

    Made.school = make_facility(Made.operator, code="30301234")
    Made.desk = client_of(Made.operator)
    recorded(Made.operator, Made.school, {Made.pupil: months(4), Made.mate: months(0)})
    Made.link, Made.secret = link(Made)
    Made.page, Made.code = address(Made.secret), coded(Made.coordinator, Made.secret)
    return Made


def link(made, quarter=QUARTER):
    with in_territory(made.operator):
        return actions.make_link(made.operator, made.school, quarter)


def address(secret):
    return reverse("own_sheet:confirm", args=[secret])


def looked(made, page=None, code=None):
    """The sheet, as it opens with the code."""
    return made.school_itself.post(page or made.page, {"opening": code or made.code})


def shown_in(answer):
    return answer.context["form"].initial["shown"]


def answered(made, typed, page=None, code=None):
    told = {"opening": code or made.code, "shown": shown_in(looked(made, page, code))}
    return made.school_itself.post(page or made.page, typed | told)


def told_by(answer):
    """The page without its own address and the form's token."""
    return re.sub(r'value="[^"]*"', "", answer.content.decode()).replace(answer.request["PATH_INFO"], "")


def test_it_works(made):
    answer = looked(made)
    text = answer.content.decode()
    for words in ("SDN Uji", "Triwulan 3 tahun 2026", "Siti Uji", "Ahmad Uji", "alpa 4", "80 persen", "Agustus 2026"):
        assert words in text
    assert answer["X-Robots-Tag"] == "noindex, noarchive" and answer["Cache-Control"] == "no-store"
    assert answered(made, AGREES).url == reverse("own_sheet:thanks")
    assert made.school_itself.get(reverse("own_sheet:thanks")).status_code == 200
    with in_territory(made.operator):
        kept = Confirmation.objects.get()
    assert (kept.agrees, kept.members, kept.name, kept.office) == (True, 2, "Ibu Guru Uji", "Wakil kepala sekolah")
    assert (
        "Menyatakan sesuai" in made.desk.get(reverse("commitments:sheet", args=[made.school.pk, KEY])).content.decode()
    )
    with few_queries():
        family = made.desk.get(reverse("commitments:family", args=[made.pupil.family_id])).content.decode()
    assert "Sesuai menurut sekolah atau fasilitas" in family and "Ibu Guru Uji" in family
    assert f"Tautan dibuat {made.operator.person_name}" in family
    assert f"Kode pembuka dibuat {made.coordinator.person_name}" in family
    (written,) = log("commitment.confirmed")
    assert (written.facts["link_made_by"], written.facts["code_drawn_by"]) == (
        str(made.operator.person_id), str(made.coordinator.person_id)
    )  # fmt: skip


def test_it_shows_what_a_teacher_needs_and_no_more(made):
    decided(made.coordinator)
    text = looked(made).content.decode()
    with in_territory(made.operator):
        family = Family.objects.get(pk=made.pupil.family_id)
    for hidden in (
        made.pupil.nik_last4, family.family_no, made.pupil.member_no, str(made.pupil.pk), "Rp", "Tangguhkan",
        "Tidak terpenuhi", made.pupil.birth_date.isoformat(), made.operator.person_name,
    ):  # fmt: skip
        assert hidden not in text


def waits(*people):
    """How many differences wait for each of them."""
    found = []
    for acting in people:
        with in_territory(acting):
            found.append(own_differences(acting).count())
    return found


def test_a_difference_is_a_task_and_a_new_sheet_answers_it(made, client_of, cast):
    other, hers = cast("DISTRICT_OPERATOR", "6371"), cast("FACILITATOR", made.pupil.village_code)
    with in_territory(EVERYWHERE):
        staff = make_staff("6371", person=Person.objects.get(pk=hers.person_id))
    assert answered(made, DIFFERS).status_code == 302
    with in_territory(made.operator):
        one = Difference.objects.get()
        assert (one.member_id, one.words) == (made.pupil.pk, DIFFERS["row_2"])
        assert own_differences(made.operator).count() == 1
        kept = {each.verdict for each in Verdict.objects.filter(member=made.pupil)}
        assert kept == {"NOT_MET"}, "nothing turns by itself"
    assert "isian berbeda menurut sekolah" in made.desk.get(reverse("home")).content.decode()
    with few_queries():
        text = made.desk.get(reverse("commitments:differences")).content.decode()
    assert DIFFERS["row_2"] in text and "Siti Uji" in text
    family = made.desk.get(reverse("commitments:family", args=[made.pupil.family_id])).content.decode()
    assert "Berbeda menurut sekolah atau fasilitas" in family
    decides = client_of(made.coordinator).get(reverse("commitments:recommendations")).content.decode()
    assert DIFFERS["row_2"] in decides, "whoever decides reads it beside the reason"
    assert waits(made.operator, other, hers) == [1, 1, 0], "nobody accompanies the family: it is any desk's"
    with in_territory(made.coordinator):
        assign_unaccompanied(made.coordinator, made.pupil.village_code, staff, day=timezone.localdate(), reason="Uji")
    assert waits(made.operator, other, hers) == [1, 0, 1], "whoever recorded it may have left"
    recorded(made.operator, made.school, {made.pupil: months(1)})
    assert waits(made.operator, other, hers) == [0, 0, 0]
    assert "Tidak ada perbedaan yang menunggu" in made.desk.get(reverse("commitments:differences")).content.decode()
    page = made.desk.get(reverse("commitments:own_link", args=[made.school.pk, KEY])).content.decode()
    assert "Sudah ada lembar baru" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"office": " "},
        {"says": ""},
        {"says": "differs"},
        {"row_1": "beda"},
        {"name": "6371014203140001"},
        {"says": "differs", "row_1": "NIK 6371 0142 0314 0001"},
        {"shown": "0" * 64},
        {"shown": ""},
    ],
)
def test_it_refuses_and_keeps_what_was_typed(made, wrong):
    told = {"opening": made.code, "shown": shown_in(looked(made)), "row_2": ""}
    answer = made.school_itself.post(made.page, AGREES | told | wrong)
    assert answer.status_code == 422
    assert wrong.get("office", "Wakil kepala sekolah") in answer.content.decode()
    with in_territory(made.operator):
        assert not Confirmation.objects.exists()


def test_it_refuses_rows_that_changed_meanwhile(made):
    shown = shown_in(looked(made))
    recorded(made.operator, made.school, {made.pupil: months(2)})
    answer = made.school_itself.post(made.page, AGREES | {"opening": made.code, "shown": shown})
    assert answer.status_code == 422 and "Isiannya berubah" in answer.content.decode()


def test_a_link_that_is_wrong_over_ended_or_used_has_one_answer(made, monkeypatch):
    used = made.page
    answered(made, AGREES)
    ended, secret = link(made)
    with in_territory(made.operator):
        actions.end_link(made.operator, ended)
        actions.end_link(made.operator, ended)
    monkeypatch.setattr(actions, "DAYS", -1)
    over = address(link(made)[1])
    answers = [made.school_itself.get(one) for one in (used, address(secret), over, address("x" * 43))]
    assert len({(one.status_code, told_by(one)) for one in answers}) == 1
    assert answers[0].status_code == 404
    asked = []
    for one in (used, over, address("y" * 43)):
        PublicTry.objects.all().delete()
        cache.clear()
        with CaptureQueriesContext(connection) as questions:
            made.school_itself.get(one)
        told = [re.sub(r"'[^']*'", "?", each["sql"]) for each in questions]
        asked.append([each for each in told if "SAVEPOINT" not in each])
    assert asked[0] == asked[1] == asked[2], "the same questions, whatever is wrong"


def test_a_new_link_ends_the_one_before(made):
    second = address(link(made)[1])
    assert made.school_itself.get(made.page).status_code == 404
    assert made.school_itself.get(second).status_code == 200
    with in_territory(made.operator):
        assert OwnLink.objects.filter(end=None).count() == 1


def test_whoever_guesses_is_soon_told_to_wait(made):
    for number in range(5):
        assert made.school_itself.get(address(f"{number}" * 43)).status_code == 404
    for one in (address("z" * 43), made.page):
        assert made.school_itself.get(one).status_code == 429
        assert made.school_itself.post(one, AGREES).status_code == 429


def log(action):
    with in_territory(EVERYWHERE):
        return list(AuditEntry.objects.filter(action=action).order_by("id"))


def test_it_is_written_down_once_a_day_that_a_link_was_opened(made, monkeypatch):
    monkeypatch.setattr("django.db.transaction.on_commit", lambda do: do())

    def look(client, **more):
        with few_queries():
            assert client.get(made.page, **more).status_code == 200

    look(made.school_itself, REMOTE_ADDR="203.0.113.9")
    look(made.school_itself, REMOTE_ADDR="203.0.113.10")
    (first,) = log("commitment.link_opened")
    with in_territory(made.operator):
        kept = OwnLink.objects.get()
    assert (first.person_id, first.person_name, first.object_id) == (None, "Belum masuk", str(kept.pk))
    assert (first.region_code, first.from_address) == (made.school.region_code, "203.0.113.9")
    look(made.desk)
    assert [each.person_id for each in log("commitment.link_opened")] == [None, made.operator.person_id]
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr("gandeng.audit.actions.timezone.localdate", lambda: tomorrow)
    look(made.school_itself)
    assert len(log("commitment.link_opened")) == 3, "midnight of Jakarta begins another day"


def test_a_link_that_opens_nothing_is_written_down_and_so_is_guessing(made):
    answered(made, AGREES)
    for one in (made.page, made.page, address("x" * 43)):
        assert made.school_itself.get(one, REMOTE_ADDR="203.0.113.9").status_code == 404
    (refused,) = log("access.refused")
    assert (refused.person_id, refused.from_address) == (None, "203.0.113.9"), "once a minute for an address"
    assert refused.facts["page"] == "own_sheet:confirm" and "sudah dipakai" in refused.reason
    for number in range(3):
        made.school_itself.get(address(f"{number}" * 43), REMOTE_ADDR="203.0.113.9")
    assert [each.reason for each in log("access.refused")][1:] == ["Terlalu banyak permintaan"]
    secret = made.page.rstrip("/").rsplit("/", 1)[-1]
    with in_territory(EVERYWHERE):
        assert not [each for each in AuditEntry.objects.all() if secret in str(vars(each))]


def test_an_officer_does_not_answer_for_the_school(made):
    shown = shown_in(looked(made))
    for page in (made.desk.get(made.page), made.desk.post(made.page, {"opening": made.code})):
        text = page.content.decode()
        assert "Anda masuk sebagai petugas" in text and "Lanjutkan" not in text and "Siti Uji" not in text
    made.desk.post(made.page, AGREES | {"opening": made.code, "shown": shown})
    with in_territory(made.operator):
        assert not Confirmation.objects.exists()


def test_no_program_writes_a_confirmation_by_itself(made):
    answered(made, DIFFERS)
    with in_territory(made.operator):
        kept, one = Confirmation.objects.get(), Difference.objects.get()
        for row in (kept, one):
            row.pk = type(row)._meta.pk.get_default()
            with pytest.raises(DatabaseError), transaction.atomic():
                row.save(force_insert=True)
        for table in ("commitments_confirmation", "commitments_difference", "commitments_ownlink"):
            for act in (f"update {table} set at = now()", f"delete from {table}"):
                with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(act)


def test_the_secret_is_kept_nowhere(made):
    with in_territory(made.operator):
        kept, code = OwnLink.objects.get(pk=made.link.pk), OwnCode.objects.get()
        assert made.secret.encode() not in bytes(kept.secret_digest)
        plain = hashlib.sha256(f"{bytes(kept.secret_digest).hex()}|{made.code}".encode()).digest()
        assert bytes(code.code_digest) != plain, "keyed: a table alone tells no code"
        assert not [each for each in AuditEntry.objects.all() if made.code in str(vars(each))]
    assert len(made.secret) >= 32 and opened(made.secret, made.code).facility == "SDN Uji"


def test_an_empty_sheet_is_not_confirmed(made, cast):
    empty = make_facility(made.operator, name="SDN Kosong")
    with in_territory(made.operator):
        secret = actions.make_link(made.operator, empty, QUARTER)[1]
    code = coded(made.coordinator, secret)
    assert "Belum ada catatan" in looked(made, address(secret), code).content.decode()
    assert answered(made, AGREES, address(secret), code).status_code == 422


def test_it_is_printed_as_the_second_code(made):
    from gandeng.commitments.tests.factories import placed

    placed(made.operator, made.pupil, made.school)
    page = reverse("commitments:own_link", args=[made.school.pk, KEY])
    (text,) = pages_of(made.desk.post(page, {"how": "print"}))
    day = timezone.localdate() + timedelta(days=actions.DAYS)
    assert "Untuk sekolah atau fasilitas: pindai kode ini" in text and f"paling lambat {long_date(day)}." in text


@pytest.mark.parametrize(
    ("made_at", "last"),
    [("2026-11-28T16:59:59+00:00", date(2026, 12, 28)), ("2026-11-28T23:36:00+00:00", date(2026, 12, 29))],
)
def test_it_opens_all_of_the_day_it_names(made, monkeypatch, made_at, last):
    """Of the night in Jakarta, too, when the day in Greenwich is still the one before."""
    monkeypatch.setattr(timezone, "now", lambda: datetime.fromisoformat(made_at))
    kept, _ = link(made)
    assert kept.until == last
    assert kept.expires_at == datetime.combine(last, time(17), UTC), "midnight of the capital, seven hours ahead"


def test_it_is_shown_once_or_mailed(made):
    page = reverse("commitments:own_link", args=[made.school.pk, KEY])
    shown = made.desk.post(page, {"how": "show"}).content.decode()
    found = re.search(r"http://testserver(/sekolah/[\w-]{43}/)", shown)[1]
    assert made.school_itself.get(found).status_code == 200
    assert found not in made.desk.get(page).content.decode()
    assert made.desk.post(page, {"how": "mail", "email": ""}).status_code == 422
    made.desk.post(page, {"how": "mail", "email": "sekolah@contoh.test"})
    (letter,) = mail.outbox
    assert letter.to == ["sekolah@contoh.test"]
    assert made.school_itself.get(re.search(r"/sekolah/[\w-]{43}/", letter.body)[0]).status_code == 200


def test_it_is_ended_by_a_button_and_by_its_own_people_alone(made, cast, client_of):
    kept, secret = link(made)
    end = reverse("commitments:own_link_end", args=[kept.pk])
    other = client_of(cast("DISTRICT_OPERATOR", "6372"))
    assert other.post(end).status_code == 404
    assert other.get(reverse("commitments:own_link", args=[made.school.pk, KEY])).status_code == 404
    assert made.school_itself.get(address(secret)).status_code == 200
    assert made.desk.post(end).status_code == 302
    assert made.school_itself.get(address(secret)).status_code == 404

"""Who has a duty and no place: found by the ages of the rules, placed many at once, by whoever may."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.audit.models import AuditEntry
from gandeng.commitments import actions
from gandeng.commitments.actions import CommitmentRefused
from gandeng.commitments.education_file import pupil_line
from gandeng.commitments.models import Enrolment
from gandeng.commitments.queries import Quarter, expected_at
from gandeng.commitments.queries import placed as places_of
from gandeng.commitments.tests.factories import QUARTER, VILLAGE, make_facility, make_pupil, placed
from gandeng.commitments.unplaced_queries import duties_lacking, unplaced
from gandeng.facilitators.tests.factories import few_queries
from gandeng.registry.models import Family, Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db
PAGE = reverse("commitments:unplaced")
SINCE = date(2026, 7, 1)


@pytest.fixture
def made(cast, client_of):
    class Made:
        operator = cast("DISTRICT_OPERATOR", "6371")
        pupil = make_pupil(name="Murid Satu")

    Made.school = make_facility(Made.operator, code="30300001")
    Made.desk = client_of(Made.operator)
    return Made


def _waiting(who, quarter=QUARTER, **narrowed):
    with in_territory(who):
        return {each.name: [str(duty) for duty in duties_lacking(each)] for each in unplaced(quarter, **narrowed)}


@pytest.mark.parametrize(
    ("about", "duties"),
    [
        ({"birth_date": date(2014, 3, 2), "school_level": "SD"}, ["EDUCATION"]),
        ({"birth_date": date(2004, 9, 30), "school_level": "SMA"}, []),
        ({"birth_date": date(2004, 10, 1), "school_level": "SMA"}, ["EDUCATION"]),
        ({"birth_date": date(2014, 3, 2)}, []),
        ({"birth_date": date(2019, 10, 1)}, ["HEALTH"]),
        ({"birth_date": date(2019, 9, 30)}, []),
        ({"birth_date": date(1990, 1, 1), "pregnancy_no": 1}, ["HEALTH"]),
        ({"birth_date": date(1990, 1, 1)}, []),
        ({"birth_date": date(1956, 9, 30)}, ["WELFARE"]),
        ({"birth_date": date(1956, 10, 1)}, []),
        ({"birth_date": date(2014, 3, 2), "school_level": "SD", "severe_disability": True}, ["EDUCATION", "WELFARE"]),
    ],
)
def test_whose_duty_it_is_goes_by_the_rules_on_the_last_day(cast, about, duties):
    make_family(VILLAGE, name="Uji", **about)
    assert _waiting(cast("DISTRICT_OPERATOR", "6371")) == ({"Uji": duties} if duties else {})


def test_a_place_counts_from_its_day_until_it_is_taken_away(made):
    placed(made.operator, made.pupil, made.school, since=date(2026, 10, 1))
    assert _waiting(made.operator) == {"Murid Satu": ["EDUCATION"]}
    assert _waiting(made.operator, Quarter(2026, 4)) == {}
    placed(made.operator, made.pupil, None, since=date(2026, 12, 31))
    assert _waiting(made.operator, Quarter(2026, 4)) == {"Murid Satu": ["EDUCATION"]}
    clinic = make_facility(made.operator, kind="CLINIC", name="Puskesmas Uji")
    placed(made.operator, made.pupil, clinic, obligation="HEALTH", since=SINCE)
    assert _waiting(made.operator) == {"Murid Satu": ["EDUCATION"]}, "another duty is another place"


def test_a_place_goes_along_with_who_is_in_another_family_since(made):
    """Its former family ended with a list: the pupil stays on the school's sheet, with the family of now."""
    placed(made.operator, made.pupil, made.school)
    now = make_family(VILLAGE, name="Pengurus Baru")
    with in_territory(EVERYWHERE):
        Member.objects.filter(pk=made.pupil.pk).update(family=now)
        Family.objects.filter(pk=made.pupil.family_id).update(status="ENDED")
    with in_territory(made.operator):
        (pupil,) = expected_at(made.school, QUARTER)
        assert (pupil.member_id, pupil_line(1, pupil, (), "")[2]) == (made.pupil.pk, "Pengurus Baru")
        assert [each["now"] for each in places_of(now) if each["member"].pk == made.pupil.pk] == [[pupil]]
        assert places_of(pupil.family) == []
    assert _waiting(made.operator) == {}, "and has a place, as the list says"


@pytest.mark.parametrize("gone", [{"status": "ENDED"}, {"status": "GRADUATED"}, {"status": "PROPOSED"}])
def test_families_that_are_not_in_the_programme_are_left_out(cast, gone):
    make_pupil(**gone)
    assert _waiting(cast("DISTRICT_OPERATOR", "6371")) == {}


def _typed(made, *members, **more):
    return {"chosen": [each.pk for each in members], "facility": made.school.pk, "since": "2026-07-01"} | more


def _asked(**more):
    return f"{PAGE}?quarter=2026-3&cari=303000" + "".join(f"&{name}={value}" for name, value in more.items())


def test_many_are_placed_at_a_school_that_is_found_by_its_number(made):
    mates = [made.pupil, *(make_pupil(name=f"Murid {number:03}") for number in range(40))]
    elsewhere = make_pupil("6371011002", name="Murid Lain")
    with few_queries():
        shown = made.desk.get(_asked(kewajiban="EDUCATION", wilayah=VILLAGE)).content.decode()
    assert "Murid 039" in shown and elsewhere.name not in shown and "30300001" in shown
    with few_queries():
        assert made.desk.post(_asked(), _typed(made, *mates)).status_code == 302
    with in_territory(made.operator):
        assert {each.member_id for each in expected_at(made.school, QUARTER)} == {each.pk for each in mates}
    assert _waiting(made.operator) == {"Murid Lain": ["EDUCATION"]}


def test_each_is_written_down_as_one_alone(made, cast):
    mate = make_pupil()
    with in_territory(made.operator):
        many = actions.place_many(made.operator, [made.pupil.pk, mate.pk], made.school, QUARTER, SINCE)
        one = actions.place(made.operator, mate, "EDUCATION", None, date(2026, 7, 2))
    with in_territory(cast("AUDITOR", "6371")):
        lines = AuditEntry.objects.filter(action="commitment.placed").values_list("object_id", flat=True)
        assert set(lines) == {str(each.pk) for each in (*many, one)}
    assert _waiting(made.operator) == {mate.name: ["EDUCATION"]}, "taken back as any single place"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"chosen": []}, "Pilih sedikitnya satu anggota"), ({"facility": ""}, "Pilih"), ({"since": "x"}, "tanggal"),
        ({"since": "2026-10-01"}, "sesudah triwulannya"), ({"chosen": ["0" * 32]}, "Daftarnya berubah"),
    ],
)  # fmt: skip
def test_it_refuses_and_keeps_what_was_ticked(made, wrong, words):
    answer = made.desk.post(_asked(), _typed(made, made.pupil, **wrong))
    assert answer.status_code == 422 and words in answer.content.decode()
    assert [each["chosen"] for each in answer.context["rows"]] == ["chosen" not in wrong]
    with in_territory(made.operator):
        assert not Enrolment.objects.exists()


def test_it_refuses_all_where_one_has_a_place_by_now(made):
    mate = make_pupil(name="Sudah Punya")
    placed(made.operator, mate, made.school, since=SINCE)
    with in_territory(made.operator), pytest.raises(CommitmentRefused, match="Sudah Punya"):
        actions.place_many(made.operator, [made.pupil.pk, mate.pk], made.school, QUARTER, SINCE)
    assert "Murid Satu" in _waiting(made.operator)


def test_it_refuses_a_duty_the_member_has_not(made):
    clinic = make_facility(made.operator, kind="POSYANDU", name="Posyandu Uji")
    with in_territory(made.operator), pytest.raises(CommitmentRefused, match="tidak punya kewajiban"):
        actions.place_many(made.operator, [made.pupil.pk], clinic, QUARTER, SINCE)


def test_whoever_does_not_record_places_nobody_and_a_stranger_finds_nobody(made, cast, client_of):
    coordinator, stranger = cast("DISTRICT_COORDINATOR", "6371"), cast("DISTRICT_OPERATOR", "6372")
    with in_territory(coordinator), pytest.raises(PermissionDenied):
        actions.place_many(coordinator, [made.pupil.pk], made.school, QUARTER, SINCE)
    with in_territory(stranger), pytest.raises(CommitmentRefused):
        actions.place_many(stranger, [made.pupil.pk], made.school, QUARTER, SINCE)
    shown = client_of(stranger).get(_asked()).content.decode()
    assert made.pupil.name not in shown and made.school.name not in shown
    assert client_of(stranger).post(_asked(), _typed(made, made.pupil)).status_code == 422


def test_pages_follow_village_and_name_without_gaps(made):
    for village in ("6371011002", VILLAGE):
        for number in range(60):
            make_pupil(village, name=f"Anak {number % 20:02}")
    seen, url = [], f"{PAGE}?quarter=2026-3"
    while url:
        page = made.desk.get(url).context["page"]
        seen += [(each.village_code, each.name, each.pk) for each in page.rows]
        url = page.next
    assert len(seen) == 121 and seen == sorted(seen)
    assert made.desk.get(f"{PAGE}?after=x").status_code == made.desk.get(f"{PAGE}?kewajiban=x").status_code == 400

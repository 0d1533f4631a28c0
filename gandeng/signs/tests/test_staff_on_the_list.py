"""Staff whose own NIK or card is on the list: all who were planted in a district, nobody else, and who is told."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Person
from gandeng.audit.sealing import blind
from gandeng.facilitators.actions.identities import Numbers, record_identity
from gandeng.facilitators.models import Staff
from gandeng.facilitators.tests.factories import few_queries, make_staff
from gandeng.registry.models import Family, Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.signs import actions, queries
from gandeng.signs.actions import Closing, SignRefused
from gandeng.signs.models import Found, Step
from gandeng.signs.tests.factories import signs_of, told

pytestmark = pytest.mark.django_db
VILLAGE = "6371011001"
NIK, CARD = "6371014505900001", "6371010101010007"
WORDS = "Mohon jelaskan hubungan Anda dengan keluarga ini."

FAMILIES, STAFF = 4_000, 30
_FAMILIES = """
insert into registry_family (id, family_no, kk_sealed, kk_index, kk_last4, village_code, status, status_reason,
    updated_at)
select gen_random_uuid(), 'K638' || lpad(n::text, 6, '0'), '', substr(sha256(('kk' || n)::bytea), 1, 16), '0000',
    '63710110' || lpad((n %% 50 + 1)::text, 2, '0'), 'ACTIVE', '', now()
from generate_series(1, %s) n
"""
_MEMBERS = """
insert into registry_member (id, member_no, family_id, village_code, nik_sealed, nik_index, nik_last4, name,
    birth_date, sex, school_level, severe_disability, rights_victim, updated_at)
select gen_random_uuid(), f.family_no || '-' || m, f.id, f.village_code, '',
    substr(sha256((f.family_no || m)::bytea), 1, 16), '0000', 'Uji', date '1990-01-01', 'F', '', false, false, now()
from registry_family f, generate_series(1, 3) m where f.family_no like 'K638%%'
"""


def on_the_list(family, *, nik="", kk=""):
    """A member with that NIK, the card with that number."""
    with in_territory(EVERYWHERE), scopes_disabled():
        if nik:
            member = Member.objects.filter(family=family).order_by("member_no")[0]
            Member.objects.filter(pk=member.pk).update(nik_index=blind("nik", nik), nik_last4=nik[-4:])
        if kk:
            Family.objects.filter(pk=family.pk).update(kk_index=blind("kk", kk), kk_last4=kk[-4:])


def staff_with(operator, region="6371", *, person=None, **numbers):
    staff = make_staff(region, person=person)
    with in_territory(operator):
        record_identity(operator, staff, Numbers(numbers))
    return staff


@pytest.fixture
def officer(cast):
    """Keeps the records of the whole province."""
    return cast("PROVINCE_OFFICER", "63")


@pytest.fixture
def desk(cast):
    return cast("DISTRICT_COORDINATOR", "6371")


def scans(table):
    with connection.cursor() as cursor:
        cursor.execute("select seq_scan from pg_stat_xact_all_tables where relname = %s", [table])
        return cursor.fetchone()[0]


def test_thirty_planted_in_four_thousand_families_are_all_found_and_nobody_else(officer, desk):
    """A third by NIK, a third by card, a third by both; as many others of the staff are on no list."""
    with in_territory(EVERYWHERE), scopes_disabled(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FAMILIES, [FAMILIES])
        cursor.execute(_MEMBERS)
        families = list(Family.objects.filter(family_no__startswith="K638").order_by("family_no")[::100][:STAFF])
    planted = set()
    for at in range(2 * STAFF):
        nik, kk = f"63710145059{at:05d}", f"63710101010{at:05d}"
        staff = staff_with(officer, nik=nik, kk=kk)
        if at < STAFF:
            on_the_list(families[at], nik=nik if at % 3 else "", kk=kk if at % 3 != 1 else "")
            planted.add((staff.person_id, families[at].pk, families[at].village_code))
    before = scans("registry_member")
    with in_territory(desk), connection.cursor() as cursor:
        cursor.execute("select count(*) from signs_staff_on_the_list('6371', current_date)")
    assert scans("registry_member") == before, "members are looked up by their index"
    found = signs_of(desk, "STAFF")
    assert len(found) == STAFF
    assert {(one.about_id, one.family_id, one.village_code) for one in found} == planted
    assert [sum(len(one.facts["how"]) == n for one in found) for n in (1, 2)] == [20, 10]


def test_it_says_who_and_whose_and_no_number(officer, desk, client_of):
    family, staff = make_family(VILLAGE), staff_with(officer, nik=NIK, kk=CARD)
    on_the_list(family, nik=NIK, kk=CARD)
    (found,) = signs_of(desk, "STAFF")
    assert told(found).startswith("NIK seorang anggota dan nomor KK keluarga ini sama")
    pages = client_of(desk)
    with few_queries():
        page = pages.get(reverse("signs:sign", args=[found.pk])).content.decode()
    assert staff.person.name in page and reverse("facilitators:person", args=[staff.pk]) in page
    assert reverse("registry:family", args=[family.pk]) in page
    for number in (NIK, CARD):
        assert number not in page and number not in str(found.facts) + str(found.rows)


ELSEWISE = {
    "a family that was suspended": lambda family, _: Family.objects.filter(pk=family.pk).update(status="SUSPENDED"),
    "who left the family": lambda family, _: Member.objects.filter(family=family).update(left_on=timezone.localdate()),
    "who died": lambda family, _: Member.objects.filter(family=family).update(deceased_on=timezone.localdate()),
    "who left the office": lambda _, staff: Staff.objects.filter(pk=staff.pk).update(
        left_on=timezone.localdate(), left_because="RESIGNED"
    ),
    "who has not begun": lambda _, staff: Staff.objects.filter(pk=staff.pk).update(
        joined_on=timezone.localdate() + timedelta(days=30)
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", ELSEWISE)
def test_it_is_no_sign_of(officer, desk, what):
    family, staff = make_family(VILLAGE), staff_with(officer, nik=NIK)
    on_the_list(family, nik=NIK)
    assert len(signs_of(desk, "STAFF")) == 1
    with in_territory(EVERYWHERE), scopes_disabled():
        ELSEWISE[what](family, staff)
    assert signs_of(desk, "STAFF") == []


def test_a_number_that_was_put_right_is_no_sign(officer, desk):
    family, staff = make_family(VILLAGE), staff_with(officer, nik=NIK)
    on_the_list(family, nik=NIK)
    with in_territory(officer):
        record_identity(officer, staff, Numbers({"nik": NIK[::-1]}))
    assert signs_of(desk, "STAFF") == []


def test_who_works_elsewhere_is_told_where_the_family_is_and_without_her_place(officer, desk, cast, client_of):
    family, staff = make_family(VILLAGE), staff_with(officer, "6372", nik=NIK)
    on_the_list(family, nik=NIK)
    (found,) = signs_of(desk, "STAFF")
    assert found.facts == {"how": ["MEMBER"], "elsewhere": True} and found.about_id == staff.person_id
    page = client_of(desk).get(reverse("signs:sign", args=[found.pk])).content.decode()
    assert "Catatan kerjanya ada di wilayah lain" in page and "Catatan yang tidak dapat Anda buka" in page
    assert staff.person.name in page
    assert str(staff.pk) not in page and staff.staff_no not in page and "Banjarbaru" not in page
    hers = cast("DISTRICT_COORDINATOR", "6372")
    assert signs_of(hers, "STAFF", district="6372") == []
    with in_territory(hers):
        assert not Found.objects.exists()


def test_who_works_elsewhere_is_asked_and_explains(officer, desk, cast, client_of):
    """Of the family she reads no more than the village; a report on her is for an office that has her record."""
    clerk, family = cast("DISTRICT_OPERATOR", "6372"), make_family(VILLAGE)
    staff_with(officer, "6372", person=Person.objects.get(pk=clerk.person_id), nik=NIK)
    on_the_list(family, nik=NIK)
    (found,) = signs_of(desk, "STAFF")
    with in_territory(desk):
        actions.ask(desk, queries.access(desk, found.pk), WORDS)
    own, page = client_of(clerk), reverse("signs:sign", args=[found.pk])
    assert "belum dijawab" in own.get(reverse("home")).content.decode()
    assert page in own.get(reverse("signs:mine")).content.decode()
    told = own.get(page).content.decode()
    assert WORDS in told and family.called not in told and reverse("registry:family", args=[family.pk]) not in told
    assert own.post(reverse("signs:explain", args=[found.pk]), {"words": "Itu keluarga kakak saya."}).status_code == 302
    with in_territory(desk):
        seen = queries.access(desk, found.pk)
        assert seen.last.words == "Itu keluarga kakak saya."
        with pytest.raises(SignRefused, match="tidak ada di wilayah Anda"):
            actions.close(desk, seen, Closing("HANDED_ON", "Diteruskan", "CONDUCT", "OTHER", uuid4()))
        actions.close(desk, seen, Closing("HANDED_ON", "Diteruskan", "HELPDESK"))
    assert "Selesai dilihat" in own.get(page).content.decode()


def test_a_regional_coordinator_of_the_province_is_one_of_the_place(officer, desk, client_of):
    """Her record is not for the district to open."""
    family, staff = make_family(VILLAGE), staff_with(officer, "63", nik=NIK)
    on_the_list(family, nik=NIK)
    (found,) = signs_of(desk, "STAFF")
    assert found.facts["elsewhere"] is False
    pages, record = client_of(desk), reverse("facilitators:person", args=[staff.pk])
    page = pages.get(reverse("signs:sign", args=[found.pk])).content.decode()
    assert staff.person.name in page and record not in page and pages.get(record).status_code == 404
    with in_territory(desk):
        closing = Closing("HANDED_ON", "Diteruskan", "CONDUCT", "OTHER", uuid4())
        actions.close(desk, queries.access(desk, found.pk), closing)


def test_the_question_is_answered_to_who_looks_there_alone(cast, officer):
    on_the_list(make_family(VILLAGE), nik=NIK)
    staff_with(officer, nik=NIK)
    for other, district in (
        (cast("DISTRICT_COORDINATOR", "6372"), "6371"), (cast("FACILITATOR", VILLAGE), "6371"),
        (cast("FACILITATOR", VILLAGE), VILLAGE), (cast("CHANNEL_OFFICER", "6371", channel="BRI"), "6371"),
    ):  # fmt: skip
        refused = pytest.raises(DatabaseError, match="another office")
        with in_territory(other), refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select * from signs_staff_on_the_list(%s, current_date)", [district])


def test_an_operator_of_whom_it_is_explains_and_the_coordinator_closes(cast, officer, desk, client_of):
    """She accompanies nobody, and is asked all the same."""
    clerk = cast("DISTRICT_OPERATOR", "6371")
    staff_with(officer, nik=NIK, person=Person.objects.get(pk=clerk.person_id))
    on_the_list(make_family(VILLAGE), nik=NIK)
    (found,) = signs_of(desk, "STAFF")
    own = client_of(clerk)
    assert own.get(reverse("signs:sign", args=[found.pk])).status_code == 404
    with in_territory(desk):
        actions.ask(desk, queries.access(desk, found.pk), WORDS)
    assert "belum dijawab" in own.get(reverse("home")).content.decode()
    page = own.get(reverse("signs:sign", args=[found.pk])).content.decode()
    assert reverse("facilitators:own") in page and reverse("signs:close", args=[found.pk]) not in page
    said = own.post(reverse("signs:explain", args=[found.pk]), {"words": "Keluarga orang tua saya, KK belum dipecah."})
    assert said.status_code == 302
    with in_territory(desk):
        actions.close(desk, queries.access(desk, found.pk), Closing("PLAUSIBLE", "KK akan dipecah", key=uuid4()))
        steps = list(Step.objects.order_by("number").values_list("kind", "authority"))
    assert [kind for kind, _ in steps] == ["ASKED", "EXPLAINED", "CLOSED"] and "Operator data" in steps[1][1]
    assert signs_of(desk, "STAFF") == [], "the same family and person are no sign again"


def test_the_coordinator_herself_is_for_the_head_of_the_office(cast, officer, desk, client_of):
    staff_with(officer, nik=NIK, person=Person.objects.get(pk=desk.person_id))
    on_the_list(make_family(VILLAGE), nik=NIK)
    assert signs_of(desk, "STAFF") == []
    head = cast("DISTRICT_HEAD", "6371")
    with in_territory(head):
        found = Found.objects.get(kind="STAFF")
    assert client_of(desk).get(reverse("signs:sign", args=[found.pk])).status_code == 404
    assert client_of(head).get(reverse("signs:sign", args=[found.pk])).status_code == 200

"""An achievement from draft to confirmed, and what stops it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Person
from gandeng.achievements.actions import consents, deciding, records
from gandeng.achievements.actions.common import AchievementRefused, Sent
from gandeng.achievements.models import Achievement, Consent, Paper
from gandeng.achievements.queries import (
    access_achievement,
    achievements,
    consent_on,
    content_of,
    lapsed_for,
    returned_to,
    story_of,
)
from gandeng.achievements.tests.factories import (
    PROOF,
    STORY,
    TODAY,
    confirmed,
    consent,
    draft,
    make_child,
    picture,
    seen,
    submitted,
    told,
    years_ago,
)  # fmt: skip
from gandeng.audit.models import AuditEntry
from gandeng.facilitators.actions.caseload import assign_unaccompanied, undo
from gandeng.facilitators.models import Staff
from gandeng.facilitators.tests.factories import make_staff
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(cast):
    return cast("DISTRICT_COORDINATOR", "6371", name="Koordinator Uji")


def test_it_works_and_the_log_names_nobody(operator, coordinator):
    family, child = make_child(name="Anak Rahasia")
    one = confirmed(operator, coordinator, family, child, photo=True)
    found = seen(coordinator, one)
    assert (found.state, found.decided_by_id, found.agreed) == ("CONFIRMED", coordinator.person_id, "")
    assert story_of(found) == STORY and STORY.encode() not in bytes(found.story_sealed)
    with in_territory(EVERYWHERE):
        acts = AuditEntry.objects.filter(object_id=str(one.pk)).order_by("id")
        assert [act.action.partition(".")[2] for act in acts] == [
            "recorded", "paper_added", "paper_added", "consent_given", "submitted", "confirmed",
        ]  # fmt: skip
        told_of = " ".join(f"{act.facts} {act.reason}" for act in acts)
        assert not any(word in told_of for word in ("Anak Rahasia", "Ibu Uji", "Juara", STORY))


def test_sent_twice_it_is_one(operator):
    family, child = make_child()
    one = draft(operator, family, child)
    with in_territory(operator):
        again = records.record_achievement(operator, family, child, told(), one.pk)
        assert again.pk == one.pk and Achievement.objects.count() == 1


@pytest.mark.parametrize("lacking", ["proof", "consent"])
def test_it_refuses_to_submit_without_proof_and_consent(operator, lacking):
    family, child = make_child()
    one = draft(operator, family, child)
    if lacking != "consent":
        consent(operator, one)
    with in_territory(operator):
        if lacking != "proof":
            records.add_paper(operator, one, "PROOF", PROOF)
        with pytest.raises(AchievementRefused, match="bukti"):
            records.submit(operator, one)
    assert seen(operator, one).state == "DRAFT"


def test_it_refuses_that_who_records_confirms(cast, operator):
    """Not with another role either: it is the person that counts."""
    both = cast("DISTRICT_COORDINATOR", "6371", person=Person.objects.get(pk=operator.person_id))
    family, child = make_child()
    one = submitted(operator, family, child)
    with in_territory(both):
        with pytest.raises(AchievementRefused, match="orang lain"):
            deciding.confirm(both, access_achievement(both, one.pk))
        with pytest.raises(IntegrityError, match="achievement_two_people"), transaction.atomic():
            Achievement.objects.filter(pk=one.pk).update(state="CONFIRMED", decided_by_id=both.person_id)


def test_what_came_back_is_mended_and_submitted_again(operator, coordinator):
    family, child = make_child()
    one = submitted(operator, family, child)
    with in_territory(coordinator):
        deciding.give_back(coordinator, seen(coordinator, one), "Piagamnya tidak terbaca")
    with in_territory(operator):
        records.change_achievement(operator, seen(operator, one), told(what="Juara 2 lomba pidato"))
        records.submit(operator, one)
    with in_territory(coordinator):
        deciding.confirm(coordinator, seen(coordinator, one))
    assert (seen(operator, one).what, seen(operator, one).reason) == ("Juara 2 lomba pidato", "")


@pytest.mark.parametrize(
    "change", ["what = 'Juara dunia'", "state = 'DRAFT'", "state = 'SUBMITTED'", "consent_id = null",
               "member_id = null", "story_sealed = '\\x01'"],
)  # fmt: skip
def test_the_database_refuses_to_change_what_was_confirmed(operator, coordinator, change):
    family, child = make_child()
    one = confirmed(operator, coordinator, family, child)
    with in_territory(operator), pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"update achievements_achievement set {change} where id = %s", [one.pk])
    with in_territory(operator), pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("delete from achievements_paper where achievement_id = %s", [one.pk])


def test_it_refuses_a_child_of_another_family(operator):
    family, _ = make_child()
    _, other = make_child()
    with in_territory(operator), pytest.raises(AchievementRefused):
        records.record_achievement(operator, family, other, told(), other.pk)


def test_a_family_is_not_said_to_have_graduated_before_it_has(operator):
    family = make_family()
    with pytest.raises(AchievementRefused, match="belum berstatus graduasi"):
        draft(operator, family, None, standing="INDEPENDENT")
    graduated = make_family(status="GRADUATED")
    assert draft(operator, graduated, None, standing="INDEPENDENT").kind == "FAMILY"


def test_a_photo_loses_what_the_camera_wrote(operator):
    family, child = make_child()
    one = draft(operator, family, child)
    with in_territory(operator):
        paper = records.add_paper(operator, one, "PHOTO", Sent("f.jpg", "image/jpeg", picture() + b"posisi rumah"))
        assert b"posisi" not in records.open_paper(operator, one, paper) and (paper.width, paper.height) == (640, 480)
        with pytest.raises(AchievementRefused, match="Sudah ada foto"):
            records.add_paper(operator, one, "PHOTO", Sent("f.jpg", "image/jpeg", picture()))
        records.remove_paper(operator, one, paper)
        with pytest.raises(AchievementRefused, match="JPEG, PNG, atau WebP"):
            records.add_paper(operator, one, "PHOTO", Sent("f.jpg", "image/jpeg", b"bukan foto"))
        assert Paper.objects.count() == 0


@pytest.mark.parametrize(("age", "relation"), [(10, "SELF"), (19, "MOTHER"), (10, "COLLECTOR")])
def test_it_refuses_consent_of_the_wrong_person(operator, age, relation):
    family, child = make_child(born=years_ago(age))
    one = draft(operator, family, child)
    with pytest.raises(AchievementRefused, match="tidak cocok"):
        consent(operator, one, relation=relation)


def test_a_consent_withdrawn_counts_no_more_and_the_one_before_stays_ended(operator, coordinator):
    family, child = make_child()
    one = confirmed(operator, coordinator, family, child)
    consent(operator, one, covers=frozenset({"book"}))
    with in_territory(operator):
        consents.withdraw_consent(operator, one, TODAY(), "Ibu berubah pikiran")
        with pytest.raises(AchievementRefused, match="Tidak ada"):
            consents.withdraw_consent(operator, one, TODAY(), "Sekali lagi")
    assert seen(operator, one).agreed == "WITHDRAWN"
    with in_territory(operator), pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.filter(achievement=one).update(withdrawn_at=None, withdrawn_on=None, withdrawn_by=None)
    with pytest.raises(AchievementRefused, match="tidak cocok"):
        consent(operator, one, given_on=TODAY() - timedelta(days=1))
    assert seen(operator, one).agreed == "WITHDRAWN", "what was signed before the family said no brings nothing back"
    consent(operator, one)
    assert seen(operator, one).agreed == ""


def test_a_child_that_grows_up_agrees_herself(operator, coordinator):
    """Her parents agreed when she was seventeen; since her birthday that is over."""
    family, child = make_child(born=years_ago(18))
    earlier = {"given_on": TODAY() - timedelta(days=60)}
    one = draft(operator, family, child)
    consent(operator, one, **earlier)
    assert seen(operator, one).agreed == "OF_AGE"
    consent(operator, one, relation="SELF", given_by="Ia sendiri")
    assert seen(operator, one).agreed == ""


def test_consent_in_python_and_in_the_database_agree(operator):
    """On each day around the birthday, the end and the withdrawal."""
    family, child = make_child(born=years_ago(17))
    one = draft(operator, family, child)
    consent(operator, one, valid_until=TODAY() + timedelta(days=900))
    turns = child.birth_date.replace(year=child.birth_date.year + 18)
    with in_territory(operator), connection.cursor() as cursor:
        for day in (TODAY(), *(turns + timedelta(days=n) for n in (-1, 0, 1)), TODAY() + timedelta(days=900)):
            cursor.execute("select achievements_consented(%s, %s)", [one.pk, day])
            ours = Achievement.objects.annotate(agreed=consent_on(day)).get(pk=one.pk).agreed
            assert cursor.fetchone() == (ours == "",), day


def test_the_family_may_have_it_deleted(operator, coordinator):
    family, child = make_child()
    one = confirmed(operator, coordinator, family, child, photo=True)
    with in_territory(operator):
        consents.withdraw_consent(operator, one, TODAY(), "Keluarga tidak mau lagi", erase=True)
        assert not Paper.objects.filter(achievement=one).exists()
    found = seen(operator, one)
    assert (found.state, found.what, found.school, bytes(found.story_sealed)) == ("WITHDRAWN", "(dihapus)", "", b"")
    with in_territory(operator), pytest.raises(AchievementRefused):
        records.submit(operator, found)
    with pytest.raises(AchievementRefused):
        consent(operator, one)


def test_what_lapsed_waits_for_whoever_recorded_it(operator, coordinator):
    family, child = make_child()
    one = confirmed(operator, coordinator, family, child)
    consent(operator, one, given_on=TODAY() - timedelta(9), valid_until=TODAY())
    with in_territory(operator):
        assert [found.pk for found in lapsed_for(operator)] == [one.pk]


def test_what_came_back_or_lapsed_waits_for_whoever_accompanies_the_family_now(cast, operator, coordinator):
    """Its recorder has left; while nobody accompanies the family it waits for the desks."""
    left, now = (cast("FACILITATOR", "6371011001", name=name) for name in ("Pendamping Lama", "Pendamping Baru"))
    before, after = (make_staff(person=Person.objects.get(pk=acting.person_id)) for acting in (left, now))
    family, child = make_child()

    def assigned(staff):
        with in_territory(coordinator):
            return assign_unaccompanied(coordinator, "6371011001", staff, day=TODAY(), reason="Uji")

    def waits(acting):
        with in_territory(acting):
            return returned_to(acting).count(), lapsed_for(acting).count()

    given = assigned(before)
    lapsed = confirmed(left, coordinator, family, child)
    consent(left, lapsed, given_on=TODAY() - timedelta(9), valid_until=TODAY())
    back = submitted(left, family, child)
    with in_territory(coordinator):
        deciding.give_back(coordinator, seen(coordinator, back), "Piagamnya tidak terbaca")
    assert [waits(each) for each in (left, now, operator)] == [(1, 1), (0, 0), (0, 0)]
    with in_territory(coordinator):
        undo(coordinator, given, reason="Ia keluar")
    assert [waits(each) for each in (left, now, operator)] == [(0, 0), (0, 0), (1, 1)]
    assigned(after)
    assert [waits(each) for each in (left, now, operator)] == [(0, 0), (1, 1), (0, 0)]


def test_it_follows_the_family_and_whoever_accompanies_her(cast, operator, coordinator):
    """Row security: a stranger, the facilitator of another family, and raw SQL find nothing."""
    family, child = make_child()
    one = confirmed(operator, coordinator, family, child, photo=True)
    own = cast("FACILITATOR", "6371011001", name="Pendamping Sendiri")
    other = cast("FACILITATOR", "6371011001", name="Pendamping Lain")
    for acting in (own, other):
        make_staff(person=Person.objects.get(pk=acting.person_id))
    with in_territory(coordinator):
        staff = Staff.objects.get(person_id=own.person_id)
        assign_unaccompanied(coordinator, "6371011001", staff, day=TODAY(), reason="Uji")
    stranger = cast("DISTRICT_OPERATOR", "6372")
    tables = ("achievement", "paper", "consent")
    for acting, there in ((own, True), (operator, True), (other, False), (stranger, False)):
        with in_territory(acting), scopes_disabled(), connection.cursor() as cursor:
            found = []
            for table in tables:
                cursor.execute(f"select count(*) from achievements_{table}")
                found.append(cursor.fetchone()[0] > 0)
        assert found == [there] * 3, acting.person_name
        with in_territory(acting):
            assert achievements(acting).exists() is there
            if not there:
                with pytest.raises(Http404):
                    access_achievement(acting, one.pk)


def test_a_helpdesk_officer_has_no_business_with_it(cast, operator, coordinator):
    family, child = make_child()
    one = confirmed(operator, coordinator, family, child)
    helper = cast("HELPDESK", "6371")
    with in_territory(helper):
        with pytest.raises(Http404):
            access_achievement(helper, one.pk)
        with pytest.raises(PermissionDenied):
            deciding.withdraw(helper, one, "Iseng saja")


def test_it_moves_with_the_family(cast, operator, coordinator):
    family, child = make_child()
    one = confirmed(operator, coordinator, family, child)
    with in_territory(EVERYWHERE), scopes_disabled():
        Family.objects.filter(pk=family.pk).update(village_code="6372011001")
    with pytest.raises(Http404):
        seen(operator, one)
    assert content_of(_papers(cast("DISTRICT_OPERATOR", "6372"), one)[0]) == PROOF.content


def _papers(acting, one):
    with in_territory(acting):
        return list(Paper.objects.filter(achievement=access_achievement(acting, one.pk)))

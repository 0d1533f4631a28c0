"""From the search to a judgement, and on to the request another person decides."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.audit.models import AuditEntry
from gandeng.duplicates import looking, queries, sections
from gandeng.duplicates.actions import JudgementRefused, Said, Verdicts, judge, reopen
from gandeng.duplicates.models import Found, Judgement
from gandeng.duplicates.queries import access, access_judgement
from gandeng.duplicates.tasks import look_at_all
from gandeng.duplicates.tests.factories import (
    BORN,
    FAR,
    HERE,
    NEXT_DISTRICT,
    NEXT_VILLAGE,
    REASON,
    a_child,
    add_member,
    found_in,
    judged,
)  # fmt: skip
from gandeng.registry.actions import Proof, Wanted, approve_change, refuse_change, request_change
from gandeng.registry.models import ChangeRequest, Family, Member
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db


def side_of(pair, family):
    return Said.ENDS_FIRST if pair.family == family else Said.ENDS_OTHER


def test_it_works(operator, coordinator):
    first, child = a_child()
    other, twice = a_child(NEXT_VILLAGE, name="Riski Ananda")
    (pair,) = found_in(operator)
    assert {pair.family, pair.other} == {first, other}
    assert (pair.place, pair.people) == ("SUB_DISTRICT", 1)
    judgement = judged(operator, pair, side_of(pair, other))
    assert (judgement.verdict, judgement.ends) == ("SAME", twice)
    assert found_in(operator) == []
    with in_territory(coordinator):
        change = ChangeRequest.objects.get(pk=judgement.change_id)
        assert (change.kind, change.member_id, change.family_id) == ("LEFT", twice.pk, other.pk)
        assert first.family_no not in change.reason
        approve_change(coordinator, change, "Sudah dilihat.")
        assert Member.objects.get(pk=twice.pk).left_on is not None
        assert Member.objects.get(pk=child.pk).left_on is None
    assert found_in(operator) == []


def test_nothing_changes_before_another_person_decides(operator, cast):
    a_child(), a_child(NEXT_VILLAGE)
    with in_territory(EVERYWHERE), scopes_disabled():
        before = list(Member.objects.order_by("pk").values()), list(Family.objects.order_by("pk").values())
    judgement = judged(operator, found_in(operator)[0], Said.ENDS_FIRST)
    with in_territory(EVERYWHERE), scopes_disabled():
        assert before == (list(Member.objects.order_by("pk").values()), list(Family.objects.order_by("pk").values()))
    both = cast("DISTRICT_COORDINATOR", "6371", person=operator_person(operator))
    with in_territory(both), pytest.raises(Exception, match="diputuskan oleh orang lain"):
        approve_change(both, ChangeRequest.objects.get(pk=judgement.change_id), "")


def operator_person(acting):
    from gandeng.accounts.models import Person

    return Person.objects.get(pk=acting.person_id)


def test_a_family_that_stands_there_twice_ends_by_one_request(operator, coordinator, client_of):
    first, _child = a_child()
    other, _twice = a_child(NEXT_VILLAGE)
    for family in (first, other):
        add_member(family, name="Putri Ananda", birth_date=_child.birth_date.replace(year=2012))
    (pair,) = found_in(operator)
    assert pair.people == 2
    with in_territory(operator), transaction.atomic():
        kept = judge(operator, access(operator, pair.pk), Verdicts({}, REASON, side_of(pair, other)))
    assert len({one.change_id for one in kept}) == 1
    with in_territory(coordinator):
        change = ChangeRequest.objects.get(pk=kept[0].change_id)
        assert (change.kind, change.family_id) == ("END", other.pk)
        approve_change(coordinator, change, "")
        assert Family.objects.get(pk=other.pk).status == "ENDED"
    assert found_in(operator) == []
    with in_territory(operator):
        ended, proof = Family.objects.get(pk=other.pk), Proof("KK asli dilihat")
        back = request_change(operator, ended, "RESUME", None, Wanted({"status": "ACTIVE"}), REASON, proof)
    page = client_of(coordinator).get(reverse("registry:change", args=[back.pk])).content.decode()
    assert "keduanya dibayar" in page and all(one.member.name in page for one in kept)


def test_somebody_who_stands_in_one_family_twice(operator):
    family, child = a_child(name="Muh. Rizki Ananda")
    twice = add_member(family, name="Muhammad Rizky Ananda", birth_date=child.birth_date, sex="M")
    (pair,) = found_in(operator)
    assert (pair.place, pair.family, pair.other) == ("FAMILY", family, family)
    with in_territory(operator), transaction.atomic(), pytest.raises(JudgementRefused, match="satu keluarga"):
        judge(operator, access(operator, pair.pk), Verdicts({}, REASON, Said.ENDS_FIRST))
    said = Said.ENDS_FIRST if pair.pairs[0]["member"] == str(twice.pk) else Said.ENDS_OTHER
    assert judged(operator, pair, said).ends == twice


def test_two_people_stay_two_until_one_of_them_is_told_otherwise(operator):
    _family, child = a_child()
    a_child(NEXT_VILLAGE)
    judged(operator, found_in(operator)[0])
    assert found_in(operator) == []
    with in_territory(EVERYWHERE), scopes_disabled():
        Member.objects.filter(pk=child.pk).update(name="Rizky Ananda")
    assert len(found_in(operator)) == 1


def test_it_is_taken_back_once(operator):
    a_child(), a_child(NEXT_VILLAGE)
    judgement = judged(operator, found_in(operator)[0])
    with in_territory(operator), transaction.atomic():
        reopen(operator, access_judgement(operator, judgement.pk), "Ternyata keliru.")
    with in_territory(operator), transaction.atomic(), pytest.raises(JudgementRefused):
        reopen(operator, access_judgement(operator, judgement.pk), "Sekali lagi.")
    assert len(found_in(operator)) == 1


def test_a_request_that_was_refused_brings_the_pair_back(operator, coordinator):
    a_child(), a_child(NEXT_VILLAGE)
    judgement = judged(operator, found_in(operator)[0], Said.ENDS_OTHER)
    with in_territory(coordinator):
        refuse_change(coordinator, ChangeRequest.objects.get(pk=judgement.change_id), "Belum ada buktinya.")
    assert len(found_in(operator)) == 1


def test_it_refuses_what_the_registry_refuses_and_says_whom(operator):
    a_child(name="Anak Lain"), a_child(NEXT_VILLAGE, name="Anak Berbeda")
    with in_territory(EVERYWHERE), scopes_disabled():
        mothers = Member.objects.filter(pk__in=Family.objects.values("collector"))
        mothers.update(name="Siti Kumalasari", birth_date=BORN.replace(year=1988))
    (pair,) = found_in(operator)
    with pytest.raises(JudgementRefused, match="Siti Kumalasari: Anggota itu pengurus"):
        judged(operator, pair, Said.ENDS_FIRST)
    with in_territory(operator):
        assert not Judgement.objects.exists()
        assert Found.objects.count() == 1


def test_it_refuses_to_end_both(operator):
    """Of three who are one, two may end; not all three in a circle."""
    for village in (HERE, NEXT_VILLAGE, "6371011003"):
        a_child(village)
    found = found_in(operator)
    by_people = {frozenset(one.pairs[0][side] for side in ("member", "other")): one for one in found}
    first, second, third = sorted(set().union(*by_people))

    def ended(who, stays):
        pair = by_people[frozenset({who, stays})]
        return judged(operator, pair, Said.ENDS_FIRST if pair.pairs[0]["member"] == who else Said.ENDS_OTHER)

    ended(first, second)
    ended(second, third)
    with pytest.raises(JudgementRefused, match="juga sudah, atau sedang diminta"):
        ended(third, first)
    with in_territory(operator):
        assert ChangeRequest.objects.count() == 2


def test_the_second_of_two_is_refused(operator, cast):
    a_child(), a_child(NEXT_VILLAGE)
    (pair,) = found_in(operator)
    with in_territory(operator):
        seen = access(operator, pair.pk)
    judged(cast("DISTRICT_OPERATOR", "6371"), pair)
    with in_territory(operator), transaction.atomic(), pytest.raises(JudgementRefused, match="sudah dinilai"):
        judge(operator, seen, Verdicts({0: Said.ENDS_FIRST}, REASON))
    with in_territory(operator):
        assert Judgement.objects.count() == 1
        assert not ChangeRequest.objects.exists()


def test_what_is_judged_while_a_search_goes_on_is_not_found_by_it(operator, cast, monkeypatch):
    a_child(), a_child(NEXT_VILLAGE)
    (pair,) = found_in(operator)
    grouped = looking._by_families

    def judged_meanwhile(pairs):
        judged(cast("DISTRICT_OPERATOR", "6371"), pair)
        return grouped(pairs)

    monkeypatch.setattr(looking, "_by_families", judged_meanwhile)
    assert found_in(operator) == []
    monkeypatch.undo()
    assert found_in(operator) == []


@pytest.mark.parametrize("name", ["", "-", 'Rizki "Ananda", S.Pd', "Rizki\nAnanda", "محمد"])
def test_odd_names_stop_no_search(operator, name):
    a_child(name="Putri Ayu"), a_child(NEXT_VILLAGE, name="Puteri Ayu")
    with in_territory(EVERYWHERE), scopes_disabled():
        Member.objects.filter(pk__in=Family.objects.values("collector")).update(name=name)
    assert len(found_in(operator)) == 1


@pytest.mark.parametrize("gone", [{"deceased_on": "2024-01-09"}, {"left_on": "2024-01-09"}])
def test_who_is_gone_is_compared_with_nobody(operator, gone):
    a_child(), a_child(NEXT_VILLAGE, **gone)
    assert found_in(operator) == []


@pytest.mark.parametrize(("status", "found"), [("ENDED", 0), ("GRADUATED", 0), ("SUSPENDED", 1), ("PROPOSED", 1)])
def test_who_can_be_paid_is_compared(operator, status, found):
    family, _child = a_child()
    a_child(NEXT_VILLAGE)
    with in_territory(EVERYWHERE), scopes_disabled():
        Family.objects.filter(pk=family.pk).update(status=status)
    assert len(found_in(operator)) == found


def test_swapped_digits_of_a_nik_come_first_and_no_nik_is_kept(operator):
    a_child(name="Nur Laila", nik="6371010308150555"), a_child(NEXT_VILLAGE, name="Noor Laila", nik="6371020308150777")
    niks = "6371010308150012", "6371010308150021"
    a_child(nik=niks[0]), a_child(NEXT_VILLAGE, nik=niks[1])
    first, second = found_in(operator)
    assert [first.pairs[0]["slip"], second.pairs[0]["slip"]] == ["SWAPPED", "NONE"]
    judged(operator, first)
    with in_territory(EVERYWHERE), scopes_disabled():
        told = [*Found.objects.values_list("pairs"), *Judgement.objects.values_list("facts", "reason"),
                *AuditEntry.objects.values_list("facts")]  # fmt: skip
    assert not any(nik in str(row) for nik in niks for row in told)


def test_people_of_two_districts_are_for_whoever_holds_both(operator, cast):
    family, _child = a_child()
    other, twice = a_child(NEXT_DISTRICT)
    a_child(FAR)
    province, ministry = cast("PROVINCE_OFFICER", "63"), cast("MINISTRY_OFFICER", "")
    assert found_in(operator) == []
    (pair,) = found_in(province, "63")
    assert pair.place == "PROVINCE"
    assert len(found_in(ministry, "")) == 3
    assert [one.pk for one in found_in(province, "63")] == [pair.pk]
    with in_territory(operator):
        assert not Found.objects.exists()
    judgement = judged(province, pair, side_of(pair, other))
    assert judgement.ends == twice
    with in_territory(operator):
        assert not Judgement.objects.exists()
    next_door = cast("DISTRICT_COORDINATOR", "6372")
    with in_territory(next_door):
        change = ChangeRequest.objects.get(pk=judgement.change_id)
        assert family.family_no not in f"{change.reason} {change.before} {change.after}"
        approve_change(next_door, change, "")


def test_whoever_moved_since_waits_for_the_next_search(operator):
    family, _child = a_child()
    a_child(NEXT_VILLAGE)
    assert len(found_in(operator)) == 1
    with in_territory(EVERYWHERE), scopes_disabled():
        Family.objects.filter(pk=family.pk).update(village_code="6371011003")
        Member.objects.filter(family=family).update(village_code="6371011003")
    with in_territory(operator):
        assert (queries.found(operator, {}).count(), queries.waiting(operator).count()) == (0, 0)
    assert len(found_in(operator)) == 1
    with in_territory(operator):
        assert (queries.found(operator, {}).count(), queries.waiting(operator).count()) == (1, 1)


def test_nobody_without_the_right_judges(operator, coordinator, cast):
    a_child(), a_child(NEXT_VILLAGE)
    (pair,) = found_in(operator)
    from django.core.exceptions import PermissionDenied

    for who in (coordinator, cast("SUB_DISTRICT_LEAD", "637101"), cast("HELPDESK", "6371")):
        with in_territory(who), pytest.raises(PermissionDenied):
            judge(who, pair, Verdicts({0: Said.DIFFERENT}, REASON))
        with pytest.raises(PermissionDenied):
            found_in(who)


def test_a_facilitator_finds_nothing_of_it(operator, cast):
    a_child(), a_child(NEXT_VILLAGE)
    judged(operator, found_in(operator)[0])
    a_child(name="Putri Ayu"), a_child(name="Puteri Ayu")
    assert found_in(operator)
    with in_territory(cast("FACILITATOR", "637101")):
        assert not Found.objects.exists()
        assert not Judgement.objects.exists()


@pytest.fixture
def row(operator):
    """What the database would take of a judgement, and what was found."""
    a_child(), a_child(NEXT_VILLAGE)
    (pair,) = found_in(operator)
    return {
        "pair": pair.pk, "family": pair.family, "other": pair.other, "member_id": pair.pairs[0]["member"],
        "other_member_id": pair.pairs[0]["other"], "village_code": pair.village_code,
        "other_village_code": pair.other_village_code, "verdict": "DIFFERENT", "facts": "x", "reason": REASON,
        "by_id": operator.person_id, "authority": "x",
    }  # fmt: skip


def kept(acting, row):
    with in_territory(acting), transaction.atomic():
        Judgement(**row).save(force_insert=True)


@pytest.mark.parametrize("wrong", ["by", "place", "people", "reason", "request", "nothing", "taken_back"])
def test_the_database_refuses_it_by_hand(operator, cast, row, wrong):
    family, child = a_child(name="Orang Lain")
    changed = {
        "by": {"by_id": cast("DISTRICT_OPERATOR", "6371").person_id}, "place": {"village_code": "6371011003"},
        "people": {"member_id": child.pk}, "reason": {"reason": ""},
        "request": {"verdict": "SAME", "ends_id": row["member_id"], "change_id": another_request(operator, family)},
        "nothing": {"pair": family.pk}, "taken_back": {"verdict": "REOPENED"},
    }[wrong]  # fmt: skip
    with pytest.raises(IntegrityError):
        kept(operator, row | changed)
    kept(operator, row)


def another_request(acting, family):
    from gandeng.registry.actions import Proof, Wanted, request_change

    with in_territory(acting):
        return request_change(acting, family, "END", None, Wanted({"status": "ENDED"}), REASON, Proof()).pk


@pytest.mark.parametrize("sql", [
    "update duplicates_judgement set verdict = 'REOPENED'", "delete from duplicates_judgement",
    "delete from duplicates_found", "update duplicates_found set score = 1",
    "select duplicates_swap('6372', '[]')", "select duplicates_swap('', '[]')",
])  # fmt: skip
def test_the_role_of_the_pages_changes_nothing_by_hand(operator, row, sql):
    kept(operator, row)
    with pytest.raises(DatabaseError), in_territory(operator), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_night_searches_the_widest_regions(operator, cast):
    a_child(HERE), a_child(NEXT_VILLAGE), a_child(NEXT_DISTRICT)
    assert look_at_all() == 1
    with in_territory(operator):
        assert Found.objects.count() == 1
    cast("PROVINCE_OFFICER", "63")
    assert look_at_all() == 1
    with in_territory(EVERYWHERE), scopes_disabled():
        assert Found.objects.count() == 3


def test_whoever_decides_is_told_that_nothing_would_be_left_of_a_person(operator, coordinator):
    """The row that was to stay went by another request: each page says so before the second row goes too."""
    family, child = a_child()
    other, twice = a_child(NEXT_VILLAGE)
    (pair,) = found_in(operator)
    with in_territory(EVERYWHERE):
        judgement = judged(operator, pair, side_of(pair, other))
        first = ChangeRequest.objects.get(pk=judgement.change_id)
    nobody = {"rows": [judgement], "nowhere": [], "once": []}
    with in_territory(coordinator):
        assert sections.of_change(coordinator, first)[2] == nobody
    with in_territory(operator):
        day = {"left_on": timezone.localdate().isoformat()}
        second = request_change(operator, family, "LEFT", child, Wanted(day), "Ikut neneknya.", Proof())
    with in_territory(coordinator):
        for change, told in ((first, [twice]), (second, [child])):
            assert sections.of_change(coordinator, change)[2]["nowhere"] == told
        approve_change(coordinator, first, "Sudah dilihat.")
        assert sections.of_change(coordinator, second)[2]["nowhere"] == [child]
        refuse_change(coordinator, second, "Ia yang tersisa.")
        assert sections.of_change(coordinator, ChangeRequest.objects.get(pk=second.pk)) is None


def test_whoever_ends_a_family_is_told_of_its_people_who_stand_nowhere_else(operator, coordinator, client_of):
    family, child = a_child()
    other, _twice = a_child(NEXT_VILLAGE)
    (pair,) = found_in(operator)
    judgement = judged(operator, pair, side_of(pair, other))
    with in_territory(coordinator):
        approve_change(coordinator, ChangeRequest.objects.get(pk=judgement.change_id), "Sudah dilihat.")
    with in_territory(operator):
        ended = {"status": Family.Status.ENDED.value}
        change = request_change(operator, family, "END", None, Wanted(ended), "Pindah ke luar negeri.", Proof())
    page = client_of(coordinator).get(reverse("registry:change", args=[change.pk])).content.decode()
    assert "tidak tercatat di mana pun" in page and child.name in page


def test_whoever_ends_a_family_that_stands_twice_is_told_who_of_it_stands_once(operator, coordinator, client_of):
    """The mothers look like nobody: of one family her child stands in the other too, she does not."""
    family, _child = a_child()
    a_child(NEXT_VILLAGE)
    (pair,) = found_in(operator)
    with in_territory(operator), transaction.atomic():
        (judgement,) = judge(operator, pair, Verdicts({}, REASON, side_of(pair, family)))
    with in_territory(coordinator):
        told = sections.of_change(coordinator, ChangeRequest.objects.get(pk=judgement.change_id))[2]
        assert [one.pk for one in told["once"]] == [family.collector_id]
    page = client_of(coordinator).get(reverse("registry:change", args=[judgement.change_id])).content.decode()
    assert "tidak dinilai tercatat dua kali" in page and told["once"][0].name in page

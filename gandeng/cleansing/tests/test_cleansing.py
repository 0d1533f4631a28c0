"""What is found of each kind and what is not, what somebody found right, and who sees it."""

import re
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.audit.models import AuditEntry
from gandeng.cleansing.actions import CheckRefused, is_right, take_back
from gandeng.cleansing.kinds import KINDS
from gandeng.cleansing.models import Checked, Found
from gandeng.cleansing.queries import access, access_checked, found
from gandeng.cleansing.tasks import look_at_all
from gandeng.cleansing.tests.factories import REASON, VILLAGE, a_check, a_family, found_in
from gandeng.exports.sources import KINDS as LISTS
from gandeng.jobs.models import Job
from gandeng.jobs.work import KINDS as WORK
from gandeng.regions.places import villages_of
from gandeng.registry.models import Account, Family, Member
from gandeng.registry.tests.factories import EVERYWHERE
from gandeng.registry.tests.helpers import QUIET, few_queries

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def kinds_of(acting):
    return [one.kind for one in found_in(acting)]


def changed(table, **fields):
    with in_territory(EVERYWHERE), scopes_disabled():
        table.objects.update(**fields)


def test_a_family_in_order_is_not_there(operator):
    a_family()
    assert found_in(operator) == []


OF_MEMBER = {
    "NIK_DATE": {"birth_date": date(1990, 5, 16)}, "NIK_SEX": {"sex": "M"}, "NAME_ODD": {"name": "Rahma 2"},
    "PREGNANT": {"pregnancy_no": 1, "birth_date": TODAY - timedelta(365 * 70)},
    "BORN_ODD": {"birth_date": TODAY + timedelta(3)}, "COLLECTOR_NO_NIK": {"nik_index": None},
    "COLLECTOR_GONE": {"deceased_on": date(2024, 1, 9)},
    "COLLECTOR_YOUNG": {"birth_date": TODAY - timedelta(365 * 12)},
}  # fmt: skip


@pytest.mark.parametrize("kind", OF_MEMBER)
def test_each_kind_is_found(operator, kind):
    family = a_family(**OF_MEMBER[kind])
    rows = [one for one in found_in(operator) if one.kind == kind]
    assert [(one.family, one.member_id) for one in rows] == [
        (family, None if KINDS[kind].of_family else family.collector_id)
    ]


@pytest.mark.parametrize(("kind", "sql"), [
    ("NO_COLLECTOR", "update registry_family set collector_id = null"),
    ("NO_ACCOUNT", "update registry_account set valid_until = valid_from"),
    ("NO_ACCOUNT", "update registry_account set account_index = null, account_last3 = ''"),
    ("ACCOUNT_OF_OTHERS", "update registry_account set usable_from = '9999-12-31', account_index = null"),
    ("ACCOUNT_HELD", "update registry_account set usable_from = '9999-12-31'"),
    ("ACCOUNT_HELD", "update registry_account set usable_from = '9999-12-31', account_index = null, channel = 'POS'"),
    ("COLLECTOR_HELD", "update registry_family set collector_usable_from = '9999-12-31'"),
    ("NOBODY", "update registry_member set left_on = '2024-02-01'"),
    ("NO_NIK", "update registry_member set nik_index = null where member_no like '%-02'"),
])  # fmt: skip
def test_each_kind_of_a_family_is_found(operator, kind, sql):
    a_family()
    with in_territory(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute(sql)
    rows = {one.kind: one for one in found_in(operator)}
    assert kind in rows and not ({"ACCOUNT_OF_OTHERS", "ACCOUNT_HELD", "COLLECTOR_HELD"} - {kind}) & {*rows}
    if KINDS[kind].unpaid:
        nobody_says_it_is_right(operator, rows[kind])


def nobody_says_it_is_right(acting, row):
    """Whoever says so takes a family that is not paid from everybody's list: neither by the act nor past it."""
    with in_territory(acting), transaction.atomic(), pytest.raises(CheckRefused, match="tidak dibayar"):
        is_right(acting, row, REASON)
    told = {one: getattr(row, one) for one in ("kind", "family_id", "member_id", "village_code", "digest")}
    with in_territory(acting), pytest.raises(IntegrityError, match="not paid"), transaction.atomic():
        Checked.objects.create(**told, is_right=True, reason=REASON, by_id=acting.person_id, authority="x")


@pytest.mark.parametrize("function", ["cleansing_said()", "cleansing_swap(text, jsonb)"])
def test_the_database_knows_in_which_kinds_a_family_is_not_paid(function):
    """Also what was said to be right before it was refused is found again."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_get_functiondef(%s::regprocedure)", [function])
        (body,) = cursor.fetchone()
    (listed,) = re.findall(r"kind (?:not )?in \(([^)]*)\)", body)
    assert set(re.findall(r"\w+", listed)) == {code for code, kind in KINDS.items() if kind.unpaid}


def test_a_collector_of_another_family_is_found(operator):
    """A list may have put her there; the money of this one is held until another collects."""
    family, other = a_family(), a_family()
    with in_territory(EVERYWHERE), scopes_disabled():
        Member.objects.filter(pk=family.collector_id).update(family=other)
    assert [(one.kind, one.family) for one in found_in(operator)] == [("COLLECTOR_GONE", family)]


@pytest.mark.parametrize(("name", "odd"), [
    ("Ma'ruf", False), ("D'On", False), ("Siti Aminah, S.Pd", False), ("José", False), ("Nur-Aini", False),
    ("A", True), ("-", True), ("Rаhma", True), ("Ali 2", True), ("محمد", True),
])  # fmt: skip
def test_names_are_odd_or_not(operator, name, odd):
    a_family(name=name)
    assert ("NAME_ODD" in kinds_of(operator)) is odd


@pytest.mark.parametrize("status", ["ENDED", "GRADUATED"])
def test_families_nobody_is_paid_in_are_left_alone(operator, status):
    a_family(name="Rahma 2")
    changed(Family, status=status)
    assert found_in(operator) == []


def test_nothing_changes_by_it_and_no_nik_is_kept(operator):
    a_family(birth_date=date(1990, 5, 16))
    with in_territory(EVERYWHERE), scopes_disabled():
        before = list(Family.objects.values()), list(Member.objects.order_by("pk").values())
    found_in(operator)
    with in_territory(EVERYWHERE), scopes_disabled():
        assert before == (list(Family.objects.values()), list(Member.objects.order_by("pk").values()))
        entry = AuditEntry.objects.get(action="cleansing.looked")
        assert (entry.facts["opened"], entry.facts["found"]) == (2, 1)
        assert list(Found.objects.values_list("kind", "member_id")) == [("NIK_DATE", Family.objects.get().collector_id)]


def test_what_is_right_is_left_alone_until_it_changes(operator):
    family = a_family(name="Rahma 2")
    (row,) = found_in(operator)
    with in_territory(operator), transaction.atomic():
        is_right(operator, access(operator, row.pk), REASON)
    assert found_in(operator) == []
    with in_territory(EVERYWHERE), scopes_disabled():
        Member.objects.filter(pk=family.collector_id).update(name="Rahma 3")
    assert len(found_in(operator)) == 1


def test_it_is_taken_back_once(operator):
    check = a_check(operator)
    with in_territory(operator), transaction.atomic():
        take_back(operator, access_checked(operator, check.pk), "Keliru dilihat.")
    with in_territory(operator), transaction.atomic(), pytest.raises(CheckRefused):
        take_back(operator, check, "Sekali lagi.")
    assert len(found_in(operator)) == 1


def test_the_second_of_two_is_refused(operator):
    a_family(name="Rahma 2")
    (row,) = found_in(operator)
    for refused in (False, True):
        with in_territory(operator), transaction.atomic():
            if refused:
                with pytest.raises(CheckRefused, match="orang lain"):
                    is_right(operator, row, REASON)
            else:
                is_right(operator, row, REASON)


def test_what_was_changed_since_waits_for_the_next_look(operator):
    family = a_family(name="Rahma 2")
    found_in(operator)
    with in_territory(operator):
        assert found(operator, {}).count() == 1
        member = Member.objects.get(pk=family.collector_id)
        member.name = "Rahma"
        member.save()
        assert found(operator, {}).count() == 0
    assert found_in(operator) == []


@pytest.mark.parametrize("wrong", ["by", "place", "digest", "reason", "taken_back"])
def test_the_database_refuses_it_by_hand(operator, cast, wrong):
    family = a_family(name="Rahma 2")
    (row,) = found_in(operator)
    told = {
        "kind": row.kind, "family": family, "member_id": row.member_id, "village_code": VILLAGE, "digest": row.digest,
        "is_right": True, "reason": REASON, "by_id": operator.person_id, "authority": "x",
    }  # fmt: skip
    changes = {
        "by": {"by_id": cast("DISTRICT_OPERATOR", "6371").person_id}, "place": {"village_code": "6371011002"},
        "digest": {"digest": "x"}, "reason": {"reason": ""}, "taken_back": {"is_right": False},
    }[wrong]  # fmt: skip
    with pytest.raises(IntegrityError), in_territory(operator), transaction.atomic():
        Checked(**told | changes).save(force_insert=True)
    with in_territory(operator), transaction.atomic():
        Checked(**told).save(force_insert=True)


@pytest.mark.parametrize("sql", [
    "update cleansing_checked set reason = 'x'", "delete from cleansing_checked", "delete from cleansing_found",
    "select cleansing_swap('6372', '[]')",
])  # fmt: skip
def test_the_role_of_the_pages_changes_nothing_by_hand(operator, sql):
    a_check(operator)
    with pytest.raises(DatabaseError), in_territory(operator), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_night_looks_at_every_district(operator, stranger):
    a_family(name="Rahma 2"), a_family(villages_of("6372")[0].code.digits, name="Rahma 3")
    assert look_at_all() == 2
    for who in (operator, stranger):
        with in_territory(who):
            assert Found.objects.count() == 1


def test_the_pages(operator, client_of, cast):
    family = a_family(name="Rahma 2")
    a_family("6371011002", birth_date=date(1990, 5, 16))
    rows = {one.kind: one for one in found_in(operator)}
    browser, url = client_of(operator), reverse("cleansing:found")
    browser.get(url)
    with few_queries():
        page = browser.get(url).content.decode()
    assert "Rahma 2" in page and "Tanggal lahir tidak cocok dengan NIK" in page
    assert reverse("registry:ask", args=[rows["NIK_DATE"].family_id, "NIK"]) in page
    narrowed = browser.get(url, {"kind": "NAME_ODD", "region": VILLAGE}).content.decode()
    assert "Rahma 2" in narrowed and str(rows["NIK_DATE"].pk) not in narrowed
    assert "Tidak ada yang cocok" in browser.get(url, {"kind": "NOBODY"}).content.decode()
    assert browser.get(url, {"kind": "MOON"}).status_code == 400
    one = reverse("cleansing:record", args=[rows["NAME_ODD"].pk])
    assert browser.get(one).status_code == 200
    shown = {"seen": rows["NAME_ODD"].digest, "reason": REASON}
    assert shown["seen"] in browser.get(one).content.decode()
    assert browser.post(one, shown | {"reason": ""}).status_code == 422
    stale = browser.post(one, shown | {"seen": "of another day"})
    assert "sudah berubah" in stale.content.decode()
    assert "Tercatat sebagai benar" in browser.post(one, shown, follow=True).content.decode()
    assert browser.get(one).status_code == 404
    with in_territory(operator):
        check = Checked.objects.get()
    back = reverse("cleansing:take_back", args=[check.pk])
    page = browser.get(reverse("cleansing:checked")).content.decode()
    assert back in page and REASON in page
    assert "Diperiksa lagi malam ini" in browser.post(back, {"reason": "Keliru dilihat."}, follow=True).content.decode()
    assert browser.get(back).status_code == 404
    assert back not in browser.get(reverse("cleansing:checked")).content.decode()
    reader = client_of(cast("DISTRICT_COORDINATOR", "6371"))
    assert reader.get(url).status_code == 200
    assert reader.post(reverse("cleansing:record", args=[rows["NIK_DATE"].pk]), {"reason": REASON}).status_code == 403
    assert family.family_no in page


def test_the_page_of_what_keeps_a_family_from_being_paid_offers_its_request_alone(operator, client_of):
    family = a_family(deceased_on=date(2024, 1, 9))
    (row,) = found_in(operator)
    browser, one = client_of(operator), reverse("cleansing:record", args=[row.pk])
    page = browser.get(reverse("cleansing:found")).content.decode()
    assert reverse("registry:ask", args=[family.pk, "COLLECTOR"]) in page and one not in page
    assert browser.post(one, {"seen": row.digest, "reason": REASON}).status_code == 404


def test_it_is_there_for_whoever_has_the_family_and_for_nobody_else(operator, stranger, client_of, cast):
    a_family(name="Rahma 2")
    (row,) = found_in(operator)
    browser = client_of(stranger)
    assert browser.get(reverse("cleansing:record", args=[row.pk])).status_code == 404
    assert "Rahma 2" not in browser.get(reverse("cleansing:found")).content.decode()
    neighbour = cast("FACILITATOR", "6371011002")
    with in_territory(neighbour):
        assert not Found.objects.exists()
    assert client_of(neighbour).get(reverse("cleansing:found")).status_code == 200


def test_a_look_is_asked_for_by_whoever_keeps_a_district(operator, client_of, cast):
    a_family(name="Rahma 2")
    browser, url = client_of(operator), reverse("cleansing:look")
    assert browser.post(url, {"district": "6372"}).status_code == 403
    assert browser.post(url, {"district": "x"}).status_code == 400
    assert client_of(cast("FACILITATOR", VILLAGE)).post(url, {"district": "6371"}).status_code == 403
    assert browser.post(url, {"district": "6371"}).status_code == 302
    job = Job.objects.get()
    with in_territory(operator), transaction.atomic():
        WORK[job.kind](operator, QUIET, job.arguments)
        assert found(operator, {}).count() == 1


def test_the_list_leaves_without_identifiers(operator):
    family = a_family(name="Rahma 2")
    found_in(operator)
    with in_territory(operator):
        listing = LISTS["rapikan"].source(operator, {})
        assert listing.count() == 1
        (line,) = listing.lines()
    assert line[:4] == ["Nama yang perlu diperiksa", family.family_no, "Rahma 2", "Rahma 2"]


def test_accounts_are_what_is_in_force(operator):
    a_family()
    with in_territory(EVERYWHERE), scopes_disabled():
        account = Account.objects.get()
        Account.objects.create(
            family=account.family, village_code=VILLAGE, channel="POS", valid_from=date(2023, 1, 1),
            valid_until=date(2024, 1, 1), usable_from=date(9999, 12, 31),
        )  # fmt: skip
    assert found_in(operator) == []

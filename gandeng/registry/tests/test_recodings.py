from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import acting_for, in_territory
from gandeng.audit.models import AuditEntry
from gandeng.jobs.models import Job
from gandeng.jobs.work import KINDS, WorkRefused
from gandeng.registry import recoding_queries
from gandeng.registry.actions import Proof, Wanted, approve_change, recodings, request_change
from gandeng.registry.models import ChangeRequest, CodeChange, Family, RecodedFamily, Recoding
from gandeng.registry.recoding_forms import PAIRS_MAX, RecodingForm
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.registry.tests.helpers import QUIET
from gandeng.registry.tests.recoded import BASIS, GONE, NEW, NEXT, OTHER, THERE, applied, proposed, undone
from gandeng.web.scoping import NATION

pytestmark = pytest.mark.django_db


def now(row):
    with in_territory(EVERYWHERE):
        return type(row).objects.get(pk=row.pk)


def again(acting):
    return acting_for(acting.person_id, timezone.localdate())


def job_done(page, acting):
    """The job a press led to, done at once."""
    job = Job.objects.get(pk=page.url.rstrip("/").rsplit("/", 1)[1])
    with in_territory(acting), transaction.atomic():
        return KINDS[job.kind](acting, QUIET, job.arguments)


def test_it_works(client_of, operator, coordinator):
    families = [make_family(GONE, members=2) for _ in range(3)]
    stays = make_family(NEW)
    typed = {"basis": BASIS, "in_force_on": timezone.localdate().isoformat(), "pairs": "63.71.01.9001\t63.71.01.1001"}
    asked = client_of(operator).post(reverse("registry:recode"), typed)
    assert asked.status_code == 302
    before = client_of(coordinator).get(asked.url).content.decode()
    assert "63.71.01.9001" in before
    assert "Keluarga yang akan ikut" in before
    assert now(families[0]).village_code == GONE
    begun = client_of(coordinator).post(f"{asked.url}terapkan/")
    assert job_done(begun, coordinator) == asked.url
    with in_territory(EVERYWHERE):
        held = {(row.village_code) for one in families for row in (*one.members.all(), *one.accounts.all())}
        assert held == {NEW} == {now(one).village_code for one in families}
        assert RecodedFamily.objects.count() == 3
        noted = AuditEntry.objects.get(action="codes.applied")
    assert noted.facts["families"] == 3
    after = client_of(operator).get(asked.url).content.decode()
    assert "Keluarga yang ikut" in after
    assert "Batalkan perubahan" in client_of(coordinator).get(asked.url).content.decode()
    with in_territory(EVERYWHERE):
        assert not stays.recoded.exists()


def test_what_waits_for_a_decision_goes_along_and_is_decided(operator, coordinator):
    family = make_family(GONE)
    with in_territory(operator):
        waits = request_change(
            operator, family, "SUSPEND", None, Wanted({"status": "SUSPENDED"}), "Dilaporkan saat kunjungan",
            Proof("KK asli dilihat"),
        )  # fmt: skip
    applied(operator, coordinator, (GONE, NEW, True))
    assert now(waits).village_code == NEW
    with in_territory(coordinator):
        approve_change(coordinator, now(waits), "Sesuai bukti")
    assert now(family).status == "SUSPENDED"


def test_whoever_proposes_does_not_apply(client_of, operator, cast):
    both = cast("DISTRICT_COORDINATOR", "6371", person=_person(operator))
    made = proposed(both, (GONE, NEW, True))
    with in_territory(both), pytest.raises(WorkRefused, match="orang lain"):
        recodings.apply_recoding(both, made.pk, QUIET)
    page = client_of(both).get(reverse("registry:recoding", args=[made.pk])).content.decode()
    assert "Terapkan perubahan ini" not in page
    with in_territory(EVERYWHERE), pytest.raises(DatabaseError, match="recoding_two_people"), transaction.atomic():
        Recoding.objects.filter(pk=made.pk).update(
            state="APPLIED", applied_by_id=both.person_id, applied_at=timezone.now()
        )


def _person(acting):
    from gandeng.accounts.models import Person

    return Person.objects.get(pk=acting.person_id)


def test_undone_families_go_back_and_those_that_moved_on_stay(operator, coordinator):
    back, moved = make_family(GONE, members=2), make_family(GONE)
    came = make_family(NEW)
    recoding = applied(operator, coordinator, (GONE, NEW, True))
    with in_territory(operator):
        move = request_change(
            operator, now(moved), "MOVE", None, Wanted({"village_code": OTHER}), "Dilaporkan saat kunjungan",
            Proof("KK asli dilihat"),
        )  # fmt: skip
    with in_territory(coordinator):
        approve_change(coordinator, move, "Sesuai bukti")
    undone(coordinator, recoding)
    assert [now(one).village_code for one in (back, moved, came)] == [GONE, OTHER, NEW]
    with in_territory(EVERYWHERE):
        assert {row.village_code for row in (*back.members.all(), *back.accounts.all())} == {GONE}
        assert CodeChange.objects.get().valid_until == timezone.localdate()


def test_the_same_change_can_be_made_again_after_it_was_undone(operator, coordinator):
    family = make_family(GONE)
    undone(coordinator, applied(operator, coordinator, (GONE, NEW, True)))
    applied(operator, coordinator, (GONE, NEW, True))
    assert now(family).village_code == NEW


def test_a_village_that_goes_on_keeps_its_families(operator, coordinator):
    family = make_family(OTHER)
    applied(operator, coordinator, (OTHER, NEW, False))
    assert now(family).village_code == OTHER
    assert again(coordinator).territory.former == frozenset()


def test_the_office_of_the_new_code_sees_what_was_written_under_the_old(operator, cast):
    family = make_family(GONE)
    province, head = cast("PROVINCE_OFFICER", "63"), cast("PROVINCE_HEAD", "63")
    with in_territory(operator):
        old = request_change(
            operator, family, "SUSPEND", None, Wanted({"status": "SUSPENDED"}), "Dilaporkan saat kunjungan",
            Proof("KK asli dilihat"),
        )  # fmt: skip
    with in_territory(head):
        approve_change(head, old, "Sesuai bukti")
    there, elsewhere = cast("DISTRICT_OPERATOR", "6372"), cast("DISTRICT_OPERATOR", "6301")
    applied(province, head, (GONE, THERE, True))
    assert seen(again(there), family, old) == (1, 1)
    assert seen(again(operator), family, old) == (0, 1), "of its time the old office sees what it saw"
    assert seen(again(elsewhere), family, old) == (0, 0)
    assert again(there).territory.former == {GONE}
    assert again(there).may("decide_change", GONE) is again(there).may("decide_change", THERE)


def seen(acting, family, change):
    """Of one family and one request that was decided before: in our queries, and in the database beneath them."""
    with in_territory(acting):
        ours = Family.objects.filter(pk=family.pk).count(), ChangeRequest.objects.filter(pk=change.pk).count()
        with connection.cursor() as cursor:
            cursor.execute("set local role gandeng_app")
            cursor.execute(
                """select (select count(*) from registry_family where id = %s),
                    (select count(*) from registry_changerequest where id = %s)""",
                [family.pk, change.pk],
            )
            beneath = cursor.fetchone()
            cursor.execute("reset role")
    assert ours == beneath
    return ours


def test_a_code_that_changes_twice_is_followed_and_undone_from_the_end(operator, coordinator, cast):
    family = make_family(GONE)
    first = applied(operator, coordinator, (GONE, NEXT, True))
    second = applied(operator, coordinator, (NEXT, NEW, True))
    assert now(family).village_code == NEW
    facilitator = cast("FACILITATOR", NEW)
    assert again(facilitator).territory.former == {GONE, NEXT}
    with in_territory(coordinator):
        assert recoding_queries.code_today(GONE) == NEW
        assert recoding_queries.code_today(OTHER) == OTHER
    with pytest.raises(WorkRefused, match="dahulu"):
        undone(coordinator, first)
    undone(coordinator, second)
    undone(coordinator, first)
    assert now(family).village_code == GONE


def test_it_refuses_what_stands_against_a_change_in_force(operator, coordinator):
    make_family(GONE)
    applied(operator, coordinator, (GONE, NEW, True))
    for pair in ((GONE, OTHER, True), (OTHER, GONE, False)):
        with pytest.raises(recodings.RecodingRefused, match="sudah diganti"):
            proposed(operator, pair)
    applied(operator, coordinator, (OTHER, NEW, False))
    with pytest.raises(recodings.RecodingRefused, match="sudah berlaku"):
        proposed(operator, (OTHER, NEW, False))


def test_two_proposals_of_one_code_are_applied_once(operator, coordinator):
    make_family(GONE)
    one, other = proposed(operator, (GONE, NEW, True)), proposed(operator, (GONE, OTHER, True))
    with in_territory(coordinator), transaction.atomic():
        recodings.apply_recoding(coordinator, one.pk, QUIET)
    with in_territory(coordinator), pytest.raises(WorkRefused, match="sudah diganti"), transaction.atomic():
        recodings.apply_recoding(coordinator, other.pk, QUIET)
    with in_territory(coordinator), pytest.raises(WorkRefused, match="tidak lagi"), transaction.atomic():
        recodings.apply_recoding(coordinator, one.pk, QUIET)


def test_it_is_for_the_office_that_holds_both_codes(operator, client_of):
    with pytest.raises(recodings.RecodingRefused, match="Kalimantan Selatan"):
        proposed(operator, (GONE, THERE, True))
    typed = {"basis": BASIS, "in_force_on": timezone.localdate().isoformat(), "pairs": f"{NEW} {THERE}"}
    page = client_of(operator).post(reverse("registry:recode"), typed)
    assert page.status_code == 422
    assert "berwenang di sana" in page.content.decode()


@pytest.mark.parametrize(
    ("codes", "region"),
    [
        ((GONE, NEW), "6371"), ((GONE, THERE), "63"), (("9101011002", "9301011002"), NATION),
        (("6371011001", "6371019001"), "6371"),
    ],
)  # fmt: skip
def test_its_region_is_the_smallest_office_that_holds_all_codes(codes, region):
    assert recodings.region_of([{"old": codes[0], "new": codes[1]}]) == region


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("6371011001", "tulis dua kode"),
        ("6371011001 6371021001 Mantuil", "tulis dua kode"),
        ("abc 6371021001", "bukan kode wilayah"),
        ("637101 6371021001", "bukan kode desa"),
        ("6371021001 6371021001", "sama"),
        ("6371011001 6371019001", "tidak ada di daftar wilayah"),
        ("6371019001 6371021001", "tidak dikenal"),
        ("6371011001 6371021001\n\n6371011001 6371021001", "Baris 3: kode lama 63.71.01.1001 sudah ada di baris 1"),
        ("9101011002 9301011002\n9101011002 9301011003", "Baris 2: kode lama 91.01.01.1002 sudah ada di baris 1"),
        ("6371011001 6371021001\n" * (PAIRS_MAX + 1), "Paling banyak"),
        ("", "Tulis bagian ini"),
    ],
)
def test_it_refuses_lines(operator, line, fault):
    with in_territory(operator):
        form = RecodingForm({"basis": BASIS, "in_force_on": timezone.localdate().isoformat(), "pairs": line})
        assert not form.is_valid()
        assert any(fault in str(told) for told in form.errors["pairs"])


def test_it_refuses_a_day_that_has_not_come_and_no_basis(operator):
    soon = (timezone.localdate() + timedelta(days=1)).isoformat()
    with in_territory(operator):
        form = RecodingForm({"basis": "x", "in_force_on": soon, "pairs": f"{OTHER} {NEW}"})
        assert set(form.errors) == {"basis", "in_force_on"}


def test_codes_the_list_of_places_replaced_are_filled_in(client_of, cast):
    """Papua's split of 2022: 9101011002 of Papua became 9301011002 of Papua Selatan."""
    make_family("9101011002"), make_family("9101019999")
    page = client_of(cast("MINISTRY_OFFICER", "")).get(reverse("registry:recode"), {"region": "91"}).content.decode()
    assert "91.01.01.1002 93.01.01.1002" in page
    assert "91.01.01.9999" in page.split("penggantinya tidak diketahui")[-1]
    quiet = client_of(cast("MINISTRY_OFFICER", "")).get(reverse("registry:recode"), {"region": "63"}).content.decode()
    assert "tercatat di kode desa yang berlaku" in quiet


def test_a_successor_the_list_of_places_does_not_name_is_told(client_of, cast):
    made = proposed(cast("MINISTRY_OFFICER", ""), ("9101011002", "9301011003", True))
    page = client_of(cast("MINISTRY_HEAD", "")).get(reverse("registry:recoding", args=[made.pk])).content.decode()
    assert "Daftar wilayah menyebut 93.01.01.1002" in page


def test_withdrawn_it_changes_nothing(client_of, operator, coordinator):
    family = make_family(GONE)
    made = proposed(operator, (GONE, NEW, True))
    pages = client_of(operator)
    assert pages.post(reverse("registry:withdraw_recoding", args=[made.pk]), {"reason": "x"}).status_code == 422
    pages.post(reverse("registry:withdraw_recoding", args=[made.pk]), {"reason": "Keliru menyalin kode"})
    assert now(made).state == "WITHDRAWN"
    refused = client_of(coordinator).post(reverse("registry:apply_recoding", args=[made.pk]), follow=True)
    assert "tidak lagi menunggu" in refused.content.decode()
    assert now(family).village_code == GONE


def test_the_first_page_counts_what_waits(client_of, operator, coordinator):
    proposed(operator, (GONE, NEW, True))
    assert "perubahan kode desa menunggu diterapkan" in client_of(coordinator).get("/").content.decode()
    assert "perubahan kode desa menunggu diterapkan" not in client_of(operator).get("/").content.decode()


def test_undone_from_its_page(client_of, operator, coordinator):
    family = make_family(GONE)
    recoding = applied(operator, coordinator, (GONE, NEW, True))
    address, pages = reverse("registry:undo_recoding", args=[recoding.pk]), client_of(coordinator)
    assert pages.post(address, {"reason": "x"}).status_code == 422
    job_done(pages.post(address, {"reason": "Keputusannya dicabut"}), coordinator)
    assert now(family).village_code == GONE
    with in_territory(coordinator), pytest.raises(WorkRefused, match="sudah diterapkan"):
        recodings.undo_recoding(coordinator, recoding.pk, "Sekali lagi", QUIET)


@pytest.mark.parametrize(
    "statement",
    [
        "update registry_codechange set new_code = '6371021001'",
        "update registry_codechange set valid_from = valid_from - 1",
        "delete from registry_codechange",
        "truncate registry_codechange",
        "update registry_recoding set pairs = '[]'",
        "update registry_recoding set state = 'WITHDRAWN'",
        "delete from registry_recoding",
        "update registry_recodedfamily set old_code = '6371021001'",
        """insert into registry_codechange (id, recoding_id, old_code, new_code, whole, valid_from)
            select gen_random_uuid(), id, '6371021001', '6371011001', true, current_date from registry_recoding""",
    ],
)
def test_the_database_refuses_it_by_hand(operator, coordinator, statement):
    make_family(GONE)
    applied(operator, coordinator, (GONE, NEW, True))
    with in_territory(EVERYWHERE), connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
        cursor.execute(statement)


def test_what_ended_stays_ended(operator, coordinator):
    make_family(GONE)
    undone(coordinator, applied(operator, coordinator, (GONE, NEW, True)))
    refused = pytest.raises(DatabaseError, match="it ends")
    with in_territory(EVERYWHERE), connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute("update registry_codechange set valid_until = null")

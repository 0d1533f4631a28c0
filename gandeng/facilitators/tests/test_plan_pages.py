"""Pages of plans: who sees what, what they refuse, what they say."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.audit.models import AuditEntry
from gandeng.facilitators.actions import caseload
from gandeng.facilitators.models import Plan, PlanLock, PlanRow
from gandeng.facilitators.tests.plan_world import FAR, NEAR, WHY, make_district, make_plan
from gandeng.jobs.models import Job
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db


@pytest.fixture
def district(coordinator):
    return make_district(coordinator)


@pytest.fixture
def plan(coordinator, district):
    return make_plan(coordinator)


def address(name, *told):
    return reverse(f"plans:{name}", args=told)


def text(answer):
    return answer.content.decode()


def row_of(plan, village):
    with in_territory(EVERYWHERE):
        return PlanRow.objects.get(option=plan.chosen_id, village_code=village)


PAGES = ("plan", "rows", "hand_over")


def test_it_works(plan, coordinator, client_of, django_assert_max_num_queries):
    client = client_of(coordinator)
    client.get(address("plans"))
    for name in PAGES:
        most = 12 + 3 * (name == "hand_over")  # the list is counted by the very statements that would move families
        with django_assert_max_num_queries(most):
            answer = client.get(address(name, plan.pk))
        assert answer.status_code == 200
        assert "Ani Uji" in text(answer)
    told = text(client.get(address("plan", plan.pk)))
    assert "terbukti" in told
    assert "Pilihan 1" in told
    assert "Kota Banjarmasin" in text(client.get(address("plans")))


def test_asking_starts_a_job(district, operator, client_of):
    client = client_of(operator)
    page = text(client.get(address("ask")))
    assert "Siti Uji, 12 keluarga" in page
    assert "12 keluarga hari ini" in page
    day = timezone.localdate()
    told = {"as_of": day.isoformat(), "norm": "200", "seconds": "30", "left_out": [str(district.ani.pk)]}
    answer = client.post(address("ask"), told)
    job = Job.objects.get()
    assert answer.url == reverse("jobs:job", args=[job.pk])
    assert job.title == "Pemerataan beban Kota Banjarmasin"
    assert job.arguments["left_out"] == [str(district.ani.pk)]
    told |= {"as_of": (day - timedelta(1)).isoformat(), "norm": "banyak", "seconds": "1"}
    told["left_out"] = [str(district.ani.pk), str(district.siti.pk)]
    answer = client.post(address("ask"), told)
    assert answer.status_code == 422
    for words in ("hari ini sampai setahun", "angka bulat dari 1", "paling sedikit satu", "Pilih"):
        assert words in text(answer)


def test_without_facilitators_the_page_says_what_to_do(operator, client_of):
    assert "Belum ada pendamping" in text(client_of(operator).get(address("ask")))


def test_a_province_chooses_its_district(cast, district, client_of):
    client = client_of(cast("PROVINCE_OFFICER", "63"))
    assert "Kota Banjarbaru" in text(client.get(address("ask")))
    assert "Siti Uji" in text(client.get(address("ask"), {"district": "6371"}))
    assert client.get(address("ask"), {"district": "6271"}).status_code == 404
    assert client.get(address("ask"), {"follows": "nothing"}).status_code == 404


def test_editing_locking_and_taking_back_by_page(plan, district, coordinator, client_of):
    client, row = client_of(coordinator), row_of(plan, FAR)
    page = text(client.get(address("row", plan.pk, FAR, row.staff_id)))
    assert "Siti Uji, 6 keluarga" in page
    for told in ({"taker": "", "families": "2"}, {"taker": str(district.siti.pk), "families": "7"}, {}):
        answer = client.post(address("row", plan.pk, FAR, row.staff_id), told)
        assert answer.status_code == 422
        assert "govuk-error-message" in text(answer)
    client.post(address("row", plan.pk, FAR, row.staff_id), {"taker": str(district.siti.pk), "families": "2"})
    page = text(client.get(address("rows", plan.pk)))
    assert "diubah" in page
    assert "usulan: 6" in page
    assert "perubahan tangan" in text(client.get(address("plan", plan.pk)))
    client.post(address("lock", plan.pk, FAR, row.staff_id), {"lock": "1"})
    answer = client.post(address("lock", plan.pk, FAR, row.staff_id), {"lock": "0"}, follow=True)
    assert "dikunci sebaliknya" in text(answer)
    assert "Pilih salah satu kunci" in text(client.post(address("lock", plan.pk, FAR, row.staff_id), {}, follow=True))
    assert "tetap dengan Ani Uji" in text(client.get(address("ask"), {"follows": str(plan.pk)}))
    with in_territory(EVERYWHERE):
        [lock] = PlanLock.objects.all()
    client.post(address("unlock", plan.pk), {"lock": str(lock.pk)})
    client.post(address("restore", plan.pk), {"village": FAR})
    page = text(client.get(address("rows", plan.pk)))
    assert "Diubah dengan tangan" not in page
    assert "Kunci rencana ini" not in page
    assert client.post(address("unlock", plan.pk), {"lock": "x"}).status_code == 404
    assert "tidak diubah dengan tangan" in text(client.post(address("restore", plan.pk), {"village": "x"}, follow=True))


def test_rows_are_narrowed(plan, district, coordinator, client_of):
    client = client_of(coordinator)
    rows = address("rows", plan.pk)
    assert [one["row"].village_code for one in client.get(rows, {"staff": str(district.ani.pk)}).context["rows"]] == [
        FAR
    ]
    assert [one["row"].village_code for one in client.get(rows, {"sub_district": "637101"}).context["rows"]] == [NEAR]
    assert "Tidak ada desa yang cocok" in text(client.get(rows, {"staff": "x"}))
    assert client.get(rows, {"wilayah": "x"}).status_code == 400


def test_the_hand_over_list_leaves_the_office_written_down(plan, coordinator, client_of):
    client = client_of(coordinator)
    answer = client.post(address("hand_over_file", plan.pk), {"form": "csv"})
    header, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    assert header[-1] == "Keluarga"
    assert (row[0], row[3], row[5], row[7]) == ("63.71.02.1001", "Siti Uji", "Ani Uji", "6")
    assert client.post(address("hand_over_file", plan.pk), {"form": "xlsx"}).content.startswith(b"PK")
    assert client.post(address("hand_over_file", plan.pk), {"form": "pdf"}).status_code == 404
    with in_territory(EVERYWHERE):
        assert AuditEntry.objects.filter(action="caseload.exported").count() == 2


def test_approval_by_page_leads_to_the_list_and_the_act(plan, coordinator, client_of):
    client = client_of(coordinator)
    page = address("approve", plan.pk)
    assert client.get(page).status_code == 200
    answer = client.post(page, {"day": "kemarin", "reason": "NIK 6371010101010001"})
    assert answer.status_code == 422
    assert "empat angka terakhirnya" in text(answer)
    told = {"day": timezone.localdate().isoformat(), "reason": WHY}
    answer = client.post(page, told)
    assert answer.url == address("hand_over", plan.pk)
    assert "6 keluarga berpindah" in text(client.get(answer.url))
    with in_territory(EVERYWHERE):
        change = Plan.objects.get().change_id
    assert reverse("caseload:change", args=[change]) in text(client.get(address("plan", plan.pk)))
    assert "sudah diputuskan" in text(client.post(page, told, follow=True))
    assert "sudah diputuskan" in text(client.get(address("drop", plan.pk), follow=True))
    row = row_of(plan, FAR)
    assert "sudah diputuskan" in text(client.get(address("row", plan.pk, FAR, row.staff_id), follow=True))


def test_a_plan_that_is_old_is_refused_with_a_way_on(plan, district, coordinator, client_of):
    with in_territory(coordinator):
        day = timezone.localdate()
        caseload.hand_over(coordinator, district.siti, district.ani, day=day, reason=WHY, villages=[NEAR])
    client = client_of(coordinator)
    answer = client.get(address("approve", plan.pk))
    assert "sudah diubah 1 kali" in text(answer)
    assert f"follows={plan.pk}" in text(answer)
    answer = client.post(address("approve", plan.pk), {"day": day.isoformat(), "reason": WHY})
    assert answer.status_code == 422
    assert "sudah diubah 1 kali" in text(answer)


def test_families_that_came_and_went_are_told(plan, coordinator, client_of):
    make_family(NEAR)
    assert "1 keluarga datang dan 0 pergi" in text(client_of(coordinator).get(address("approve", plan.pk)))


def test_dropping_by_page(plan, coordinator, client_of):
    client = client_of(coordinator)
    assert client.post(address("drop", plan.pk), {"reason": ""}).status_code == 422
    answer = client.post(address("drop", plan.pk), {"reason": "Menunggu orang baru"}, follow=True)
    assert "Menunggu orang baru" in text(answer)
    assert "Dibuang" in text(client.get(address("plans"), {"state": "DROPPED"}))
    assert "Tidak ada rencana yang cocok" in text(client.get(address("plans"), {"state": "DRAFT"}))


def test_four_roles_and_the_next_district(plan, operator, cast, client_of):
    row = row_of(plan, FAR)
    own = {
        "DISTRICT_OPERATOR": {"plan": 200, "row": 200, "ask": 200, "approve": 403, "drop": 200},
        "DISTRICT_HEAD": {"plan": 200, "row": 403, "ask": 403, "approve": 403, "drop": 403},
        "PROVINCE_HEAD": {"plan": 200, "row": 403, "ask": 403, "approve": 200, "drop": 403},
        "FACILITATOR": {"plan": 403, "row": 403, "ask": 403, "approve": 403, "drop": 403},
    }
    where = {"PROVINCE_HEAD": "63", "FACILITATOR": "6371011001"}
    for role, pages in own.items():
        client = client_of(cast(role, where.get(role, "6371")))
        for name, status in pages.items():
            told = {"row": (plan.pk, FAR, row.staff_id), "ask": ()}.get(name, (plan.pk,))
            assert client.get(address(name, *told)).status_code == status, (role, name)
    other = client_of(cast("DISTRICT_COORDINATOR", "6372"))
    for name in ("plan", "rows", "hand_over", "approve", "drop"):
        assert other.get(address(name, plan.pk)).status_code == 404, name
    for name in ("choose", "restore", "unlock"):
        assert other.post(address(name, plan.pk)).status_code == 404, name
    assert other.get(address("row", plan.pk, FAR, row.staff_id)).status_code == 404
    assert other.post(address("lock", plan.pk, FAR, row.staff_id), {"lock": "1"}).status_code == 404
    assert other.post(address("hand_over_file", plan.pk), {"form": "csv"}).status_code == 404
    assert "Kota Banjarmasin" not in text(other.get(address("plans")))


def test_without_a_choice_there_is_nothing_to_look_at(coordinator, district, client_of):
    plan = make_plan(coordinator)
    with in_territory(coordinator):
        Plan.objects.update(chosen=None)
    client = client_of(coordinator)
    for name in ("rows", "hand_over", "approve"):
        assert "Pilih dahulu" in text(client.get(address(name, plan.pk), follow=True))
    assert "tidak ada dalam rencana" in text(client.post(address("choose", plan.pk), {"option": "x"}, follow=True))
    client.post(address("choose", plan.pk), {"option": "1"})
    with in_territory(coordinator):
        assert Plan.objects.get().chosen is not None

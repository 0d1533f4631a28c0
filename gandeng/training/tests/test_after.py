"""What comes of an event: opinions without names, problems with an owner, costs."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Grant, Person
from gandeng.facilitators.tests.factories import few_queries
from gandeng.training import evaluation_queries, problem_queries
from gandeng.training.actions import closing, costs, evaluation, problems
from gandeng.training.actions.common import TrainingRefused
from gandeng.training.actions.problems import Raised
from gandeng.training.models import Cost, Evaluation, EvaluationGiven, Problem
from gandeng.training.published import statements
from gandeng.training.tests.happening import happening

pytestmark = pytest.mark.django_db
ALL_FIVE = dict.fromkeys(statements(), "5")


@pytest.fixture
def going_on(cast, operator):
    return happening(cast, operator, 5)


def opine(going_on, who, score, remark=""):
    with in_territory(who):
        evaluation.give(who, going_on.own(who), dict.fromkeys(statements(), score), remark)


def test_opinions_are_told_as_sums_when_no_more_can_come(going_on, client_of):
    url, phone = reverse("training:opinion", args=[going_on.event.pk]), client_of(going_on.people[0])
    assert phone.post(url, {"USEFUL": "5"}).status_code == 422
    assert phone.post(url, ALL_FIVE | {"remark": "Zaman baru"}).status_code == 302
    assert "sudah memberi penilaian" in phone.get(url).content.decode()
    assert phone.post(url, ALL_FIVE).status_code == 422
    for number, who in enumerate(going_on.people[1:]):
        opine(going_on, who, 4, f"Ada catatan {number}" if number == 3 else "")
    page, office = reverse("training:evaluation", args=[going_on.event.pk]), client_of(going_on.office)
    assert "Hasil tampil setelah kegiatan ditutup" in office.get(page).content.decode()
    with in_territory(going_on.office):
        closing.close(going_on.office, going_on.run())
        told = evaluation_queries.opinions_of(going_on.run().event)
        assert told.remarks == ("Ada catatan 3", "Zaman baru") and told.given == 5
        assert {(one.mean, one.counts) for one in told.statements} == {("4,2", (0, 0, 0, 4, 1))}
    assert "4,2" in office.get(page).content.decode()


def test_few_opinions_are_told_to_nobody(going_on):
    for who in going_on.people[:4]:
        opine(going_on, who, 1, "Membosankan")
    with in_territory(going_on.office):
        closing.close(going_on.office, going_on.run())
        assert evaluation_queries.opinions_of(going_on.run().event) == evaluation_queries.Opinions(4)


def test_who_thought_what_is_in_no_row(going_on):
    opine(going_on, going_on.people[0], 3, "Baik")
    columns = {field.name for field in Evaluation._meta.get_fields()}
    assert columns == {"id", "event", "region_code", "scores", "remark"}
    assert "evaluation" not in {field.name for field in EvaluationGiven._meta.get_fields()}
    with in_territory(going_on.people[1]):
        assert not Evaluation.objects.exists() and not EvaluationGiven.objects.exists()
        for table in ("training_evaluation", "training_evaluationgiven"):
            with connection.cursor() as cursor, pytest.raises(Exception, match=r"denied"), transaction.atomic():
                cursor.execute(f"delete from {table}")


def test_a_problem_finds_an_owner_and_an_answer(cast, going_on, client_of):
    who, event = going_on.people[0], going_on.event
    phone, office = client_of(who), client_of(going_on.office)
    url = reverse("training:raise_problem", args=[event.pk])
    told = {"about": "PAYMENT", "region": "6371", "text": "Kartu tertelan mesin sejak Mei"}
    assert phone.post(url, told | {"text": "NIK 6371010101800001 tertelan"}).status_code == 422
    raised = phone.post(url, told)
    assert raised.status_code == 302
    with in_territory(going_on.office):
        problem = Problem.objects.get()
        assert problem.number.startswith("MS-6371-")
        assert list(problem_queries.not_given(going_on.office)) == [problem]
    coordinator = cast("DISTRICT_COORDINATOR", "6371", name="Korkab Uji")
    give = reverse("training:problem_deed", args=[problem.pk, "serahkan"])
    late = {"owner": str(coordinator.person_id), "due_on": (timezone.localdate() - timedelta(days=1)).isoformat()}
    assert office.post(give, late).status_code == 422
    assert office.post(give, late | {"due_on": timezone.localdate().isoformat()}).status_code == 302
    assert phone.get(give).status_code == 404
    with in_territory(coordinator):
        assert list(problem_queries.waiting_for(coordinator)) == [problem]
    with in_territory(going_on.office), transaction.atomic():
        assert not problem_queries.not_given(going_on.office).exists()
        Grant.objects.filter(person_id=coordinator.person_id).update(valid_until=timezone.localdate())
        assert list(problem_queries.not_given(going_on.office)) == [problem], "who was given it has left"
        transaction.set_rollback(True)
    owner = client_of(coordinator)
    with few_queries():
        assert problem.number in owner.get(reverse("training:problems"), {"mine": "1"}).content.decode()
    deed = {name: reverse("training:problem_deed", args=[problem.pk, name]) for name in ("jawab", "tutup", "buka")}
    assert owner.post(deed["jawab"], {"text": "Bank mengganti kartunya"}).status_code == 302
    assert "Bank mengganti" in phone.get(raised.url).content.decode()
    assert phone.post(deed["buka"], {"text": "Kartunya belum sampai"}).status_code == 302
    assert owner.post(deed["jawab"], {"text": "Sudah sampai kemarin"}).status_code == 302
    assert phone.post(deed["tutup"], {"text": "Benar, terima kasih"}).status_code == 302
    assert office.post(deed["jawab"], {"text": "Terlambat sekali"}).status_code == 302, "words, and nothing is done"
    with in_territory(going_on.office):
        problem.refresh_from_db()
        assert problem.state == "CLOSED"
        assert [one.kind for one in problem_queries.access_problem(going_on.office, problem.pk).steps] == [
            "GIVEN", "ANSWERED", "REOPENED", "ANSWERED", "CLOSED",
        ]  # fmt: skip
    table = office.post(reverse("training:export_problems"), {"form": "csv"}).content.decode("utf-8-sig")
    assert problem.number in table and "Korkab Uji" in table
    narrowed = office.post(reverse("training:export_problems") + "?state=OPEN", {"form": "csv"}).content.decode()
    assert problem.number not in narrowed
    assert problem.number in office.get(reverse("training:event_problems", args=[event.pk])).content.decode()


def test_a_problem_is_no_business_of_others(cast, going_on, stranger):
    who, colleague = going_on.people[:2]
    with in_territory(who):
        made = problems.raise_problem(who, going_on.own(who), Raised("6371", "DATA", "Data ganda di desa"))
        with pytest.raises(TrainingRefused, match="bukan tentang wilayah"):
            problems.raise_problem(who, going_on.own(who), Raised("", "DATA", "Di luar wilayah kegiatan"))
    for other in (colleague, stranger):
        with in_territory(other), pytest.raises(Http404):
            problem_queries.access_problem(other, made.pk)
    with in_territory(going_on.office):
        seen = problem_queries.access_problem(going_on.office, made.pk)
        outsider = Person.objects.get(pk=stranger.person_id)
        with pytest.raises(TrainingRefused, match="tidak bertugas"):
            problems.give(going_on.office, seen, outsider, None)
        with pytest.raises(TrainingRefused, match="sudah berubah"):
            problems.close(going_on.office, seen, "Belum dijawab")
        with connection.cursor() as cursor, pytest.raises(Exception, match="denied"), transaction.atomic():
            cursor.execute("update training_problem set state = 'CLOSED'")


def test_the_office_records_what_was_said_in_the_hall(going_on, client_of):
    url = reverse("training:record_problem", args=[going_on.event.pk])
    told = {"about": "SYSTEM", "region": "637101", "text": "Sinyal tidak sampai di tiga desa"}
    assert client_of(going_on.office).post(url, told).status_code == 302
    with in_territory(going_on.office):
        assert Problem.objects.get().region_code == "637101"


def test_costs_are_whole_rupiah_until_the_event_is_closed(going_on, client_of, cast):
    url, browser = reverse("training:costs", args=[going_on.event.pk]), client_of(going_on.office)
    line = {"kind": "VENUE", "text": "Sewa aula", "planned": "Rp2.500.000", "spent": ""}
    for nonsense in ("2,5 juta", "-5", "1.000.50", "12.5", "99999999999999"):
        assert browser.post(url, line | {"planned": nonsense}).status_code == 422, nonsense
    assert browser.post(url, line).status_code == 302
    assert browser.post(url, line | {"kind": "MEALS", "text": "=makan", "planned": "1500000"}).status_code == 302
    with in_territory(going_on.office):
        hall = Cost.objects.get(kind="VENUE")
    change = reverse("training:cost", args=[going_on.event.pk, hall.pk])
    assert browser.post(change, line | {"spent": "2.000.000"}).status_code == 302
    shown = browser.get(url).content.decode()
    assert "Rp4.000.000" in shown and "Rp2.000.000" in shown and "1 baris belum diisi" in shown
    table = browser.post(reverse("training:export_costs", args=[going_on.event.pk]), {"form": "csv"}).content.decode()
    assert "'=makan" in table
    assert browser.post(reverse("training:strike_cost", args=[going_on.event.pk, hall.pk])).status_code == 302
    with in_territory(going_on.office):
        closing.close(going_on.office, going_on.run())
    answer = browser.post(url, line)
    assert answer.status_code == 422 and "sudah selesai" in answer.content.decode()
    head = cast("DISTRICT_HEAD", "6371")
    with in_territory(going_on.office):
        standing = going_on.run()
    with in_territory(head), pytest.raises(PermissionDenied):
        costs.enter(head, standing, costs.Line("OTHER", "x", 1))
    with in_territory(going_on.people[0]):
        assert not Cost.objects.exists(), "no business of participants"

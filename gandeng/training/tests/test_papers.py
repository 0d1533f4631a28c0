"""Questions and tests: entered, replaced, drawn, answered once, marked by the database."""

from io import BytesIO
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import Http404
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Person
from gandeng.audit.models import AuditEntry
from gandeng.facilitators.tests.factories import few_queries, make_staff
from gandeng.jobs.models import Job
from gandeng.jobs.work import KINDS, WorkRefused
from gandeng.training import paper_queries, question_queries
from gandeng.training.actions import papers, questions
from gandeng.training.actions.common import TrainingRefused
from gandeng.training.actions.questions import Asked
from gandeng.training.models import Question, Sitting
from gandeng.training.tests.factories import inviting, make_course, make_participant
from gandeng.training.tests.happening import happening

pytestmark = pytest.mark.django_db


@pytest.fixture
def going_on(cast, operator):
    return happening(cast, operator)


def test_it_works_on_a_phone(going_on, client_of):
    going_on.bank()
    office, phone, event = client_of(going_on.office), client_of(going_on.people[0]), going_on.event
    url = reverse("training:open_paper", args=[event.pk, "POST"])
    drawn = office.get(url, {"undi": "1", "benih": "b3n1h"})
    chosen = drawn.context["form"]["questions"].value()
    assert (
        len(chosen) == 2
        and office.get(url, {"undi": "1", "benih": "b3n1h"}).context["form"]["questions"].value() == chosen
    )
    assert office.post(url, {"seed": ""}).status_code == 422
    opened = office.post(url, {"questions": chosen, "seed": "b3n1h", "of_each": 1})
    assert opened.status_code == 302
    with in_territory(going_on.office):
        paper = paper_queries.papers_of(event)["POST"].paper
        assert AuditEntry.objects.get(action="training.paper_opened").facts["seed"] == "b3n1h"
    sit = reverse("training:sit", args=[paper.pk])
    assert sit in phone.get(reverse("training:own_event", args=[event.pk])).content.decode()
    assert "Mulai" in phone.get(sit).content.decode()
    phone.post(sit, {"do": "start"})
    with few_queries():
        assert "Pilihan A" in phone.get(sit).content.decode()
    kept = phone.post(sit, {"do": "hand_in", f"q-{chosen[0]}": "1"})
    assert kept.status_code == 422 and "1 soal belum dijawab" in kept.content.decode()
    with in_territory(going_on.people[0]):
        assert Sitting.objects.get().answers == {chosen[0]: 1}, "what she answered is kept"
    assert phone.post(sit, {"do": "hand_in", f"q-{chosen[0]}": "1", "anyway": "on"}).status_code == 302
    assert "Nilai tampil setelah" in phone.get(sit).content.decode()
    assert "1 dari 2" in office.get(reverse("training:paper", args=[event.pk, paper.pk])).content.decode()
    office.post(reverse("training:close_paper", args=[event.pk, paper.pk]))
    told = phone.get(sit).content.decode()
    assert "Jawaban yang benar:" in told and "dari 2 soal" in told
    assert "Mutu soal" in office.get(reverse("training:paper_items", args=[event.pk, paper.pk])).content.decode()
    assert "Soal nomor" in office.get(reverse("training:course_items", args=[event.course_id])).content.decode()


def test_the_key_stays_hidden_until_the_last_test_is_closed(going_on):
    bank, who = going_on.bank(), going_on.people[0]
    before, after = going_on.paper("PRE", bank), going_on.paper("POST", bank)
    going_on.sit(who, before, 2)
    with in_territory(going_on.office):
        papers.close_paper(going_on.office, going_on.run(), before)
        with pytest.raises(TrainingRefused):
            papers.close_paper(going_on.office, going_on.run(), before)
    with in_territory(who):
        own = paper_queries.access_own_paper(who, before.pk)
        assert own.score_shown and own.sitting.right_count == 2
        assert not paper_queries.answers_shown(going_on.event)
    with in_territory(going_on.office):
        papers.close_paper(going_on.office, going_on.run(), after)
    with in_territory(who):
        assert paper_queries.answers_shown(going_on.event)


def test_handed_in_is_handed_in(going_on):
    paper = going_on.paper("PRE", going_on.bank())
    who, other = going_on.people[:2]
    going_on.sit(who, paper, 3)
    with in_territory(who):
        own = paper_queries.access_own_paper(who, paper.pk)
        with pytest.raises(TrainingRefused):
            papers.keep(own, {})
        assert (own.sitting.right_count, own.sitting.question_count) == (3, 4)
        for change in ("answers = '{}'", "right_count = 4", "handed_in_at = null"):
            with connection.cursor() as cursor, pytest.raises(Exception, match="stays"), transaction.atomic():
                cursor.execute(f"update training_sitting set {change}")
    with in_territory(other):
        assert not Sitting.objects.exists(), "a colleague's paper is not there"
    going_on.sit(other, paper, 1, hand_in=False)
    with in_territory(going_on.office):
        papers.close_paper(going_on.office, going_on.run(), paper)
    with in_territory(other), pytest.raises(TrainingRefused):
        papers.hand_in(other, paper_queries.access_own_paper(other, paper.pk))


def test_it_refuses_who_may_not(cast, going_on, stranger):
    paper = going_on.paper("PRE", going_on.bank())
    uninvited = cast("FACILITATOR", "6371011001")
    with in_territory(uninvited), pytest.raises(Http404):
        paper_queries.access_own_paper(uninvited, paper.pk)
    with in_territory(stranger), pytest.raises(Http404):
        question_queries.access_bank(stranger, going_on.event.course_id)
    with in_territory(going_on.office):
        with pytest.raises(TrainingRefused, match="sudah dibuka"):
            papers.open_paper(going_on.office, going_on.run(), "PRE", list(Question.objects.all()))
        standing = going_on.run()
    head = cast("DISTRICT_HEAD", "6371")
    with in_territory(head), pytest.raises(PermissionDenied):
        papers.open_paper(head, standing, "POST", [])


@pytest.mark.parametrize("region", ["6371", "63"])
def test_whoever_sits_a_test_reads_its_questions_when_it_is_over(cast, client_of, region):
    """A coordinator among the invited: at her own office's event, and at the province's, whose bank she may read."""
    made = happening(cast, cast("PROVINCE_OFFICER" if region == "63" else "DISTRICT_OPERATOR", region), 0)
    who = cast("DISTRICT_COORDINATOR", "6371")
    staff = make_staff("6371", role="DISTRICT_COORDINATOR", person=Person.objects.get(pk=who.person_id))
    make_participant(made.office, made.event, staff)
    inviting(made.event, confirmed=True)
    paper, desk = made.paper("POST", made.bank()), client_of(who)
    course, event = made.event.course_id, made.event.pk
    bank = [("questions", [course]), ("course_items", [course])]
    runs = [("paper", [event, paper.pk]), ("paper_items", [event, paper.pk]), ("open_paper", [event, "PRE"])]
    pages = [reverse(f"training:{name}", args=args) for name, args in bank + runs * (region == "6371")]
    for url in pages:
        answer = desk.get(url, follow=True)
        assert answer.status_code == 200 and "setelah tes akhirnya ditutup" in answer.content.decode()
        assert "Soal nomor" not in answer.content.decode()
    with in_territory(who):
        assert not question_queries.others_with_questions(who, make_course(who)).exists()
    with in_territory(made.office):
        papers.close_paper(made.office, made.run(), paper)
    assert [desk.get(url).status_code for url in pages] == [200] * len(pages)
    assert "Soal nomor" in desk.get(pages[0]).content.decode()


def test_questions_are_replaced_and_retired_never_rewritten(operator, client_of):
    course, browser = make_course(operator, units=["Etik"]), client_of(operator)
    told = {"unit": "Etik", "text": "Boleh menyimpan kartu KKS?", "option_0": "Ya", "option_1": "Tidak", "right": "1"}
    url = reverse("training:enter_question", args=[course.pk])
    for wrong in ({"right": "4"}, {"option_1": "ya "}, {"option_1": ""}, {"option_3": "Entah"}):
        assert browser.post(url, told | wrong).status_code == 422, wrong
    assert browser.post(url, told).status_code == 302
    assert browser.post(url, told).status_code == 422, "once"
    with in_territory(operator):
        old = Question.objects.get()
    new = told | {"text": "Bolehkah pendamping menyimpan kartu KKS keluarga?"}
    replace = reverse("training:replace_question", args=[course.pk, old.pk])
    assert "Boleh menyimpan" in browser.get(replace).content.decode()
    assert browser.post(replace, new).status_code == 302
    assert browser.get(replace).status_code == 404
    with in_territory(operator):
        made = Question.objects.get(replaces=old)
        questions.retire(operator, made)
        with connection.cursor() as cursor, pytest.raises(Exception, match="retired"), transaction.atomic():
            cursor.execute("update training_question set text = 'lain'")
        other = make_course(operator)
        questions.enter(operator, other, Asked("", "Soal lain", ("a", "b"), 0))
        assert questions.copy(operator, other, course) == 1
        with pytest.raises(TrainingRefused, match="sudah ada"):
            questions.copy(operator, other, course)
    assert (
        "Boleh menyimpan"
        in browser.get(reverse("training:questions", args=[course.pk]), {"keadaan": "lama"}).content.decode()
    )


HEAD = "Unit;Soal;A;B;C;D;E;F;Kunci;Penjelasan\n"


def sent(browser, course, text):
    file = SimpleUploadedFile("soal.csv", (HEAD + text).encode())
    answer = browser.post(reverse("training:take_questions", args=[course.pk]), {"file": file})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return Job.objects.latest("created_at").arguments


def quiet(*_):
    """No report."""


def test_a_list_is_shown_and_then_entered_whole(operator, client_of):
    course, browser = make_course(operator), client_of(operator)
    arguments = sent(browser, course, "Etik;Satu?;a;b;;;;;B;Karena\n;Dua?;c;d;e;;;;C;\n")
    with in_territory(operator):
        url = KINDS["training.take_questions"](operator, quiet, arguments)
        assert not Question.objects.exists()
    shown = browser.get(url).content.decode()
    assert "Satu?" in shown and "Belum ada yang masuk" in shown
    assert browser.post(url).status_code == 302
    assert "sudah tidak ada" in browser.get(url).content.decode(), "once"
    with in_territory(operator):
        assert sorted(Question.objects.values_list("text", "right_option")) == [("Dua?", 2), ("Satu?", 1)]
    assert b"Soal" in browser.get(reverse("training:question_template")).content


def test_a_list_is_refused_with_every_fault_and_its_row(operator, client_of, cast):
    course, browser = make_course(operator), client_of(operator)
    with in_territory(operator):
        questions.enter(operator, course, Asked("", "Lama?", ("a", "b"), 0))
    arguments = sent(
        browser, course, "x;Satu?;a;a;;;;;A;\ny;Dua?;a;b;;;;;C;\nz;LAMA?;a;b;;;;;A;\nz;Satu?;p;q;;r;;;A;\n"
    )
    with in_territory(operator), pytest.raises(WorkRefused) as refused:
        KINDS["training.take_questions"](operator, quiet, arguments)
    told = str(refused.value)
    assert "Baris 2: dua pilihan sama" in told and "Baris 3: jawaban benar C" in told
    assert "Baris 4: soal ini sudah ada" in told and "Baris 5: ada pilihan kosong" in told
    assert "Baris 5: soal ini sama dengan baris 2" in told
    arguments = sent(browser, course, "x;;a;b;;;;;Z;\n")
    with in_territory(operator), pytest.raises(WorkRefused, match="Baris 2"):
        KINDS["training.take_questions"](operator, quiet, arguments)
    assert (
        browser.post(
            reverse("training:take_questions", args=[course.pk]),
            {"file": SimpleUploadedFile("soal.exe", BytesIO(b"x").read())},
        ).status_code
        == 422
    )
    other = cast("DISTRICT_OPERATOR", "6371")
    url = reverse("training:question_list", args=[course.pk, UUID(int=7)])
    assert "sudah tidak ada" in client_of(other).get(url).content.decode()

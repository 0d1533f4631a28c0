import os
import signal
import time
from contextlib import closing

import pytest
from django.db import OperationalError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.urls import reverse
from django.utils import timezone
from procrastinate import jobs
from psycopg.errors import DiskFull

from gandeng.accounts.acting import in_territory
from gandeng.jobs import work
from gandeng.jobs.management.commands import work as worker
from gandeng.jobs.models import Job
from gandeng.jobs.tasks import run_job, take_up_again


@pytest.fixture
def kinds(monkeypatch):
    kinds = {}
    monkeypatch.setattr(work, "KINDS", kinds)
    monkeypatch.setattr("gandeng.jobs.tasks.KINDS", kinds)
    return kinds


def made(acting, **fields):
    return Job.objects.create(kind="test", title="Uji", owner_id=acting.person_id, **fields)


@pytest.fixture
def someone(own_database):
    from conftest import Cast

    return Cast()("DISTRICT_OPERATOR", "6371")


def test_it_works(someone, kinds):
    kinds["test"] = lambda *given: f"/hasil/{given[2]['number']}/"
    job = made(someone, arguments={"number": 7})
    run_job(job_id=str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.result_url) == ("DONE", "/hasil/7/")


def test_it_works_in_the_territory_of_its_owner(someone, kinds):
    def look(acting, report, arguments):
        with connection.cursor() as cursor:
            cursor.execute("select current_setting('gandeng.territory')")
            return cursor.fetchone()[0]

    kinds["test"] = look
    job = made(someone)
    run_job(job_id=str(job.pk))
    job.refresh_from_db()
    assert job.result_url == '{"6371"}'


def test_progress_is_seen_before_the_work_is_done(someone, kinds, own_database):
    seen = []

    def slow(acting, report, arguments):
        report("Membaca", 3, 10)
        with closing(connections["default"].copy()) as other, other.cursor() as cursor:
            cursor.execute("select step, done, total from jobs_job")
            seen.append(cursor.fetchone())
        return "/"

    kinds["test"] = slow
    run_job(job_id=str(made(someone).pk))
    assert seen == [("Membaca", 3, 10)]


def test_what_is_refused_ends_in_words_and_changes_nothing(someone, kinds):
    def refuse(acting, report, arguments):
        Job.objects.create(kind="other", title="harus hilang", owner_id=acting.person_id)
        raise work.WorkRefused("Berkasnya kosong. Kirim yang berisi.")

    kinds["test"] = refuse
    job = made(someone)
    run_job(job_id=str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.message) == ("FAILED", "Berkasnya kosong. Kirim yang berisi.")
    assert Job.objects.count() == 1


def test_the_unexpected_gives_a_number_and_no_detail(someone, kinds):
    def break_(acting, report, arguments):
        raise RuntimeError("6371014101900001")

    kinds["test"] = break_
    job = made(someone)
    run_job(job_id=str(job.pk))
    job.refresh_from_db()
    assert job.state == "FAILED"
    assert str(job.pk)[:8] in job.message
    assert "6371" not in job.message.replace(str(job.pk)[:8], "")


def test_work_without_room_says_so(someone, kinds):
    def fill(acting, report, arguments):
        raise OperationalError("could not extend file") from DiskFull("could not extend file base/1")

    kinds["test"] = fill
    job = made(someone)
    run_job(job_id=str(job.pk))
    job.refresh_from_db()
    assert job.state == "FAILED" and "Ruang penyimpanan kantor penuh" in job.message
    assert str(job.pk)[:8] in job.message and "base/1" not in job.message


def test_stopping_ends_it_at_the_next_report(someone, kinds):
    def long(acting, report, arguments):
        with closing(connections["default"].copy()) as other, other.cursor() as cursor:
            cursor.execute("update jobs_job set stop_asked = true where state = 'RUNNING'")
        report("Menghitung", 1, 2)
        return "/tidak/"

    kinds["test"] = long
    job = made(someone)
    run_job(job_id=str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.result_url) == ("CANCELLED", "")


def test_work_that_waits_never_starts(someone, kinds):
    job = made(someone)
    work.ask_to_stop(job)
    run_job(job_id=str(job.pk))
    job.refresh_from_db()
    assert job.state == "CANCELLED"


def test_work_of_a_killed_worker_is_taken_up_again(someone, kinds, own_database):
    def work_forever(acting, report, arguments):
        Job.objects.create(kind="half", title="setengah", owner_id=acting.person_id)
        time.sleep(60)
        return "/"

    kinds["test"] = work_forever
    job = made(someone)
    connections.close_all()
    child = os.fork()
    if child == 0:
        run_job(job_id=str(job.pk))
        os._exit(0)
    _until(lambda: Job.objects.filter(state="RUNNING").exists())
    time.sleep(0.3)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert not Job.objects.filter(kind="half").exists()
    assert take_up_again() == 1
    kinds["test"] = lambda *_given: "/selesai/"
    run_job(job_id=str(job.pk))
    assert Job.objects.get(pk=job.pk).state == "DONE"


@pytest.mark.django_db
def test_work_whose_worker_died_before_it_began_is_taken_up_again(operator, kinds):
    """Out of the queue, and not yet said to run; work that is still in the queue is not put there twice."""
    kinds["test"] = lambda *_given: "/"
    taken, waiting = (work.start(operator, "test", "Uji") for _ in range(2))
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'doing' where args ->> 'job_id' = %s", [str(taken.pk)])
        assert (take_up_again(), take_up_again()) == (1, 0)
        cursor.execute("select args ->> 'job_id' from procrastinate_jobs where status = 'todo' order by id")
        assert cursor.fetchall() == [(str(waiting.pk),), (str(taken.pk),)]


@pytest.mark.django_db
def test_work_whose_end_could_not_be_written_is_tried_again(operator, kinds, monkeypatch):
    """A database without room takes neither what was done nor that it failed, and the worker lives on."""
    kinds["test"] = lambda *_given: "/selesai/"
    job = made(operator)

    def full(*_given, **_fields):
        raise OperationalError("could not extend file") from DiskFull("could not extend file")

    with monkeypatch.context() as without_room, pytest.raises(OperationalError) as failed:
        without_room.setattr("gandeng.jobs.tasks._end", full)
        run_job(job_id=str(job.pk))
    tried = jobs.Job(id=1, queue="jobs", lock=None, queueing_lock=None, task_name=run_job.name, attempts=60)
    assert run_job.get_retry_exception(failed.value, tried).retry_decision.retry_at > timezone.now()
    run_job(job_id=str(job.pk))
    job.refresh_from_db()
    assert job.state == "DONE"


@pytest.mark.django_db
def test_progress_that_cannot_be_told_ends_no_work(operator, kinds, monkeypatch):
    """As where every connection of the database is taken."""

    def tell(acting, report, arguments):
        with monkeypatch.context() as no_other:
            no_other.setattr(BaseDatabaseWrapper, "connect", refused)
            report("Membaca", 3, 10)
        return "/selesai/"

    def refused(_self):
        raise OperationalError("sorry, too many clients already")

    kinds["test"] = tell
    job = made(operator)
    run_job(job_id=str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.step) == ("DONE", "")


@pytest.mark.django_db
def test_a_second_worker_waits_until_the_first_has_ended(monkeypatch, caplog):
    """It would take up again what the first is in the middle of."""
    first, waited = worker.wait_for_the_other(), []

    def wait(seconds):
        waited.append(seconds)
        if len(waited) == 2:
            first.close()

    monkeypatch.setattr(worker.time, "sleep", wait)
    worker.wait_for_the_other().close()
    assert len(waited) == 2 and caplog.text.count("another worker") == 1


def _until(happens, seconds=60):
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.django_db
def test_a_job_is_its_owners_alone(operator, stranger, client_of):
    job = made(operator, state="RUNNING", total=10, done=5)
    assert client_of(operator).get(reverse("jobs:job", args=[job.pk])).status_code == 200
    assert client_of(stranger).get(reverse("jobs:job", args=[job.pk])).status_code == 404
    assert client_of(stranger).post(reverse("jobs:stop", args=[job.pk])).status_code == 404
    assert "Uji" not in client_of(stranger).get(reverse("jobs:jobs")).content.decode()


@pytest.mark.django_db
def test_the_page_shows_how_far_it_is_and_htmx_gets_the_same_piece(operator, client_of):
    job = made(operator, state="RUNNING", total=10, done=5, step="Menghitung hak")
    browser = client_of(operator)
    page = browser.get(reverse("jobs:job", args=[job.pk])).content.decode()
    piece = browser.get(reverse("jobs:job", args=[job.pk]), headers={"HX-Request": "true"}).content.decode()
    assert "Menghitung hak" in piece
    assert "50%" in piece
    assert "<html" not in piece
    assert "".join(piece.split()).split("csrfmiddlewaretoken")[0] in "".join(page.split())


def test_where_nobody_knows_how_much_there_is_no_share_is_told(someone, client_of):
    with in_territory(someone):
        job = Job.objects.create(kind="uji", title="Uji", owner_id=someone.person_id, arguments={})
    page = client_of(someone).get(reverse("jobs:job", args=[job.pk])).content.decode()
    assert "None" not in page and "<progress" in page


def test_faults_stand_under_their_file_and_the_page_leads_to_where_it_is_sent_again(operator, client_of):
    told = "Berkas a.csv ditolak.\nBaris 2: rusak.\nBaris 3: rusak.\n\nBerkas b.csv ditolak.\nBaris 7: rusak."
    refused = Job.objects.create(
        kind="registry.take", title="Uji", owner_id=operator.person_id, state="FAILED", message=told
    )
    page = client_of(operator).get(reverse("jobs:job", args=[refused.pk])).content.decode()
    first, second = page.split("<strong>Berkas b.csv ditolak.</strong>")
    assert "<strong>Berkas a.csv ditolak.</strong>" in first and first.count("<li>Baris") == 2
    assert second.count("<li>Baris") == 1 and reverse("registry:take") in second
    other = made(operator, state="FAILED", message="Berkasnya kosong.")
    page = client_of(operator).get(reverse("jobs:job", args=[other.pk])).content.decode()
    assert "<p>Berkasnya kosong.</p>" in page and "Kirim berkasnya lagi" not in page


def test_where_no_worker_lives_what_waits_says_so(cast, client_of):
    """And whoever watches the machine is told."""
    someone = cast("DISTRICT_OPERATOR", "6371")
    page, job = client_of(someone), made(someone)

    def told():
        shown = page.get(reverse("jobs:job", args=[job.pk])).content.decode()
        return "Belum ada yang mengerjakannya" in shown, page.get("/health/worker").status_code

    assert told() == (True, 503)
    with connection.cursor() as cursor:
        cursor.execute("insert into procrastinate_workers (last_heartbeat) values (now() - interval '2 minutes')")
        assert told() == (True, 503), "one that was killed"
        cursor.execute("insert into procrastinate_workers (last_heartbeat) values (now() - interval '20 seconds')")
    assert told() == (False, 200)
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING)
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_workers")
    assert told() == (False, 503), "work that runs waits for nobody"

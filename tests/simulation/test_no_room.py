"""No room on the disk (docs/threats.md, 40): refused in words, nothing half-written, and later it works."""

import os
import resource

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.urls import reverse

from conftest import Cast, browser_of
from gandeng.accounts.acting import in_territory
from gandeng.jobs.tasks import run_job
from gandeng.jobs.work import start
from gandeng.payments.actions import open_cycle
from gandeng.payments.jobs import FREEZE
from gandeng.reconciliation.actions.files import NotReceived, Typed, receive_file
from tests.simulation import bank, books

ROOM = 16 * 1024
"""Bytes a file may have in the child: the limit stands for a full disk, and needs none."""


def without_room(act):
    """What `act` gives as text, in a process whose files end at ROOM."""
    connections.close_all()
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))
            os.write(writes, act().encode())
        finally:
            os._exit(0)
    os.close(writes)
    with os.fdopen(reads) as told:
        said = told.read()
    os.waitpid(child, 0)
    return said


def ended_without_room(job):
    """The job as it ended where no file may have more than half a kilobyte."""

    def run():
        resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512))
        run_job(job_id=str(job.pk))
        return "ended"

    assert without_room(run) == "ended"
    job.refresh_from_db()
    return job


@pytest.fixture
def office(world):
    with world.at("instructed") as office:
        yield office


def rows_of(office, count):
    facts = [fact for fact in office.model.facts.values() if fact.channel == "BRI"]
    return [bank.tell(facts[no % len(facts)], reference=f"R{no}") for no in range(count)]


def kept(folder="results"):
    home = settings.DATA_DIR / folder
    return sorted(path.name for path in home.rglob("*") if path.is_file())


def test_an_upload_without_room_is_refused_in_words(office):
    rows = rows_of(office, 400)
    who, before = office.acting(office.model.people["bri"]), books.everything()

    def send():
        sent = SimpleUploadedFile("bri.csv", bank.content(rows))
        with in_territory(who):
            try:
                receive_file(who, office.cycle(), sent, channel="BRI", region="63", typed=Typed(1, 1))
            except NotReceived as refused:
                return str(refused)
        return "received"

    said = without_room(send)
    assert "penuh" in said and "Tidak ada yang berubah" in said
    assert kept() == []
    assert books.everything() == before
    office.report(office.model.people["bri"], "BRI", rows)
    office.look()


@pytest.mark.parametrize(("kilobytes", "status"), [(100, 422), (2_000, 507)], ids=["by the page", "before any page"])
def test_a_list_of_the_ministry_without_room_is_refused_in_words(office, kilobytes, status):
    """A small file comes to the page in memory; a large one is written down before a page sees it."""
    browser = browser_of(Cast()("PROVINCE_OFFICER", "63"))
    browser.raise_request_exception = False
    before, files = books.everything(), kept("uploads")

    def send():
        both = {name: SimpleUploadedFile(f"{name}.csv", b"x" * 1024 * kilobytes) for name in ("families", "members")}
        answer = browser.post(reverse("registry:take"), {**both, "region": "63", "cycle": "2024-3"})
        return f"{answer.status_code} {answer.content.decode()}"

    said = without_room(send)
    assert said.startswith(str(status)) and "Ruang penyimpanan kantor penuh" in said
    assert books.everything() == before and kept("uploads") == files


def test_work_that_keeps_files_ends_in_words_without_room_and_can_be_asked_for_again(office):
    who = office.acting(office.model.people["officer"])
    with in_territory(who):
        cycle = open_cycle(who, 2024, 3, None, "63")
        job = start(who, FREEZE, "Membekukan data", cycle=str(cycle.pk))
    before, files = books.everything(), kept("cycles")

    ended = ended_without_room(job)
    assert ended.state == "FAILED" and "Ruang penyimpanan kantor penuh" in ended.message
    assert books.everything() == before and kept("cycles") == files
    with in_territory(who):
        again = start(who, FREEZE, "Membekukan data", cycle=str(cycle.pk))
    run_job(job_id=str(again.pk))
    cycle.refresh_from_db()
    assert cycle.state == "FROZEN"


def test_a_reading_without_room_ends_in_words_and_can_be_asked_for_again(office):
    people, rows = office.model.people, rows_of(office, 60)
    file = office.receive(people["bri"], "BRI", "63", rows)
    _, job, _ = office.jobs.pop()
    file.waits = False
    before, files = books.everything(), kept()

    ended = ended_without_room(job)
    assert ended.state == "FAILED" and "Tidak ada yang berubah" in ended.message
    assert books.everything() == before
    assert [name for name in kept() if name not in files and not name.endswith(".part")] == []
    assert kept("work") == []
    office.receive(people["bri"], "BRI", "63", rows)
    office.work()
    office.look()
    assert file.state == "TAKEN"

"""No room on the disk (reliability.md, INV 40): refused in words, nothing half-written, and later it works."""

import os
import resource

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from gandeng.accounts.acting import in_territory
from gandeng.jobs.models import Job
from gandeng.jobs.tasks import run_job
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


@pytest.fixture
def office(world):
    with world.at("instructed") as office:
        yield office


def rows_of(office, count):
    facts = [fact for fact in office.model.facts.values() if fact.channel == "BRI"]
    return [bank.tell(facts[no % len(facts)], reference=f"R{no}") for no in range(count)]


def kept(folder="results"):
    home = settings.DATA_DIR / folder
    return sorted(path.name for path in home.iterdir()) if home.is_dir() else []


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


def test_a_reading_without_room_ends_in_words_and_can_be_asked_for_again(office):
    people, rows = office.model.people, rows_of(office, 60)
    file = office.receive(people["bri"], "BRI", "63", rows)
    _, job, _ = office.jobs.pop()
    file.waits = False
    before, files = books.everything(), kept()

    def read():
        resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512))
        run_job(job_id=str(job.pk))
        return "ended"

    assert without_room(read) == "ended"
    ended = Job.objects.get(pk=job.pk)
    assert ended.state == "FAILED" and "Tidak ada yang berubah" in ended.message
    assert books.everything() == before
    assert [name for name in kept() if name not in files and not name.endswith(".part")] == []
    assert kept("work") == []
    office.receive(people["bri"], "BRI", "63", rows)
    office.work()
    office.look()
    assert file.state == "TAKEN"

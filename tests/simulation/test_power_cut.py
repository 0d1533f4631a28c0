"""The power fails while files are received and read (docs/threats.md, 38): what was answered is there, whole."""

import os
import random
import signal
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from conftest import use_database
from gandeng.office import database
from gandeng.office.verify import verify
from tests.simulation import bank, books
from tests.simulation.effort import LONG, UNHURRIED
from tests.simulation.power import NAME, Office

CUTS = 12 if LONG else 2
FILES = 6


def acts(office):
    """Each a transaction of its own: a file with one row of one payment is received, then read."""
    for fact in list(office.model.facts.values())[:FILES]:
        sender = office.model.people[fact.channel.lower()]
        yield lambda sender=sender, fact=fact: office.receive(sender, fact.channel, "63", [bank.tell(fact)])
        yield office.work


@pytest.fixture
def undisturbed(world):
    """What stands after each act where nothing happens; the first, before any."""
    with world.at("instructed") as office:
        told = [books.likeness()]
        for act in acts(office):
            act()
            told.append(books.likeness())
    return told


def at_work(powered, office, told):
    """A process that does one act after the other and says after each that it is done."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            use_database(powered.server, NAME, database.APP)
            for act in acts(office):
                act()
                os.write(told, b".")
        finally:
            os._exit(0)
    return child


def cut_after(powered, office, answers, seconds):
    """The power fails so long after that many answers; gives how many were given before."""
    reads, writes = os.pipe()
    child = at_work(powered, office, writes)
    os.close(writes)
    answered = sum(len(os.read(reads, 1)) for _ in range(answers))
    assert answered == answers, "the work failed in the child"
    time.sleep(seconds)
    powered.cut(powered.flushed())
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reads)
    return answered


@UNHURRIED
def test_what_was_answered_is_there_when_the_power_comes_back(world, undisturbed, tmp_path):
    chance = random.Random(38)
    for number in range(CUTS):
        with world.at("instructed") as office:
            powered = Office(tmp_path / str(number), world.address, settings.DATA_DIR)
            assert set(powered.is_safe().values()) == {"on"}
            answered = cut_after(powered, office, chance.randrange(1, 2 * FILES - 1), chance.uniform(0, 0.3))
            use_database(powered.comes_back(), NAME, database.APP)
            stands = books.likeness()
            assert stands in undisturbed[answered:]
            assert [one for one in verify(powered.server.get_uri(NAME)) if one.wrong] == []
            connections.close_all()
            powered.server.cleanup()


def test_a_database_that_answers_before_it_has_written_is_found_out(world, undisturbed, tmp_path):
    """The same cut, where the database may answer first: the test above would fail."""
    with world.at("instructed") as office:
        powered = Office(tmp_path, world.address, settings.DATA_DIR, lazy=True)
        answered = cut_after(powered, office, 3, 0)
        use_database(powered.comes_back(), NAME, database.APP)
        stands = books.likeness()
        connections.close_all()
        powered.server.cleanup()
    assert stands not in undisturbed[answered:]


FOLDERS = ("cycles", "instructions", "results", "minutes")
"""Of the office's files, those that records name by their digest."""


def state(path):
    told = path.stat()
    return told.st_mtime_ns, told.st_size


def test_files_that_records_name_are_on_the_disk(world, monkeypatch):
    """Each was flushed as it is now, and its folder since it has its name: from freezing to the minutes."""
    flushed, fsync = {}, os.fsync

    def note(descriptor):
        path = Path(f"/proc/self/fd/{descriptor}").resolve()
        flushed[path.stat().st_ino] = sorted(path.iterdir()) if path.is_dir() else state(path)
        fsync(descriptor)

    with world.at("calculated") as office:
        there = {path for path in settings.DATA_DIR.rglob("*") if path.is_file()}
        monkeypatch.setattr(os, "fsync", note)
        people = office.model.people
        office.begin_again(people["officer"])
        office.make_lists(people["officer"])
        office.approve_all()
        office.instruct(people["officer"])
        rows = [bank.tell(fact) for fact in office.model.facts.values() if fact.channel == "BRI"]
        office.report(people["bri"], "BRI", rows)
        office.sign_all("6371")
        while office.jobs:
            office.work()
        made = [path for name in FOLDERS for path in (settings.DATA_DIR / name).rglob("*") if path.is_file()]
        new = [path for path in made if path not in there]
        assert {path.relative_to(settings.DATA_DIR).parts[0] for path in new} == set(FOLDERS)
        assert [path for path in new if flushed.get(path.stat().st_ino) != state(path)] == []
        assert [path for path in new if path not in flushed.get(path.parent.stat().st_ino, ())] == []

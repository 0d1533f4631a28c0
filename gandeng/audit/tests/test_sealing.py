"""Keys changed over while values they sealed are there."""

import json
import os
import stat
import threading

import pytest

from gandeng.audit import key_files, sealing
from gandeng.audit.key_files import OpenToOthers
from gandeng.audit.sealing import (
    InUse,
    KeysMissing,
    NoSuchVersion,
    NotOurs,
    Place,
    add_version,
    make_keys,
    seal,
    take_out,
    unseal,
    version_of,
)

HERE = Place("registry_member", "nik", "7")
NIK = "6371014101900099"


@pytest.fixture
def path(tmp_path, settings):
    """Keys of this test's own."""
    settings.KEY_FILE = tmp_path / "keys.json"
    make_keys(settings.KEY_FILE)
    return settings.KEY_FILE


@pytest.fixture
def at_once(monkeypatch):
    """The file is looked at before every use."""
    monkeypatch.setattr(sealing, "_LOOK_SECONDS", 0)


def data(path):
    return json.loads(path.read_text())["data"]


def test_it_works(path, at_once):
    before = seal(NIK, HERE)
    assert add_version(path) == 2
    after = seal(NIK, HERE)
    assert (version_of(before), version_of(after)) == (1, 2)
    assert unseal(before, HERE) == unseal(after, HERE) == NIK
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["keys.json"]


def test_indexes_stay_what_they_were(path, at_once):
    before = sealing.blind("nik", NIK)
    add_version(path)
    assert sealing.blind("nik", NIK) == before


def test_an_index_names_its_key_and_is_made_again_with_it(path, at_once):
    first = sealing.blind("nik", NIK)
    assert sealing.add_index_version(path) == 2
    second = sealing.blind("nik", NIK)
    assert (len(first), len(second)) == (16, 18), "those there are stay what they were"
    assert (sealing.index_version(first), sealing.index_version(second)) == (1, 2)
    assert (sealing.blind("nik", NIK, 1), sealing.blind("nik", NIK, 2)) == (first, second)
    assert second[2:] != first
    number = sealing.blind_account("BRI", "0012")
    assert number == sealing.blind_account("BRI", "12", 2) != sealing.blind_account("BNI", "12", 2)
    with pytest.raises(NoSuchVersion):
        sealing.blind("nik", NIK, 3)


def test_index_keys_nothing_was_indexed_with_leave_the_file(path, at_once):
    first = sealing.blind("nik", NIK)
    sealing.take_back_index_version(path, sealing.add_index_version(path))
    assert sealing.blind("nik", NIK) == first
    assert sealing.add_index_version(path) == 2


def test_a_value_of_a_key_this_process_has_not_seen_yet_opens(path):
    mine = seal(NIK, HERE)
    add_version(path)
    sealing._known.clear()
    fresh = seal(NIK, HERE)
    sealing._known[path] = sealing._Known(sealing.Keys({1: sealing._read(path).data[1]}, {}), (0,), 1e12)
    assert version_of(seal(NIK, HERE)) == 1, "nobody has looked"
    assert unseal(fresh, HERE) == unseal(mine, HERE) == NIK


def test_it_is_looked_at_every_few_seconds(path, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(sealing.time, "monotonic", lambda: now[0])
    seal(NIK, HERE)
    add_version(path)
    assert version_of(seal(NIK, HERE)) == 1
    now[0] += sealing._LOOK_SECONDS
    assert version_of(seal(NIK, HERE)) == 2


def test_a_running_site_goes_on_without_the_file(path, at_once):
    sealed = seal(NIK, HERE)
    for harm in (lambda: path.write_text("{"), path.unlink):
        harm()
        assert unseal(sealed, HERE) == NIK
    sealing._known.clear()
    with pytest.raises(KeysMissing):
        seal(NIK, HERE)


def test_a_key_is_taken_out(path, at_once):
    sealed = seal(NIK, HERE)
    add_version(path)
    take_out(path, 1)
    assert set(data(path)) == {"2"}
    with pytest.raises(NotOurs):
        unseal(sealed, HERE)
    assert add_version(path) == 3, "numbers are not given twice"


def test_it_refuses_to_take_out_what_seals_or_is_not_there(path):
    with pytest.raises(InUse):
        take_out(path, 1)
    with pytest.raises(NoSuchVersion):
        take_out(path, 9)
    assert set(data(path)) == {"1"}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_it_refuses_a_file_others_can_read_or_write(path, mode):
    path.chmod(mode)
    before = path.read_bytes()
    with pytest.raises(OpenToOthers):
        add_version(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("fails", ["fsync", "fdopen"])
def test_it_is_changed_whole_or_not_at_all(path, monkeypatch, fails):
    before = path.read_bytes()

    def no_room(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(key_files.os, fails, no_room)
    with pytest.raises(OSError, match="No space"):
        add_version(path)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == ["keys.json"]


@pytest.mark.parametrize("fails", ["fsync", "fdopen"])
def test_where_there_is_no_room_no_half_keys_are_left(tmp_path, monkeypatch, fails):
    """What is left would be taken for keys: asked for again, it would not be overwritten."""

    def no_room(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full, pytest.raises(OSError, match="No space"):
        full.setattr(key_files.os, fails, no_room)
        make_keys(tmp_path / "new.json")
    make_keys(tmp_path / "new.json")
    assert data(tmp_path / "new.json").keys() == {"1"}


def test_what_a_killed_change_left_goes_with_the_next(path):
    left = path.with_name(".keys.json.0a0b0c0d")
    left.write_bytes(path.read_bytes())
    add_version(path)
    assert not left.exists()


def test_a_link_to_the_file_stays_a_link(path, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(path)
    add_version(link)
    assert link.is_symlink()
    assert set(data(path)) == {"1", "2"}


def test_what_this_release_does_not_know_stays_in_the_file(path):
    path.write_text(json.dumps(json.loads(path.read_text()) | {"note": "lemari 3"}))
    add_version(path)
    assert json.loads(path.read_text())["note"] == "lemari 3"


def test_two_at_once_are_both_done(path):
    threads = [threading.Thread(target=add_version, args=[path]) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert set(data(path)) == {str(version) for version in range(1, 10)}


def test_it_stays_its_owner_s(path, monkeypatch):
    """An administrator changes the file, the site reads it."""
    given, found = [], path.stat()
    monkeypatch.setattr(key_files.os, "fchown", lambda _, *owner: given.append(owner))
    key_files._replace(path, {}, os.stat_result((*found[:4], 65534, 65533, *found[6:])))
    assert given == [(65534, 65533)]

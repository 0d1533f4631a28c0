import json
import os
import re
import subprocess
import sys
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from gandeng.audit.actions import Machine, record
from gandeng.audit.heads import anchor, seal_log
from gandeng.audit.sealing import make_keys
from gandeng.office import database
from gandeng.office.backup import DUMP, FILES, MANIFEST, BackupBroken, back_up, restore
from gandeng.office.verify import verify
from gandeng.payments.tests.factories import make_cycle


@pytest.fixture
def backup(own_database, server, tmp_path):
    make_cycle((("6371011001", "BRI", 225_000),))
    record(Machine(), "act.before", region="6371")
    data = tmp_path / "office"
    (data / "results").mkdir(parents=True)
    (data / "results" / "bri.csv").write_text("isi")
    (data / "keys.json").write_text("rahasia")
    return back_up(server.get_uri(own_database), data, tmp_path / "backups").folder


@pytest.fixture
def empty(server):
    """A new database for the restored copy."""
    name = f"restored_{uuid4().hex[:12]}"
    database.create(server, name)
    yield server.get_uri(name)
    with psycopg.connect(server.get_uri(), autocommit=True) as con:
        con.execute(f'drop database "{name}" with (force)')


def test_it_works(backup, empty, tmp_path):
    back = restore(backup, empty, tmp_path / "back")
    assert "payments" in back.proved
    assert (tmp_path / "back").stat().st_mode & 0o077 == 0, "files of banks lie in it"
    assert (tmp_path / "back" / "results" / "bri.csv").read_text() == "isi"
    with psycopg.connect(empty) as con:
        assert con.execute("select count(*) from registry_member").fetchone() == (1,)


def test_it_says_how_old_it_is_and_a_line_kept_outside_since_shows_what_is_missing(backup, empty, tmp_path):
    """A log that an old backup rolled back holds together by itself: that is what restoring proves."""
    later = anchor(seal_log())
    told = json.loads((backup / MANIFEST).read_text())
    told["made_at"] = "2024-05-17T01:00:00+00:00"
    (backup / MANIFEST).write_text(json.dumps(told))
    command = [sys.executable, "-m", "gandeng.cli", "restore", str(backup)]
    where = {"DATABASE_OWNER_URL": empty, "GANDENG_DATA": str(tmp_path / "back"), "GANDENG_LANG": "en"}
    said = subprocess.run(command, env=os.environ | where, capture_output=True, text=True, check=True).stderr
    with psycopg.connect(empty) as con:
        [until] = con.execute("select max(at) from audit_auditentry").fetchone()
    log = f"{until.astimezone(ZoneInfo('Asia/Jakarta')):%Y-%m-%d %H:%M} WIB"
    assert re.search(r"of 2024-05-17 08:00 WIB, \d{3,} days ago", said)
    assert f"its log ends {log}, its last daily head is -." in said
    broken = [found.check for found in verify(empty, anchors=[later]) if found.wrong]
    assert broken == ["anchors: the heads kept outside are those of the log"]


def test_with_the_keys_each_identifier_is_opened(backup, empty, tmp_path, settings):
    others = tmp_path / "others.json"
    make_keys(others)
    with pytest.raises(BackupBroken, match="sealed"):
        restore(backup, empty, tmp_path / "back", others)
    assert restore(backup, empty, tmp_path / "back", settings.KEY_FILE), "asked for again with the right ones"


def test_others_may_not_read_it(backup):
    assert backup.stat().st_mode & 0o077 == 0


def test_the_keys_are_not_in_it(backup):
    assert b"rahasia" not in b"".join(part.read_bytes() for part in backup.iterdir())


def test_it_refuses_a_damaged_part(backup, empty, tmp_path):
    dump = bytearray((backup / DUMP).read_bytes())
    dump[len(dump) // 2] ^= 1
    (backup / DUMP).write_bytes(dump)
    with pytest.raises(BackupBroken, match=DUMP):
        restore(backup, empty, tmp_path / "back")


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"sha256": {}}'])
def test_it_refuses_a_folder_that_is_no_whole_backup(backup, empty, tmp_path, content):
    """Half of a copy: the list of what is in it, or the files."""
    (backup / MANIFEST).unlink() if content is None else (backup / MANIFEST).write_text(content)
    with pytest.raises(BackupBroken, match="bukan cadangan yang utuh"):
        restore(backup, empty, tmp_path / "back")
    assert not (tmp_path / "back").exists()


def test_it_refuses_a_backup_that_lost_a_part(backup, empty, tmp_path):
    (backup / FILES).unlink()
    with pytest.raises(BackupBroken, match="bukan cadangan yang utuh"):
        restore(backup, empty, tmp_path / "back")


def test_it_refuses_to_write_over_anything(backup, server, own_database, empty, tmp_path):
    with pytest.raises(BackupBroken, match="tidak kosong"):
        restore(backup, server.get_uri(own_database), tmp_path / "back")
    (tmp_path / "back").mkdir()
    (tmp_path / "back" / "x").touch()
    with pytest.raises(BackupBroken, match="tidak kosong"):
        restore(backup, empty, tmp_path / "back")


def test_a_copy_that_is_not_the_same_is_not_called_restored(backup, empty, tmp_path):
    told = json.loads((backup / MANIFEST).read_text())
    told["measured"]["payments"] = "1"
    (backup / MANIFEST).write_text(json.dumps(told))
    with pytest.raises(BackupBroken, match="payments"):
        restore(backup, empty, tmp_path / "back")


def test_a_backup_that_fails_leaves_nothing(own_database, server, tmp_path):
    with pytest.raises(BackupBroken, match="nonexistent"):
        back_up("postgresql:///nirgends?host=/nonexistent", tmp_path, tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == []


def test_people_may_work_while_it_is_made(own_database, server, tmp_path, empty, monkeypatch):
    """What comes in after the dump began is in neither the dump nor what the restored copy is held against."""
    from gandeng.office import backup as module

    make_cycle((("6371011001", "BRI", 225_000),))
    run = module._run

    def meanwhile(program, address, *arguments):
        if program == "pg_dump":
            make_cycle((("6371011001", "BNI", 100_000),), stage=3)
        run(program, address, *arguments)

    monkeypatch.setattr(module, "_run", meanwhile)
    (tmp_path / "office").mkdir()
    made = back_up(server.get_uri(own_database), tmp_path / "office", tmp_path / "backups")
    assert made.rows["payments_payment"] == 1
    assert restore(made.folder, empty, tmp_path / "back")


def test_it_says_which_files_it_lacks(own_database, server, tmp_path, monkeypatch):
    """As where the disk of the office's files is not mounted: night after night there would be no order in any."""
    make_cycle((("6371011001", "BRI", 225_000),))
    with psycopg.connect(server.get_uri(own_database)) as con:
        con.execute("update payments_cycle set frozen_folder = 'cycles/1', frozen_digest = 'da39'")
    monkeypatch.setenv("DATABASE_OWNER_URL", server.get_uri(own_database))
    monkeypatch.setenv("GANDENG_DATA", str(tmp_path / "empty"))
    (tmp_path / "empty").mkdir()
    command = [sys.executable, "-m", "gandeng.cli", "backup", "--out", str(tmp_path / "backups")]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ended.returncode == 3 and "cycles/1" in ended.stderr and str(tmp_path / "empty") in ended.stderr
    [made] = (tmp_path / "backups").iterdir()
    assert (made / DUMP).is_file(), "what there is, is kept"


def test_it_is_on_the_disk_and_what_a_killed_one_left_is_gone(own_database, server, tmp_path, monkeypatch):
    flushed, fsync = set(), os.fsync

    def note(descriptor):
        flushed.add(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    data, out, now = tmp_path / "office", tmp_path / "backups", datetime.now(UTC)
    data.mkdir()
    old, young = (out / f".gandeng-{now - timedelta(hours=ago):%Y%m%dT%H%M%SZ}" for ago in (25, 1))
    for left in (old, young, out / ".gandeng-mine"):
        left.mkdir(parents=True)
    made = back_up(server.get_uri(own_database), data, out)
    assert {DUMP, FILES, MANIFEST, "backups"} <= flushed
    assert sorted(each.name for each in out.iterdir()) == sorted([made.folder.name, young.name, ".gandeng-mine"])
    with psycopg.connect(server.get_uri(own_database)) as con:
        con.execute("alter table privacy_disposal rename to of_another_release")
    with pytest.raises(BackupBroken, match="bukan dari rilis ini"):
        back_up(server.get_uri(own_database), data, out)


def test_what_work_puts_down_and_takes_away_is_not_kept(own_database, server, tmp_path, monkeypatch):
    from gandeng.office import backup as module

    data = tmp_path / "office"
    for name in (
        "results/bri.csv",
        "results/gone.csv",
        "uploads/1/members.csv",
        "work/x",
        "loading-1/x",
        ".restoring/x",
    ):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).touch()
    add = module.tarfile.TarFile.add

    def meanwhile(self, path, **how):
        (data / "results/gone.csv").unlink(missing_ok=True)
        add(self, path, **how)

    monkeypatch.setattr(module.tarfile.TarFile, "add", meanwhile)
    made = back_up(server.get_uri(own_database), data, tmp_path / "backups").folder
    with tarfile.open(made / FILES) as archive:
        assert archive.getnames() == ["results", "results/bri.csv"]


def test_the_password_is_in_no_argument_and_no_error(tmp_path, monkeypatch):
    from gandeng.office import backup as module

    told = {}

    def run(command, *, env, **_):
        told.update(command=command, env=env)
        return subprocess.CompletedProcess(command, 1, stderr="could not connect")

    monkeypatch.setattr(module.subprocess, "run", run)
    with pytest.raises(BackupBroken, match=r"^pg_dump: could not connect$"):
        module._run("pg_dump", make_conninfo("password='ra hasia'", dbname="gandeng"), "--no-owner")
    assert "hasia" not in " ".join(told["command"]) and "dbname=gandeng" in told["command"][1]
    assert told["env"]["PGPASSWORD"] == "ra hasia"

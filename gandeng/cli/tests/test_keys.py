import json
import re

import psycopg
import pytest
from typer.testing import CliRunner

from conftest import use_database
from gandeng.audit import sealing
from gandeng.audit.sealing import make_keys
from gandeng.cli import keys
from gandeng.office import database, running
from gandeng.registry.tests.factories import make_family

RUN = CliRunner()


@pytest.fixture(autouse=True)
def path(tmp_path, settings, monkeypatch):
    """Keys of this test's own, looked at before every use; Django is set up already."""
    monkeypatch.setattr(running, "set_up", lambda **_: None)
    monkeypatch.setattr(sealing, "_LOOK_SECONDS", 0)
    settings.DATA_DIR, settings.KEY_FILE = tmp_path / "data", tmp_path / "keys.json"
    make_keys(settings.KEY_FILE)
    return settings.KEY_FILE


@pytest.fixture
def family(own_database, server):
    """One family, whose NIK and account are sealed; the owner runs the commands."""
    make_family()
    use_database(server, own_database, database.OWNER)
    yield server.get_uri(own_database)
    use_database(server, own_database, database.APP)


def said(code, *arguments):
    """Both outputs of the command, whose lines are folded on a terminal."""
    done = RUN.invoke(keys.app, [str(each) for each in arguments])
    assert done.exit_code == code, done.output
    return re.sub(r"\s+", " ", done.output)


def versions(path):
    return sorted(json.loads(path.read_text())["data"])


def test_it_works(family, path):
    assert "versi 2 ditambahkan" in said(0, "rotate")
    assert "versi 1 masih diperlukan untuk 2 nilai" in said(0, "reseal", "--check")
    told = said(0, "reseal")
    assert "2 nilai disandikan ulang" in told
    assert "registry_member.nik_sealed 2 1" in told
    assert "Semua nilai memakai kunci versi 2" in told
    assert "versi 1 dikeluarkan" in said(0, "retire", 1)
    assert versions(path) == ["2"]
    assert "Semua nilai memakai kunci versi 2" in said(0, "reseal")


def test_a_secret_key_is_made_where_there_is_none_or_an_empty_one(tmp_path, monkeypatch):
    monkeypatch.setenv("GANDENG_SECRET_KEY", "")
    told = said(0, "make", tmp_path / "new" / "keys.json")
    assert len(told.split("GANDENG_SECRET_KEY=")[1].split()[0]) >= 50, "settings that are not filled in yet"


@pytest.mark.parametrize("command", ["make", "make-log"])
def test_keys_that_cannot_be_written_are_refused_in_words(command, tmp_path):
    (tmp_path / "no-folder").touch()
    assert "tidak dapat dibaca atau ditulis" in said(5, command, tmp_path / "no-folder" / "keys.json")


def test_checking_changes_nothing(family, path):
    said(0, "rotate")
    with psycopg.connect(family) as con:
        before = con.execute("select nik_sealed from registry_member").fetchall()
        said(0, "reseal", "--check")
        assert con.execute("select nik_sealed from registry_member").fetchall() == before


def test_it_refuses_to_retire_what_is_needed_or_seals(family, path):
    assert "sedang dipakai" in said(1, "retire", 1)
    said(0, "rotate")
    told = said(1, "retire", 1)
    assert "registry_account.account_sealed (1), registry_member.nik_sealed (1)" in told
    assert "Tidak ada kunci versi 7" in said(1, "retire", 7)
    assert versions(path) == ["1", "2"]


def test_it_says_that_a_row_was_in_use(family):
    said(0, "rotate")
    with psycopg.connect(family) as other:
        other.execute("update registry_member set name = 'Lain'")
        told = said(1, "reseal")
    assert "versi 1 masih diperlukan untuk 1 nilai" in told
    assert "sekali lagi" in told
    said(0, "reseal")


def test_it_says_that_a_value_does_not_open(family):
    with psycopg.connect(family) as con:
        con.execute("update registry_member set nik_sealed = overlay(nik_sealed placing '\\x0000' from 20)")
    said(0, "rotate")
    assert "registry_member (1)" in said(3, "reseal")


def test_it_refuses_a_file_others_can_read(path):
    path.chmod(0o644)
    assert "chmod 600" in said(1, "rotate")
    assert versions(path) == ["1"]


@pytest.mark.parametrize("command", [("rotate",), ("retire", 1), ("split", "shares")])
def test_it_refuses_where_there_is_no_file(path, command):
    path.unlink()
    assert "tidak ada" in said(1, *command)


def test_the_registry_is_indexed_with_new_keys(family, path):
    assert "2 nomor diindeks dengan kunci indeks versi 2" in said(0, "reindex")
    assert "registry_member.nik_index 2 1" in said(0, "reindex", "--check")
    path.chmod(0o644)
    assert "chmod 600" in said(1, "reindex")
    with psycopg.connect(family) as con:
        con.execute("set session_replication_role = replica")
        con.execute(
            """insert into payments_cycle (id, year, stage, months, region_code, state, opened_at, opened_by_id,
                frozen_digest, frozen_folder, closing_digest)
            values (gen_random_uuid(), 2024, 2, 2, '63', 'OPEN', now(), gen_random_uuid(), '', '', '')"""
        )
    path.chmod(0o600)
    assert "tahap 2024-2 belum ditutup" in said(1, "reindex")


def test_shares_give_the_file_back(path, tmp_path):
    content = path.read_bytes()
    told = said(0, "split", tmp_path / "shares", "--shares", 5, "--needed", 3)
    assert "5 bagian ditulis; 3 di antaranya cukup" in told
    shares = sorted((tmp_path / "shares").iterdir())
    assert "tidak ditimpa" in said(1, "join", *shares[:3], "--out", path)
    path.unlink()
    assert "kurang" in said(1, "join", *shares[:2], "--out", path)
    assert not path.exists()
    said(0, "join", *shares[2:], "--out", path)
    assert path.read_bytes() == content
    assert path.stat().st_mode & 0o777 == 0o600


def test_it_refuses_what_is_no_share(path, tmp_path):
    assert "bukan bagian kunci" in said(1, "join", path, "--out", tmp_path / "new.json")
    assert "--needed" in said(2, "split", tmp_path, "--shares", 2, "--needed", 3)


def test_nothing_that_is_said_holds_a_key(family, path, tmp_path):
    told = said(0, "rotate") + said(0, "reseal") + said(0, "retire", 1) + said(0, "split", tmp_path / "shares")
    told += said(0, "reindex")
    kept = json.loads(path.read_text())
    secrets = [*kept["data"].values(), *kept["index"].values(), *kept["index_later"]["2"].values()]
    assert [secret for secret in secrets if secret in told] == []

"""Files in a folder or a bucket: sealed, bound to their place, there before their row, gone after it."""

import os
import re
import threading
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from gandeng.audit import kept_files, sealing
from gandeng.audit.kept_files import FOLDER, Bucket, Folder, StoreAway, sweep
from gandeng.audit.sealing import NotOurs, Place, seal_content, unseal, unseal_content, version_of

HERE, THERE = Place("field_photo", "content", "one"), Place("field_photo", "content", "two")
JPEG = b"\xff\xd8\xff canary of a photo" * 40


class _Bucket(BaseHTTPRequestHandler):
    """What of S3 is asked for here: objects put, read, listed, removed. It believes every signature."""

    def do_PUT(self):
        self.server.kept[self._name] = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(200, headers={"ETag": '"1"'})

    def do_GET(self):
        asked = parse_qs(urlsplit(self.path).query)
        if "list-type" in asked:
            return self._answer(200, self._listed(asked.get("prefix", [""])[0]), {"Content-Type": "application/xml"})
        content = self.server.kept.get(self._name)
        if content is None:
            return self._answer(404)
        at = format_datetime(datetime.now(UTC), usegmt=True)
        return self._answer(200, content, {"ETag": '"1"', "Last-Modified": at})

    def do_DELETE(self):
        self.server.kept.pop(self._name, None)
        self._answer(204)

    def do_POST(self):  # many are removed at once
        told = self.rfile.read(int(self.headers["Content-Length"])).decode()
        names = re.findall("<Key>(.*?)</Key>", told)
        for name in names:
            self.server.kept.pop(f"photos/{name}", None)
        gone = "".join(f"<Deleted><Key>{name}</Key></Deleted>" for name in names)
        self._answer(200, f"<DeleteResult>{gone}</DeleteResult>".encode())

    @property
    def _name(self):
        return unquote(urlsplit(self.path).path).lstrip("/")

    def _listed(self, prefix):
        rows = "".join(
            f"<Contents><Key>{name.removeprefix('photos/')}</Key><Size>{len(content)}</Size><ETag>1</ETag>"
            "<LastModified>2020-01-01T00:00:00.000Z</LastModified></Contents>"
            for name, content in sorted(self.server.kept.items())
            if name.startswith(f"photos/{prefix}")
        )
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>".encode()

    def _answer(self, status, content=b"", headers=None):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Quiet."""


@pytest.fixture
def bucket(monkeypatch):
    """An S3 of its own: address, endpoint, and what lies there by name."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Bucket)
    server.kept = {}
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "invented")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "invented")
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["disk", "s3"])
def outside(request, settings, tmp_path):
    """Settings that keep files outside the database; gives what an onlooker finds there."""
    settings.DATA_DIR = tmp_path
    if request.param == "disk":
        settings.FILES = "disk"
        return lambda: {
            path.relative_to(tmp_path / FOLDER).as_posix(): path.read_bytes()
            for path in (tmp_path / FOLDER).rglob("*")
            if path.is_file()
        }
    server = request.getfixturevalue("bucket")
    settings.FILES, settings.FILES_REGION = "s3://photos/office", "us-east-1"
    settings.FILES_ENDPOINT = f"http://127.0.0.1:{server.server_port}"
    return lambda: {name.removeprefix("photos/office/"): content for name, content in server.kept.items()}


def test_it_works(outside):
    sealed = seal_content(JPEG, HERE)
    assert unseal_content(sealed, HERE) == JPEG
    assert len(sealed) < 250, "the row keeps the way, not the file"
    (name, content) = next(iter(outside().items()))
    assert name.startswith("field_photo.content/one/")
    assert b"canary" not in content
    assert seal_content(b"", HERE) == b""


def test_the_same_place_twice_are_two_files(outside):
    """Of two writers one will be refused by the database: it has not touched the other's file."""
    first, second = seal_content(JPEG, HERE), seal_content(b"other", HERE)
    assert (unseal_content(first, HERE), unseal_content(second, HERE)) == (JPEG, b"other")
    assert len(outside()) == 2


def test_what_was_kept_before_is_read_after_the_settings_change(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    here = seal_content(JPEG, HERE)
    settings.FILES = "disk"
    there = seal_content(JPEG, THERE)
    assert unseal_content(here, HERE) == JPEG
    settings.FILES = ""
    assert unseal_content(there, THERE) == JPEG


def test_a_new_key_of_the_office_touches_no_file(settings, tmp_path):
    settings.DATA_DIR, settings.FILES, settings.KEY_FILE = tmp_path, "disk", tmp_path / "keys.json"
    sealing.make_keys(settings.KEY_FILE)
    sealed = seal_content(JPEG, HERE)
    before = {path: path.read_bytes() for path in (tmp_path / FOLDER).rglob("*") if path.is_file()}
    version = sealing.add_version(settings.KEY_FILE)
    sealing._known.clear()
    again = sealing.seal(unseal(sealed, HERE), HERE)
    assert version_of(again) == version
    sealing.take_out(settings.KEY_FILE, 1)
    sealing._known.clear()
    assert unseal_content(again, HERE) == JPEG
    assert before == {path: path.read_bytes() for path in (tmp_path / FOLDER).rglob("*") if path.is_file()}


@pytest.mark.parametrize("harm", ["changed", "cut", "swapped"])
def test_it_refuses_a_file_that_is_not_what_was_kept(harm, settings, tmp_path):
    settings.DATA_DIR, settings.FILES = tmp_path, "disk"
    here, _there = seal_content(JPEG, HERE), seal_content(b"another's", THERE)
    one, two = (next((tmp_path / FOLDER / "field_photo.content" / row).iterdir()) for row in ("one", "two"))
    content = one.read_bytes()
    one.write_bytes(
        {"changed": content[:-1] + bytes([content[-1] ^ 1]), "cut": content[:20], "swapped": two.read_bytes()}[harm]
    )
    with pytest.raises(NotOurs):
        unseal_content(here, HERE)


def test_a_row_moved_to_another_does_not_open_its_file(outside):
    with pytest.raises(NotOurs):
        unseal_content(seal_content(JPEG, HERE), THERE)


def test_a_bucket_that_is_away_is_said_and_nothing_is_sealed(settings, tmp_path, bucket, monkeypatch):
    monkeypatch.setattr(kept_files, "_RETRY", {"max_retries": 0})
    settings.DATA_DIR, settings.FILES, settings.FILES_REGION = tmp_path, "s3://photos/away", "us-east-1"
    settings.FILES_ENDPOINT = "http://127.0.0.1:9"
    with pytest.raises(StoreAway):
        seal_content(JPEG, HERE)


def test_a_write_cut_short_leaves_no_file(settings, tmp_path, monkeypatch):
    settings.DATA_DIR, settings.FILES = tmp_path, "disk"

    def full(_handle):
        raise OSError(28, "no room")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no room"):
        seal_content(JPEG, HERE)
    assert [path for path in (tmp_path / FOLDER).rglob("*") if path.is_file()] == []


def test_what_no_row_names_is_swept_once_it_is_old(settings, tmp_path):
    settings.DATA_DIR, settings.FILES = tmp_path, "disk"
    seal_content(JPEG, HERE), seal_content(JPEG, THERE)
    named = {row: next((tmp_path / FOLDER / "field_photo.content" / row).iterdir()) for row in ("one", "two")}
    half = named["one"].with_name(".half")
    half.write_bytes(b"half")

    def of(table, column, rows):
        assert (table, column) == ("field_photo", "content")
        assert set(rows) <= {"one", "two"}
        return {"one": named["one"].name}

    assert sweep(of) == 0, "their transactions may not have ended"
    for path in (*named.values(), half):
        os.utime(path, (0, 0))
    assert sweep(of) == 2
    assert [path for path in (tmp_path / FOLDER).rglob("*") if path.is_file()] == [named["one"]]


def test_a_bucket_is_swept_alike(settings, tmp_path, bucket):
    settings.DATA_DIR, settings.FILES, settings.FILES_REGION = tmp_path, "s3://photos/office", "us-east-1"
    settings.FILES_ENDPOINT = f"http://127.0.0.1:{bucket.server_port}"
    seal_content(JPEG, HERE), seal_content(JPEG, THERE)
    kept = next(name for name in bucket.kept if "/one/" in name)
    assert sweep(lambda _table, _column, _rows: {"one": kept.rpartition("/")[2]}) == 1
    assert list(bucket.kept) == [kept]


def test_stores_are_told_by_the_setting():
    assert kept_files.store_of("disk", Path("/x")) == kept_files.store_of("", Path("/x")) == Folder(Path("/x/kept"))
    assert kept_files.store_of("s3://a/b", Path("/x"), "http://e", "r") == Bucket("s3://a/b", "http://e", "r")

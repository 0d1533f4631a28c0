"""What an office may not run with, and what no setting can switch off."""

import ast
import base64
import os
import re
import socketserver
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread
from urllib.parse import quote

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.core.checks import run_checks
from django.db import connection

from gandeng.accounts import checks
from gandeng.audit.log_keys import make_log_key
from gandeng.audit.sealing import make_keys

SAFE = {
    "GANDENG_SECRET_KEY": "an office's own secret key, long enough for every check there is, Q7w!zP",
    "GANDENG_HOSTS": "gandeng.contoh.test",
    "GANDENG_ADDRESS": "https://gandeng.contoh.test/",
    "DJANGO_SETTINGS_MODULE": "gandeng.settings",
}


@pytest.fixture
def checked(django_db_setup, tmp_path):
    """`gandeng check --deploy` in an environment of its own."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("GANDENG_", "DATABASE_"))}
    here = connection.settings_dict
    address = f"{quote(here['HOST'], safe='')}:{here['PORT']}/{here['NAME']}"
    urls = {
        "DATABASE_URL": f"postgres://gandeng_app@{address}",
        "DATABASE_OWNER_URL": f"postgres://gandeng_owner@{address}",
    }
    make_keys(tmp_path / "keys.json")
    make_log_key(tmp_path / "log-key.json")
    safe = SAFE | urls | {"GANDENG_DATA": str(tmp_path), "GANDENG_EMAIL_PORT": "1"}

    def check(**changed):
        command = [sys.executable, "-m", "gandeng.cli", "check", "--deploy"]
        return subprocess.run(command, env=outside | safe | changed, capture_output=True, text=True, check=False)

    return check


def test_it_works(checked):
    """All that is wrong is the database of the tests, which need not last, and that nobody takes mail at port 1."""
    told = checked()
    named = set(re.findall(r"gandeng\.\w+", told.stdout + told.stderr))
    assert named == {"gandeng.E024", "gandeng.W032"}, told.stderr[:2000]


def test_settings_that_are_not_filled_in_yet_are_named_not_raised(checked):
    told = checked(GANDENG_SECRET_KEY="")
    assert told.returncode == 1 and "Traceback" not in told.stderr
    assert all(f"gandeng.{code}" in told.stdout + told.stderr for code in ("E001", "E013"))


def test_a_setting_that_cannot_be_used_is_told_in_words(checked):
    told = checked(GANDENG_HTTPS="ya", GANDENG_LANG="en")
    assert told.returncode == 1 and "Traceback" not in told.stderr
    assert told.stderr.startswith('A setting cannot be used. Environment variable "GANDENG_HTTPS" invalid')


def test_files_that_lie_where_each_command_was_started_are_named(monkeypatch):
    named = []
    for data in ("/var/lib/gandeng/office", "office", ""):
        monkeypatch.setenv("GANDENG_DATA", data)
        named.append("gandeng.E033" in [found.id for found in checks.fit_for_an_office()])
    assert named == [False, True, True]


def test_a_database_that_answers_before_it_has_written_is_named(django_db_setup, django_db_blocker):
    def named():
        return [found.msg.split()[0] for found in checks.database_keeps_what_it_answers()]

    with django_db_blocker.unblock():
        assert named() == ["fsync", "full_page_writes", "synchronous_commit"]
        with connection.cursor() as cursor:
            cursor.execute("set synchronous_commit = on")
        assert named() == ["fsync", "full_page_writes"]
        connection.close()


def test_an_owner_under_another_spelling_is_named(checked):
    """Two addresses that differ may be one role, whom row security does not bind."""
    here = connection.settings_dict
    address = f"{quote(here['HOST'], safe='')}:{here['PORT']}/{here['NAME']}"
    told = checked(DATABASE_URL=f"postgresql://gandeng_owner@{address}?application_name=site")
    found = set(re.findall(r"gandeng\.\w+", told.stdout + told.stderr))
    assert "gandeng.E027" in found and "gandeng.E015" not in found, told.stderr[:2000]


def test_it_refuses_the_try_out_by_name(checked):
    told = checked(GANDENG_DEMO="1", GANDENG_SECRET_KEY="short")  # noqa: S106
    assert told.returncode == 1
    assert all(f"gandeng.{code}" in told.stdout + told.stderr for code in ("E010", "E012", "E013"))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"DEMO": True}, "E010"), ({"DEBUG": True}, "E011"), ({"HTTPS": False}, "E012"), ({"SECRET_KEY": "x"}, "E013"),
        ({"DATABASE_URL": ""}, "E014"), ({"DATABASE_URL": "a", "DATABASE_OWNER_URL": "a"}, "E015"),
        ({"ALLOWED_HOSTS": ["*"]}, "E016"),
        *(({"ADDRESS": wrong, "ALLOWED_HOSTS": ["gandeng.contoh.test"]}, "E030") for wrong in (
            "", "gandeng.contoh.test", "http://gandeng.contoh.test", "https://lain.test", "https://gandeng.contoh.test/a",
        )),
        ({"MAILERS": {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}}, "E028"),
        ({"MAIL_HOST": "surel.contoh.test"}, "E031"),
    ],
)  # fmt: skip
def test_each_unsafe_setting_is_named(settings, changed, code):
    for name, value in changed.items():
        setattr(settings, name, value)
    assert f"gandeng.{code}" in {found.id for found in checks.fit_for_an_office()}


class Letterbox(socketserver.StreamRequestHandler):
    """A server of mails that lets one user in and takes nothing."""

    def handle(self):
        self.wfile.write(b"220 surel.contoh.test\r\n")
        for line in self.rfile:
            word = line.split()[0].upper()
            if word == b"EHLO":
                self.wfile.write(b"250-surel.contoh.test\r\n250 AUTH PLAIN\r\n")
            elif word == b"AUTH":
                right = base64.b64decode(line.split()[-1]) == b"\0kantor\0sandi kantor"
                self.wfile.write(b"235 in\r\n" if right else b"535 no\r\n")
            else:
                return


@pytest.fixture
def letterbox():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Letterbox) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
        yield {"GANDENG_EMAIL_PORT": str(server.server_address[1]), "GANDENG_EMAIL_USER": "kantor"}
        server.shutdown()


def test_the_server_of_mails_is_asked_as_a_letter_would(checked, letterbox):
    """By the settings of the environment; nothing is sent."""
    assert "W032" not in checked(**letterbox, GANDENG_EMAIL_PASSWORD="sandi kantor").stderr  # noqa: S106
    told = checked(**letterbox, GANDENG_EMAIL_PASSWORD="sandi kantor", GANDENG_EMAIL_SECURITY="tls")  # noqa: S106
    assert "W032" in told.stderr and "SSL" in told.stderr


@pytest.mark.parametrize(("wrong", "word"), [({"password": "salah"}, "535"), ({"use_tls": True}, "STARTTLS")])
def test_what_it_answers_is_told(settings, letterbox, wrong, word):
    there = {"host": "127.0.0.1", "port": int(letterbox["GANDENG_EMAIL_PORT"]), "username": "kantor"}
    there |= {"password": "sandi kantor"} | wrong
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": there}}
    assert [word in found.msg for found in checks.mail_goes_out()] == [True]


def test_an_unknown_way_to_it_is_named(settings):
    settings.MAIL_SECURITY = "ssl"
    assert "gandeng.E009" in {found.id for found in checks.settings_fit()}


def test_files_others_can_read_are_named(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    assert "gandeng.E029" not in {found.id for found in checks.fit_for_an_office()}
    tmp_path.chmod(0o755)
    assert "gandeng.E029" in {found.id for found in checks.fit_for_an_office()}


def test_keys_others_can_read_are_named(settings, tmp_path):
    settings.KEY_FILE = tmp_path / "keys.json"
    settings.KEY_FILE.touch(0o600)
    assert "gandeng.E017" not in {found.id for found in checks.fit_for_an_office()}
    settings.KEY_FILE.chmod(0o640)
    assert "gandeng.E017" in {found.id for found in checks.fit_for_an_office()}


def test_keys_that_are_not_there_or_are_somebody_elses_are_named(settings, tmp_path, monkeypatch):
    def told():
        return {found.id for found in checks.fit_for_an_office()} & {"gandeng.E018", "gandeng.E026"}

    settings.KEY_FILE, settings.LOG_KEY_FILE = tmp_path / "keys.json", tmp_path / "log-key.json"
    assert told() == {"gandeng.E018", "gandeng.E026"}
    make_keys(settings.KEY_FILE)
    make_log_key(settings.LOG_KEY_FILE)
    assert told() == set()
    monkeypatch.setattr(checks.os, "access", lambda path, _how: path != settings.KEY_FILE)  # root may read them all
    assert told() == {"gandeng.E026"}


def test_the_try_out_never_faces_a_network(settings):
    settings.DEMO = settings.HTTPS = True
    assert "gandeng.E002" in {found.id for found in run_checks(tags=["security"])}


def test_files_lie_in_one_of_three_places(settings, monkeypatch):
    def told():
        return {found.id for found in run_checks(tags=["security"])} & {"gandeng.E007", "gandeng.E008"}

    for place in ("", "disk", "s3://photos/office"):
        settings.FILES = place
        assert told() == set()
    settings.FILES = "/srv/photos"
    assert told() == {"gandeng.E007"}
    settings.FILES = "s3://photos/office"
    monkeypatch.setattr(checks, "find_spec", lambda _name: None)
    assert told() == {"gandeng.E008"}


def test_there_is_no_admin_site(settings):
    assert not [name for name in settings.INSTALLED_APPS if "admin" in name]


def test_a_password_costs_what_a_morning_of_logins_can_pay():
    encoded = make_password("kuda nil makan siang")
    assert encoded.split("$")[1:4] == ["argon2id", "v=19", "m=19456,t=2,p=1"]
    began = time.process_time()
    assert all(check_password("kuda nil makan siang", encoded) for _ in range(3))
    assert 0.003 < (time.process_time() - began) / 3 < 0.2


def test_nothing_that_lets_people_in_knows_an_identifier_or_a_birthday():
    for path in Path(checks.__file__).parent.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        used = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        used |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not used & {"gandeng.core.nik", "nik", "nik_index", "birth_date"}, path.name


@pytest.mark.parametrize(("behind", "told"), [("1", "198.51.100.7"), ("0", "127.0.0.1")])
def test_behind_a_proxy_limits_count_whom_the_proxy_saw(behind, told):
    """Else a whole province shares thirty sign-ins a minute; without a proxy nobody names his own address."""
    program = """import django; django.setup()
from django.test import RequestFactory; from allauth.core.internal.httpkit import get_client_ip
print(get_client_ip(RequestFactory().get("/", headers={"X-Forwarded-For": "10.0.0.1, 198.51.100.7"})))"""
    environment = os.environ | SAFE | {"GANDENG_BEHIND_PROXY": behind}
    said = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == told

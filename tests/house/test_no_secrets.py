"""No secret in the repository, and no default one: a site without keys of its own does not start."""

import os
import re
import subprocess
import sys

import pytest

from tests.house.source import ROOT, repository_files, text_of

SECRETS = {
    "a private key": re.compile("-----BEGIN [A-Z ]*PRIVATE " + "KEY-----"),
    "a key of our API": re.compile(r"gandeng_[0-9a-f]{8}_[A-Za-z0-9_-]{43}"),
    "a secret key told": re.compile(r"GANDENG_SECRET_KEY\s*[=:]\s*[\"']?[A-Za-z0-9+/_-]{20,}"),
    "a password in an address": re.compile(r"[a-z]+://[a-z_]+:(?!PASSWORD@)[^\s:@/{}<>$]{6,}@[a-z0-9.-]+"),
    "keys of identifiers": re.compile(r"\"(?:nik|kk|account|1)\":\s*\"[A-Za-z0-9+/]{43}=\""),
    "a cloud's key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a token": re.compile(r"\b(?:ghp|gho|ghs|glpat|xox[bp]|npm)_?-?[A-Za-z0-9]{30,}\b"),
    "a password told": re.compile(
        r"\bpass(?:word|wd)\s*=\s*[\"'](?=[^\"']*\d)[A-Za-z0-9!#$%&*+/?@^_-]{16,}[\"']", re.IGNORECASE
    ),
}
PLANTED = {
    "a private key": "-----BEGIN RSA PRIVATE " + "KEY-----\nMIIE",
    "a key of our API": "gandeng_" + "1a2b3c4d_" + "x" * 43,
    "a secret key told": "GANDENG_SECRET_KEY=" + "k3" * 25,
    "a password in an address": "postgres://gandeng_app:" + "t0psecret@db.example",
    "keys of identifiers": '{"nik": "' + "A" * 43 + '="}',
    "a cloud's key": "AKIA" + "A1" * 8,
    "a token": "ghp_" + "a1" * 18,
    "a password told": 'password = "' + "h4rd-to-guess-one" + '"',
}
"""Put together here, so that this file does not hold what it looks for."""


INVENTED = ("tests/upgrade/", "keys of identifiers")
"""Keys of an office that never was, with which a release of before sealed invented people."""


def secrets_in(text):
    return [kind for kind, pattern in SECRETS.items() if pattern.search(text)]


def test_no_file_holds_one():
    found = [(path.relative_to(ROOT).as_posix(), kind) for path in repository_files() for kind in _secrets_of(path)]
    assert [(path, kind) for path, kind in found if not (path.startswith(INVENTED[0]) and kind == INVENTED[1])] == []


def _secrets_of(path):
    return secrets_in(text_of(path) or "")


@pytest.mark.parametrize("kind", SECRETS)
def test_a_planted_one_is_found(kind):
    assert kind in secrets_in(f"some text\n{PLANTED[kind]}\nmore")


@pytest.mark.parametrize(("told", "missing"), [
    ({"GANDENG_SECRET_KEY": ""}, "SECRET_KEY"),
    ({}, "SECRET_KEY"),
    ({"GANDENG_SECRET_KEY": "k3" * 30}, "KeysMissing"),
])  # fmt: skip
def test_a_site_without_its_keys_does_not_start(tmp_path, told, missing):
    ours = ("GANDENG_", "DJANGO_", "DATABASE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    program = [sys.executable, "-W", "ignore", "-c", "import gandeng.wsgi"]
    environment = kept | {"GANDENG_DATA": str(tmp_path)} | told
    ended = subprocess.run(program, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert missing in ended.stderr

"""Thirty names of files that would like to be a path, a header, or something to run."""

import re
from pathlib import Path

import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.reconciliation.models import ResultFile
from gandeng.reconciliation.tests.world import csv_of, payments_of, told

pytestmark = pytest.mark.django_db

NAMES = (
    "../../../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd", "C:\\boot.ini", "~/.ssh/id_rsa",
    "....//....//x", "%2e%2e%2fx.csv", "x/../../y.csv", "file:///etc/passwd", "\\\\host\\share\\x", ".", "..",
    ".htaccess", "-rf", "--out=x", "a\x00b.csv", "a\r\nSet-Cookie: x=1.csv", "a\nX-Injected: 1",
    'a"; filename="b.csv', "a;b=c.csv", "bri\u202evsc.exe", "bri\u200b.csv", "\ufeffbri.csv",
    "=cmd|' /C calc'!A0.csv", "<script>alert(1)</script>.csv", "$(touch x).csv", "`touch x`.csv", "CON",
    "nul.csv", "n" * 400 + ".csv",
)  # fmt: skip


@pytest.fixture
def home(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "office" / "data"
    settings.DATA_DIR.mkdir(parents=True)
    return tmp_path


def body(name, content, **fields):
    """A form as a hostile program sends it: the name as it is, whatever a browser would have made of it."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}' for key, value in fields.items()
    ]
    parts.append(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n')
    return "\r\n".join(parts).encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def test_there_are_thirty():
    assert len(set(NAMES)) == 30


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_name_is_text_and_nothing_else(home, cycle, bank, client_of, name):
    one = next(row for row in payments_of(cycle) if row.channel == "BRI" and row.village_code.startswith("6371"))
    browser, page = client_of(bank), reverse("reconciliation:upload", args=[cycle.pk])
    sent = body(name, csv_of([told(one)]), channel="BRI", region="6371", rows="1", rupiah=str(one.amount_rupiah))
    answer = browser.generic("POST", page, sent, content_type=MULTIPART_CONTENT)
    assert answer.status_code in (302, 400, 422)
    assert "X-Injected" not in answer.headers and "x" not in answer.cookies
    with in_territory(bank):
        kept = list(ResultFile.objects.all())
    assert len(kept) == (answer.status_code == 302)
    made = [path for path in home.rglob("*") if path.is_file()]
    assert all(re.fullmatch(r"office/data/results/[0-9a-f-]{36}", path.relative_to(home).as_posix()) for path in made)
    for file in kept:
        assert Path(file.path) == home / "office" / "data" / "results" / str(file.pk)
        assert not set(file.name) & set("/\\\x00\r\n") and len(file.name) <= 255
        receipt = browser.get(reverse("reconciliation:file", args=[file.pk])).content.decode()
        assert "<script>alert" not in receipt

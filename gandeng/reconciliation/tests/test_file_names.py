"""Names of files that would like to be a path, a header, or something to run, at the door of banks' files."""

import re
from pathlib import Path

import pytest
from django.test.client import MULTIPART_CONTENT
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.reconciliation.models import ResultFile
from gandeng.reconciliation.tests.world import csv_of, payments_of, told
from gandeng.web.tests.file_names import NAMES, body

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "office" / "data"
    settings.DATA_DIR.mkdir(parents=True)
    return tmp_path


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

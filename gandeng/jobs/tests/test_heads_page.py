import pytest
from django.urls import reverse

from gandeng.audit.actions import record
from gandeng.audit.heads import anchor, seal_log
from gandeng.audit.log_keys import log_key
from gandeng.jobs.tasks import seal_log_hourly

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(cast):
    return cast("AUDITOR", "6371")


def test_it_works(auditor, client_of):
    record(auditor, "family.seen", region="6371")
    line = anchor(seal_log())
    page = client_of(auditor).get(reverse("audit:heads")).content.decode()
    assert line.replace("+", "&#x2B;") in page or line in page
    assert log_key().public_text in page
    told = client_of(auditor).get(reverse("audit:anchors"))
    assert told.content.decode() == f"{line}\n"
    assert told["Content-Type"].startswith("text/plain")


def test_it_says_that_today_is_not_sealed(auditor, client_of):
    page = client_of(auditor).get(reverse("audit:heads")).content.decode()
    assert "Hari ini belum disegel" in page
    assert "Belum ada segel" in page


def test_it_says_that_there_is_no_key(auditor, client_of, settings, tmp_path):
    settings.LOG_KEY_FILE = tmp_path / "none.json"
    assert "Jejak tidak disegel" in client_of(auditor).get(reverse("audit:heads")).content.decode()


def test_the_worker_seals_once_and_goes_on_without_a_key(auditor, settings, tmp_path, client_of):
    seal_log_hourly(timestamp=0)
    seal_log_hourly(timestamp=3600)
    assert len(client_of(auditor).get(reverse("audit:anchors")).content.splitlines()) == 1
    settings.LOG_KEY_FILE = tmp_path / "none.json"
    seal_log_hourly(timestamp=7200)


def test_it_refuses_whoever_may_not_read_the_log(operator, client_of):
    assert client_of(operator).get(reverse("audit:heads")).status_code == 403

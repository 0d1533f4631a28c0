import pytest

from gandeng.accounts.acting import in_territory
from gandeng.accounts.tests.test_keys import EVERYWHERE
from gandeng.audit.actions import coming_from, record
from gandeng.audit.models import AuditEntry
from gandeng.jobs import work
from gandeng.jobs.tasks import run_job

pytestmark = pytest.mark.django_db


def test_what_a_job_does_says_from_where_it_was_asked_for(operator, monkeypatch):
    def done(acting, _report, _arguments):
        record(acting, "thing.done", region="6371")
        return "/"

    monkeypatch.setitem(work.KINDS, "test.kind", done)
    with coming_from("198.51.100.9"):
        job = work.start(operator, "test.kind", "Uji")
    run_job(job_id=str(job.pk))
    with in_territory(EVERYWHERE):
        entry = AuditEntry.objects.get(action="thing.done")
    assert entry.facts == {"from_address": "198.51.100.9"}

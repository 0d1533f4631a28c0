"""The server's own log: a canary goes through everything that fails, and no line holds it."""

import io
import logging
import logging.config
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.jobs import work
from gandeng.jobs.models import Job
from gandeng.jobs.tasks import run_job
from gandeng.office.running import web_command
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.web.log_lines import BareLines, told_of

pytestmark = pytest.mark.django_db

CANARY, NIK = "Kanari Rahmawati", "6371014507900003"


@pytest.fixture
def log(monkeypatch):
    """What the settings of the site write, from the lowest level on."""
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(BareLines())
    root = logging.getLogger()
    before = root.handlers[:], root.level
    root.handlers, level = [handler], root.level
    root.setLevel(logging.DEBUG)
    yield said
    root.handlers, _ = before
    root.setLevel(level)


def clean(said):
    text = said.getvalue()
    assert text
    assert not [word for word in (*CANARY.split(), NIK, NIK[-8:], "rahasia") if word in text], text
    return text


def broken_row():
    """A row the database refuses, and quotes."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "insert into registry_family (id, village_code, kk_last4) values (gen_random_uuid(), %s, %s)", [CANARY, NIK]
        )


def broken_copy():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("create temporary table canaries (name text, born date) on commit drop")
        with cursor.copy("copy canaries from stdin") as copy:
            copy.write(f"{CANARY}\t{NIK}\n")


def spoken():
    raise ValueError(f"{CANARY} has no {NIK}")


FAULTS = {
    "a row": broken_row,
    "a copy": broken_copy,
    "words of ours": spoken,
    "a file": lambda: Path("/nowhere", NIK).read_bytes(),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_page_that_fails(client_of, operator, monkeypatch, log, fault):
    def jobs_of(_acting):
        told = {"name": CANARY}
        FAULTS[fault]()
        return told

    monkeypatch.setattr("gandeng.jobs.views.jobs_of", jobs_of)
    client = client_of(operator)
    client.raise_request_exception = False
    answer = client.get(reverse("jobs:jobs") + f"?q={CANARY}&nik={NIK}", headers={"referer": f"http://x/?q={NIK}"})
    assert answer.status_code == 500
    text = clean(log)
    assert "500 GET jobs:jobs" in text and "reference" in text
    assert "gandeng/jobs/views.py" in text and "jobs_of" in text, "where it happened stays"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_job_that_fails(operator, monkeypatch, log, fault):
    monkeypatch.setitem(work.KINDS, "test.kind", lambda *_: FAULTS[fault]())
    job = Job.objects.create(kind="test.kind", title=CANARY, owner_id=operator.person_id, arguments={"q": NIK})
    run_job(job_id=str(job.pk))
    text = clean(log)
    assert str(job.pk) in text
    job.refresh_from_db()
    assert job.state == "FAILED" and CANARY not in job.message


def test_a_database_says_what_it_refused_without_the_row(log):
    family = make_family(name=CANARY)
    with in_territory(EVERYWHERE):
        try:
            with transaction.atomic():
                type(family).objects.filter(pk=family.pk).update(village_code="X" + NIK[:9])
        except IntegrityError as error:
            text = "\n".join(told_of(error))
    assert "sqlstate=23514" in text and "constraint_name=family_village" in text and "registry_family" in text
    assert NIK[:9] not in text and "DETAIL" not in text


def test_notices_of_libraries_are_emptied(log):
    logging.getLogger("django.db.backends").debug("(%.3f) %s; args=%s", 0.1, f"select '{CANARY}'", (NIK,))
    logging.getLogger("asyncio").error(f"Task exception was never retrieved {CANARY} {NIK}")
    logging.getLogger("some.library").warning("row %(row)s of %(rows)d", {"row": CANARY, "rows": 12})
    logging.getLogger("some.library").warning("%s", int(NIK))
    logging.getLogger("gandeng.some").warning("found %s", NIK)
    logging.getLogger("some.library").error("x", stack_info=True, extra={"exception": CANARY})
    text = clean(log)
    assert "row … of 12" in text and "asyncio" in text


def test_addresses_stand_by_their_name_with_nothing_of_what_was_asked(client, log):
    client.get(f"/pengguna/masuk/rahasia{NIK}/")
    client.get(f"/tidak-ada/{NIK}/?nik={NIK}")
    client.get("/", headers={"host": f"{NIK}.example"})
    clean(log)


def a_chain():
    try:
        raise ExceptionGroup(CANARY, [KeyError(NIK), OSError(28, "No space", CANARY)])  # noqa: TRY301
    except ExceptionGroup as first:
        first.__context__ = RuntimeError(NIK)
        first.__context__.__context__ = first
        raise RuntimeError(CANARY) from first


def test_causes_and_groups_are_told_once_each():
    with pytest.raises(RuntimeError) as caught:
        a_chain()
    text = "\n".join(told_of(caught.value))
    told = [text.count(kind) for kind in ("RuntimeError", "ExceptionGroup", "KeyError", "OSError ENOSPC")]
    assert told == [2, 1, 1, 1]
    assert NIK not in text and CANARY not in text


def test_what_nothing_catches_is_told_alike():
    code = (
        "import django, psycopg; django.setup()\n"
        "from gandeng.web.log_lines import keep_uncaught_bare\n"
        f"keep_uncaught_bare()\nraise ValueError('{CANARY} {NIK}')"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert "builtins.ValueError" in told.stderr
    assert CANARY not in told.stderr and NIK not in told.stderr


def test_the_settings_write_in_no_other_form():
    (handler,) = settings.LOGGING["handlers"].values()
    assert settings.LOGGING["root"]["handlers"] == ["console"]
    assert settings.LOGGING["formatters"][handler["formatter"]] == {"()": "gandeng.web.log_lines.BareLines"}
    for name in ("django", "django.server", "django.request", "django.security", "django.template"):
        logger = logging.getLogger(name)
        assert (logger.handlers, logger.propagate) == ([], True), f"{name} writes past our form"


def test_the_web_server_keeps_no_list_of_addresses():
    command = web_command("127.0.0.1", 8000)
    assert "--no-access-log" in command and "--access-log" not in command


def test_the_database_itself_quotes_no_row_and_no_statement():
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('log_error_verbosity'), current_setting('log_min_error_statement')")
        assert cursor.fetchone() == ("terse", "panic")


def test_a_reader_that_dies_leaves_places_and_no_row():
    from gandeng.files.intake import _PLACES

    words = f'Traceback:\n  File "/x/gandeng/files/csv.py", line 7, in read\n    x\nValueError: {CANARY} {NIK}\n'
    words += f"thread panicked at src/str.rs:12:\nbyte index 1 of `{CANARY}`"
    kept = " ".join(_PLACES.findall(words))
    assert kept == 'File "/x/gandeng/files/csv.py", line 7 ValueError panicked at src/str.rs:12'

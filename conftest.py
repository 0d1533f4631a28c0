"""The database of the tests, made by the first test that asks for one, and a small cast.

Tests run as `gandeng_app`, the role row security binds; only migrations run as the owner.
"""

import fcntl
import os
import shutil
import string
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from uuid import uuid4

import django
import pytest

if "GANDENG_TESTS_OF" not in os.environ:
    os.environ["GANDENG_TESTS_OF"] = str(os.getpid())
    os.environ["GANDENG_DATA"] = str(Path(tempfile.mkdtemp(prefix="gandeng-test-")) / "data")
os.environ["DJANGO_SETTINGS_MODULE"] = "gandeng.settings"
os.environ["GANDENG_SECRET_KEY"] = "only-for-tests-" * 5
os.environ["GANDENG_HTTPS"] = "0"
os.environ["GANDENG_HOSTS"] = "testserver,localhost,127.0.0.1"
os.environ["GANDENG_EMAIL_BACKEND"] = "django.core.mail.backends.locmem.EmailBackend"
os.environ.pop("GANDENG_DEMO", None)

django.setup()


def _no_word_by_chance():
    """What a page must not say could stand in the token of its form: any two letters do on one page in sixty."""
    from django.middleware import csrf

    csrf.CSRF_ALLOWED_CHARS = string.ascii_lowercase


_no_word_by_chance()


def _count_apart():
    """Workers share the folder of data, not the counts in it: each clears them while the other counts."""
    from django.conf import settings

    settings.CACHES["default"]["LOCATION"] = settings.DATA_DIR / f"cache-{os.getpid()}"


_count_apart()


def _make_keys():
    """Once, before there are workers that could make them at the same time."""
    from django.conf import settings

    from gandeng.audit.log_keys import make_log_key
    from gandeng.audit.sealing import make_keys

    make_keys(settings.KEY_FILE)
    make_log_key(settings.LOG_KEY_FILE)


if os.environ["GANDENG_TESTS_OF"] == str(os.getpid()):
    _make_keys()

TODAY = date(2024, 9, 19)

SHARED = Path(os.environ["GANDENG_DATA"]).parent
"""What workers share: the folder of data, the server, and what the first to need it makes for all."""
MIGRATED = "migrated"
"""The template of all: nobody works in it."""
OURS = f"gandeng_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
"""The database of this worker's tests that undo what they do."""


@contextmanager
def one_at_a_time(what: str) -> Iterator[None]:
    """Of all workers; others wait, which leaves the processors to who is at work."""
    with (SHARED / f"{what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def use_database(server, name, role):
    """Point Django's connection at a database of the server, as a role."""
    import dj_database_url
    from django.db import connections

    from gandeng.office import database

    address = dj_database_url.parse(database.url(server, name, role))
    connections.close_all()
    keys = ("NAME", "USER", "HOST", "PORT")
    connections.databases["default"].update({key: address[key] for key in keys})
    connections["default"].settings_dict.update({key: address[key] for key in keys})


@pytest.fixture(scope="session")
def server():
    """A real PostgreSQL in a folder that goes with the tests: one for all workers, stopped by the last."""
    from gandeng.office import database

    with one_at_a_time("server"):
        started = database.start(SHARED / "pg", thrown_away=True)
    yield started
    started.cleanup()


@pytest.fixture(scope="session")
def django_db_setup(server, django_db_blocker):
    """Migrated by the owner, used by the application's role."""
    from django.core.management import call_command
    from django.db import connections

    from gandeng.office import database

    def migrate(name):
        database.create(server, name)
        use_database(server, name, database.OWNER)
        call_command("migrate", verbosity=0)

    with django_db_blocker.unblock():
        made_once(server, MIGRATED, migrate)
        with kept_copy(server, MIGRATED, OURS):
            use_database(server, OURS, database.APP)
            yield
            connections.close_all()


def made_once(server, name: str, make: Callable[[str], object]) -> str:
    """A database to copy: the first worker that asks lets `make` make it, under another name until it is whole."""
    import psycopg
    from django.db import connections

    with one_at_a_time(name), psycopg.connect(server.get_uri(), autocommit=True) as con:
        if con.execute("select from pg_database where datname = %s", [name]).fetchone() is None:
            con.execute(f'drop database if exists "{name}_half" with (force)')
            make(f"{name}_half")
            connections.close_all()
            con.execute(f'alter database "{name}_half" rename to "{name}"')
    return name


def filled_once(server, django_db_blocker, name: str, fill: Callable[[], object]) -> str:
    """A copy of the migrated database to be copied, filled by the application's role."""
    from gandeng.office import database

    def make(half):
        copy_database(server, MIGRATED, half)
        use_database(server, half, database.APP)
        fill()
        use_database(server, OURS, database.APP)

    with django_db_blocker.unblock():
        return made_once(server, name, make)


@pytest.fixture(autouse=True)
def nothing_counted():
    """Nobody guessed a password or asked for anything a moment ago: what one test tried locks no other one out."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def calendar_of_today():
    """Some tests happen today: where no calendar of the year is known yet, stages are as long as before."""
    from gandeng.core.cycle import Cycle
    from gandeng.payments import next_stages
    from gandeng.policy import PolicyGap

    known = next_stages.months_of

    def months_of(stage: Cycle) -> int:
        try:
            return known(stage)
        except PolicyGap:
            return months_of(Cycle(stage.year - 1, 1))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(next_stages, "months_of", months_of)
        yield


@contextmanager
def copied_database(server, django_db_blocker, template: str = MIGRATED) -> Iterator[str]:
    """A copy of the migrated database, or of another that nobody else is connected to, used until the end."""
    from gandeng.office import database

    with django_db_blocker.unblock(), kept_copy(server, template) as name:
        use_database(server, name, database.APP)
        yield name
        use_database(server, OURS, database.APP)


@contextmanager
def kept_copy(server, template: str, name: str = "") -> Iterator[str]:
    """A copy that is there until the end, used by nobody yet."""
    import psycopg

    name = name or f"own_{uuid4().hex[:12]}"
    copy_database(server, template, name)
    yield name
    with psycopg.connect(server.get_uri(), autocommit=True) as con:
        con.execute(f'drop database "{name}" with (force)')


def copy_database(server, template: str, name: str) -> None:
    """For whoever takes it away himself."""
    import psycopg
    from django.db import connections

    from gandeng.office import database

    connections.close_all()
    with psycopg.connect(server.get_uri(), autocommit=True) as con:
        con.execute(f'create database "{name}" template "{template}" owner {database.OWNER}')


@pytest.fixture
def own_database(server, django_db_setup, django_db_blocker) -> Iterator[str]:
    """A copy of the migrated database for one test that commits, kills or runs at once with another."""
    with copied_database(server, django_db_blocker) as name:
        yield name


@dataclass(frozen=True)
class Cast:
    """Makes people: `cast("DISTRICT_HEAD", "6371")` gives the person, acting today."""

    today: date = field(default_factory=date.today)

    def __call__(self, role: str, region: str = "6371", *, channel: str = "", name: str = "", person=None):
        from gandeng.accounts.acting import acting_for
        from gandeng.accounts.models import Grant, Person, User

        if person is None:
            person = Person.objects.create(name=name or f"{role.title()} {region}")
            User.objects.create_user(f"{uuid4().hex[:10]}@contoh.test", None, person=person)
        Grant.objects.create(person=person, role=role, region_code=region, channel=channel, valid_from=date(2024, 1, 1))
        return acting_for(person.pk, self.today)


@pytest.fixture
def cast(db) -> Cast:
    """People of every role."""
    return Cast()


@pytest.fixture
def operator(cast):
    """Keeps the data of Kota Banjarmasin."""
    return cast("DISTRICT_OPERATOR", "6371")


@pytest.fixture
def coordinator(cast):
    """Decides there what others ask for."""
    return cast("DISTRICT_COORDINATOR", "6371")


@pytest.fixture
def stranger(cast):
    """Does the same in the next district."""
    return cast("DISTRICT_OPERATOR", "6372")


@pytest.fixture
def client_of(db) -> Callable[..., object]:
    """A browser signed in as the person, who has shown a moment ago who it is."""
    return browser_of


@pytest.fixture
def left_open(db) -> Callable[..., object]:
    """A browser signed in as the person an hour ago, and lent, left or taken since."""
    return lambda acting: browser_of(acting, shown=False)


@cache
def _hashed() -> str:
    from django.contrib.auth.hashers import make_password

    return make_password("kuda nil makan siang")


def browser_of(acting, *, shown: bool = True):
    """The same, whatever database is used."""
    from django.test import Client

    from gandeng.accounts.models import User

    browser, user = Client(), User.objects.get(person_id=acting.person_id)
    if not user.has_usable_password():
        user.password = _hashed()
        user.save(update_fields=["password"])
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = browser.session
    session["second_factor"] = True
    if shown:
        session["account_authentication_methods_user"] = str(user.pk)
        session["account_authentication_methods"] = [
            {"method": method, "at": time.time(), "reauthenticated": True} for method in ("password", "mfa")
        ]
    session.save()
    return browser


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stories across packages come first: they are the longest, and no process is to end alone with one."""
    items.sort(key=lambda item: not item.path.is_relative_to(Path(__file__).parent / "tests"))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Leave nothing behind. Workers of pytest-xdist share the folder of the process that started them."""
    if os.environ["GANDENG_TESTS_OF"] == str(os.getpid()):
        shutil.rmtree(SHARED, ignore_errors=True)

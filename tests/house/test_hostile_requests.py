"""What a request must not get by being clever: fields no form has, and the work of an answer as a hint.

Every form of every page is filled in as its page offers it, then sent with the name of every column there is.
"""

import re
import time
from dataclasses import dataclass, field

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from lxml import html

from gandeng.accounts import middleware
from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import User
from gandeng.registry.tests.factories import EVERYWHERE
from tests.house.address_table import ONLY_POST, TABLE
from tests.house.address_world import OWN
from tests.house.test_every_address import OURS, answer_of, browser_of, foreign, may

pytestmark = pytest.mark.django_db

WORD, NUMBER, PLACE, ID = "sisipan", 123_454_321, "7373", "73737373-7373-4737-8737-737373737373"
"""Values nobody would type, by which a column that took one gives itself away."""

OF_OFFICE = ("accounts", "audit", "api", "entitlements", "exports", "jobs", "payments", "reconciliation", "registry")
NOT_FOR_ANY_FORM = frozenset({
    "owner_id", "person_id", "region_code", "village_code", "state", "amount_rupiah", "is_active", "root", "revision",
    "requested_by_id", "approved_by_id", "decided_by_id", "taken_by_id", "applied_by_id", "made_by_id", "asked_by_id",
    "valid_from", "sha256", "path", "secret_sha256", "nik_index", "account_index", "is_staff", "is_superuser",
})  # fmt: skip


def columns():
    """Every column there is, with a value of its kind, and what Django's own users would have."""
    found = {"is_staff": "1", "is_superuser": "1", "user_permissions": "1", "groups": "1"}
    for label in OF_OFFICE:
        for model in apps.get_app_config(label).get_models():
            for one in model._meta.concrete_fields:
                found |= {name: value_for(one) for name in (one.name, one.attname)}
    return found


def value_for(one):
    kind = one.get_internal_type()
    if "region" in one.name or one.name.endswith("_code"):
        return PLACE
    if kind in ("UUIDField", "ForeignKey", "OneToOneField"):
        return ID
    if "Integer" in kind or "Auto" in kind:
        return str(NUMBER)
    return {"BooleanField": "1", "DateField": "1973-07-03", "DateTimeField": "1973-07-03 07:03"}.get(kind, WORD)


@dataclass
class Form:
    """A form as its page offers it."""

    address: str
    told: dict = field(default_factory=dict)
    names: frozenset = frozenset()


def forms_of(content):
    """Every form of a page that is sent by POST, with what it holds and something typed into what is empty."""
    for form in html.fromstring(content).iter("form"):
        if (form.get("method") or "").lower() != "post":
            continue
        told = {}
        for one in form.iter("input", "select", "textarea"):
            name, kind = one.get("name"), one.get("type", "")
            if not name or kind == "file":
                continue
            if one.tag == "select":
                options = [option.get("value") for option in one.iter("option") if option.get("value")]
                told[name] = options[-1] if options else ""
            elif kind in ("checkbox", "radio"):
                told[name] = one.get("value") or "on"
            else:
                told[name] = one.get("value") or one.text or ("2024-09-19" if kind == "date" else "diketik")
        yield Form(form.get("action") or "", told, frozenset(told))


def browser_that_showed_itself(letter, world, cast, client_of):
    """Signed in, and asked again for identity a moment ago."""
    browser = browser_of(letter, world, cast, client_of)
    session = browser.session
    user = User.objects.get(pk=session["_auth_user_id"])
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [
        {"method": method, "at": time.time(), "reauthenticated": True} for method in ("password", "mfa")
    ]
    session.save()
    return browser


def sent(browser, letter, world):
    """Send every form of every page the role may open; gives the names of the addresses that got one."""
    every, forms, reached = columns(), {}, set()
    for name, (arguments, _) in OURS.items():
        if not may(letter, name) or name in ONLY_POST or TABLE[name] == "A":
            continue
        page = reverse(name, kwargs=world.kwargs(arguments, OWN))
        answer = browser.get(page)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            forms |= {((one.address or page).split("?")[0], one.names): one for one in forms_of(answer.content)}
    taken = frozenset().union(*(names for _, names in forms))
    extra = {name: value for name, value in every.items() if name not in taken}
    for (address, _), form in forms.items():
        at = resolve(address).view_name
        if TABLE.get(at, "A") == "A" or at == "language":
            continue
        answer = browser.post(address, extra | form.told)
        assert answer.status_code < 500, f"{at}: {answer.status_code}"
        reached.add(at)
    for name, (arguments, _) in OURS.items():
        if name not in reached and TABLE[name] != "A" and may(letter, name):
            assert browser.post(reverse(name, kwargs=world.kwargs(arguments, OWN)), extra).status_code < 500, name
    return reached, extra


def kept():
    """Every row that holds one of the values, with its table: one NIK in ten thousand ends in the digits of PLACE."""
    found = set()
    with in_territory(EVERYWHERE), connection.cursor() as cursor:
        for label in OF_OFFICE:
            for model in apps.get_app_config(label).get_models():
                table = model._meta.db_table
                cursor.execute("select has_table_privilege(%s, 'select')", [table])
                if cursor.fetchone() == (False,):
                    continue  # written by nobody who serves pages either
                cursor.execute(
                    f"select t::text from {table} t where t::text ~ %s",
                    [rf"(?<![-\w])({WORD}|{NUMBER}|{PLACE}|{ID}|1973-07-0[23])(?![-\w])"],
                )
                found |= {(table, row) for (row,) in cursor.fetchall()}
    return found


@pytest.mark.parametrize("letter", "OCHPBX")
def test_a_field_no_form_has_is_kept_nowhere(world, cast, client_of, letter):
    browser = browser_that_showed_itself(letter, world, cast, client_of)
    active, by_chance = User.objects.filter(is_active=True).count(), kept()
    reached, extra = sent(browser, letter, world)
    assert set(extra) >= NOT_FOR_ANY_FORM, "or the test shows little"
    assert reached, "or it sent nothing"
    assert kept() - by_chance == set()
    if letter != "X":
        assert User.objects.filter(is_active=True).count() == active


def test_the_search_for_what_was_kept_finds_it(world, cast):
    who = cast("DISTRICT_OPERATOR", OWN)
    by_chance = kept()
    from gandeng.jobs.models import Job

    Job.objects.create(kind="x", title="y", state=WORD.upper(), owner_id=who.person_id, message=f"ein {WORD}")
    assert [table for table, _ in kept() - by_chance] == ["jobs_job"]


def shape(statements):
    """What is asked of the database, without what it is asked about."""
    about = re.compile(r"""'(?:[^']|'')*'(?:::\w+)?|"s\d+_x\d+"|\b\d+\b""")
    return [about.sub("?", one["sql"]) for one in statements]


@pytest.mark.parametrize("letter", "FOHPBUDX")
def test_not_yours_is_the_same_work_as_not_there(world, cast, client_of, letter, monkeypatch):
    """Not the clock, which tells little in a test, but what the clock would tell of: every statement, in order."""
    browser = browser_of(letter, world, cast, client_of)
    browser.get(reverse("home"))
    monkeypatch.setattr(middleware, "_TOUCH_SECONDS", 3600)  # else one request in a minute writes its session as well
    wrong, compared = [], 0
    for name, (arguments, _) in OURS.items():
        if TABLE[name] == "A" or not arguments or set(arguments) <= {"code", "user_id"} or not may(letter, name):
            continue
        for method in ("get", "post"):
            asked = {}
            for about, kwargs in {
                "theirs": [world.kwargs(arguments, place) for place in foreign(letter)[-1:]],
                "nothing": [world.absent(arguments)],
            }.items():
                for one in kwargs:
                    cache.clear()
                    with CaptureQueriesContext(connection) as statements:
                        status = answer_of(browser, name, one, method)[0].status_code
                    asked[about] = (status, shape(statements.captured_queries))
            if len(asked) < 2:
                continue
            compared += 1
            if asked["theirs"] != asked["nothing"]:
                pairs = zip(asked["theirs"][1], asked["nothing"][1], strict=False)
                wrong.append((method, name, asked["theirs"][0], [pair for pair in pairs if pair[0] != pair[1]][:1]))
    assert wrong == []
    assert compared, "or nothing was held side by side"

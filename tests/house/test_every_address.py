"""Every address, every role, own and foreign: who gets in, and that "not yours" looks like "not there".

The table of who may is written by hand (address_table.py). Each place has canaries in every text: a page, a fragment, a
file or a count that shows another place's gives itself away.
"""

import re
from html.parser import HTMLParser

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from gandeng.accounts.acting import in_territory
from gandeng.accounts.keys import make_key
from gandeng.accounts.rules import rule_of
from tests.house.address_table import DOOR, LETTERS, MACHINES, ONLY_POST, TABLE, WHERE
from tests.house.address_world import FAR, OWN, SIBLING, canary
from tests.house.test_sentences import INDONESIAN

pytestmark = pytest.mark.django_db

PLACE = "Muara Harus"
"""A sub-district whose name holds a word."""
STAGE_AS_A_KEY = re.compile(rb"(?:tahap |stage |>)20[0-9]{2}-T?[0-9](?:[ .,;:<])", re.IGNORECASE)
"""`tahap 2026-4`, where people are told `tahap 4 tahun 2026`."""
QUERIES_MOST = 12
"""Of a page."""
NO_QUERIES = ("SAVEPOINT", "ROLLBACK TO SAVEPOINT", "RELEASE SAVEPOINT", 'UPDATE "django_session"')
"""What opens and closes a transaction in a test, and the session that a request writes once a minute."""
WHOLE_NUMBER = re.compile(rb"(?<![0-9a-f-])[0-9]{15,16}(?![0-9a-f-])")
"""Sixteen digits in a row are a NIK or a card, fifteen an account."""
NOT_OURS = ("account_", "mfa_", "usersessions_", "socialaccount_", "reauthenticate")
"""django-allauth's: one's own account, tested in gandeng/accounts."""


def addresses(resolver=None, prefix="", names=()):
    """(name, names of arguments, view) of every address of ours."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            namespace = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from addresses(entry, namespace, (*names, *entry.pattern.converters))
        elif isinstance(entry, URLPattern) and not str(entry.name).startswith(NOT_OURS):
            found = (*names, *entry.pattern.converters, *entry.pattern.regex.groupindex)
            yield f"{prefix}{entry.name}", tuple(dict.fromkeys(found)), entry.callback


EVERY = {name: (arguments, view) for name, arguments, view in addresses()}
OURS = {name: told for name, told in EVERY.items() if not name.startswith("api:")}
OF_MACHINES = {name: told for name, told in EVERY.items() if name.startswith("api:")}


def test_the_table_names_every_address_and_no_other():
    assert set(OURS) == set(TABLE)
    assert set(OF_MACHINES) == set(MACHINES)


def test_every_view_has_a_rule():
    assert [name for name, (_, view) in EVERY.items() if rule_of(view) is None] == []
    assert [name for name, arguments, view in addresses() if rule_of(view, url_name=name) is None] == []


def test_no_address_is_for_sessions_and_for_keys_at_once():
    by_key = {name for name, (_, view) in EVERY.items() if getattr(rule_of(view, url_name=name), "by_key", False)}
    assert by_key == {name for name, told in MACHINES.items() if "A" not in told.values()}


def may(letter, name):
    return TABLE[name] in ("A", "S") or letter in TABLE[name]


def answer_of(browser, name, kwargs, method="get"):
    """Status and content; a file's pieces are put together."""
    answer = getattr(browser, method)(reverse(name, kwargs=kwargs), headers={"X-Gandeng-App": "1"})
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer, re.sub(rb'"server_time":"[^"]*"', b"", content) if name in DOOR else content


def said_by_the_door(name, content):
    """The door's way of saying not there: another account's phone or none, or a photo to be sent."""
    return name in DOOR and (b'"other":true' in content or b'"kept":false' in content)


ENGLISH = "OCPQXBU"
"""Who reads English here, so that every page is read in it by somebody; tests of the browser read Indonesian."""


@pytest.mark.parametrize("letter", LETTERS)
def test_a_role_gets_where_the_table_says_and_nowhere_else(
    world, cast, client_of, letter, django_capture_on_commit_callbacks
):
    """Whoever chose English reads no Indonesian there, but for what a page marks so. No page asks the database much."""
    browser = browser_of(letter, world, cast, client_of)
    if letter in ENGLISH:
        browser.cookies["language"] = "en"
    wrong = []
    for name, (arguments, _) in OURS.items():
        if TABLE[name] == "A":
            continue
        with CaptureQueriesContext(connection) as sent, django_capture_on_commit_callbacks(execute=True):
            answer, content = answer_of(browser, name, world.kwargs(arguments, OWN))
        asked = sum(not one["sql"].startswith(NO_QUERIES) for one in sent)
        if asked > QUERIES_MOST and answer.headers["Content-Type"].startswith("text/html"):
            wrong.append(f"{name} asks the database {asked} things")
        refused = answer.status_code == 403
        if refused == may(letter, name):
            wrong.append(f"{name}: {answer.status_code}")
        if answer.status_code >= 500:
            wrong.append(f"{name}: {answer.status_code}")
        if name in ONLY_POST and may(letter, name) and answer.status_code != 405:
            wrong.append(f"{name}: GET gives {answer.status_code}")
        wrong += [f"{name} shows {place}" for place in foreign(letter) if canary(place).encode() in content]
        wrong += [f"{name} shows a whole number"] if WHOLE_NUMBER.search(content) else []
        wrong += [f"{name} names a stage by its key: {one!r}" for one in set(STAGE_AS_A_KEY.findall(content))]
        wrong += [f"{name} says {words}" for words in indonesian_of(answer, content)] if letter in ENGLISH else []
    assert wrong == []


@pytest.mark.parametrize("letter", LETTERS)
def test_not_yours_looks_like_not_there(world, cast, client_of, letter):
    browser = browser_of(letter, world, cast, client_of)
    before = everything()
    wrong = []
    for name, (arguments, _) in OURS.items():
        if TABLE[name] == "A" or not arguments or set(arguments) <= {"code", "token", "user_id"}:
            continue
        for method in ("get", "post") if may(letter, name) else ("post",):
            nothing, empty = answer_of(browser, name, world.absent(arguments), method)
            # whoever is refused the address itself is asked once: nothing there looks at what it is about
            for place in foreign(letter) if may(letter, name) else foreign(letter)[-1:]:
                if arguments in (("cycle_id",), ("code_id",)) and place == SIBLING:
                    continue  # stage and code are the province's; what it shows is held against canaries above
                theirs, shown = answer_of(browser, name, world.kwargs(arguments, place), method)
                if (theirs.status_code, shown, headers(theirs)) != (nothing.status_code, empty, headers(nothing)):
                    wrong.append(f"{method} {name} {place}: {theirs.status_code} and {nothing.status_code}")
                if theirs.status_code not in (403, 404, 405) and not said_by_the_door(name, shown):
                    wrong.append(f"{method} {name} {place}: {theirs.status_code}")
    assert wrong == []
    assert everything() == before, "a refused request changed something"


def test_nobody_gets_anywhere(world, client):
    wrong = []
    for name, (arguments, _) in OURS.items():
        for method in ("get", "post"):
            answer, content = answer_of(client, name, world.kwargs(arguments, OWN), method)
            if name in DOOR and answer.status_code == 401:
                continue
            if TABLE[name] != "A" and (answer.status_code != 302 or "/akun/login/" not in answer.url):
                wrong.append(f"{method} {name}: {answer.status_code}")
            if b"Kanari" in content:
                wrong.append(f"{method} {name} shows something")
    assert wrong == []


def test_filters_that_are_not_known_are_refused(world, cast, client_of):
    browser = browser_of("O", world, cast, client_of)
    lists = ("registry:families", "registry:changes", "reconciliation:outcomes", "reconciliation:exceptions")
    for name in lists:
        arguments, _ = OURS[name]
        url = reverse(name, kwargs=world.kwargs(arguments, OWN))
        assert browser.get(f"{url}?region_code__startswith=").status_code == 400, name
        assert browser.get(f"{url}?is_staff=1").status_code == 400, name


class Spoken(HTMLParser):
    """The words of a page, without those it marks as Indonesian: names of things, what people wrote down."""

    EMPTY = frozenset({"meta", "link", "br", "hr", "img", "input", "path", "circle", "rect", "line", "polyline"})

    def __init__(self):
        super().__init__()
        self.inside, self.words = [], []

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag not in self.EMPTY:
            self.inside.append((tag, told.get("lang")))
        self.say(*(told[name] for name in ("title", "aria-label", "placeholder", "alt") if told.get(name)))

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop()[0] != tag:
            pass

    def handle_data(self, data):
        self.say(data)

    def say(self, *words):
        marked = [lang for _, lang in self.inside if lang]
        if not marked or marked[-1] != "id":
            self.words += words


def indonesian_of(answer, content):
    """What a page says in Indonesian without marking it so."""
    if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
        return []
    page = Spoken()
    page.feed(content.decode())
    told = (words.replace(PLACE, "") for words in page.words)
    return sorted({" ".join(words.split()) for words in told if INDONESIAN.search(words)})


def test_pages_for_everybody_are_read_in_english_too(world, cast, client_of):
    browser = browser_of("O", world, cast, client_of)
    browser.cookies["language"] = "en"
    wrong = []
    for name, (arguments, _) in OURS.items():
        if TABLE[name] == "A" and name not in ONLY_POST:
            answer, content = answer_of(browser, name, world.kwargs(arguments, OWN))
            wrong += [f"{name}: {words}" for words in indonesian_of(answer, content)]
    assert wrong == []


METHODS = ("get", "post")


def machine_of(who):
    """A program with a key of the person."""
    with in_territory(who):
        _, key = make_key(who, name="Server uji", days=30)
    return Client(headers={"authorization": f"Bearer {key}"})


@pytest.mark.parametrize("letter", "BU")
def test_a_key_gets_where_the_table_says_and_nowhere_else(world, cast, letter):
    machine = machine_of(cast(LETTERS[letter], OWN, channel="BRI" if letter == "B" else ""))
    wrong = []
    for name, (arguments, _) in OF_MACHINES.items():
        for method in METHODS:
            answer, content = answer_of(machine, name, world.kwargs(arguments, OWN), method)
            somewhere = {"A", letter} & set("".join(MACHINES[name].values()))
            letters = MACHINES[name].get(method)
            expected = (
                403 if not somewhere else 405 if letters is None else 200 if {"A", letter} & set(letters) else 403
            )
            got = answer.status_code if answer.status_code in (401, 403, 405) else 200
            if got != expected or answer.status_code >= 500:
                wrong.append(f"{method} {name}: {answer.status_code}")
            wrong += [f"{method} {name} shows {place}" for place in (SIBLING, FAR) if canary(place).encode() in content]
            if WHOLE_NUMBER.search(content):
                wrong.append(f"{method} {name} shows a whole number")
    assert wrong == []


@pytest.mark.parametrize(("role", "region", "channel"), [
    ("CHANNEL_OFFICER", OWN, "BRI"), ("CHANNEL_OFFICER", OWN, "POS"), ("CHANNEL_OFFICER", SIBLING, "BRI"),
    ("AUDITOR", OWN, ""),
])  # fmt: skip
def test_not_yours_looks_like_not_there_to_a_key(world, cast, role, region, channel):
    machine, places = machine_of(cast(role, region, channel=channel)), {OWN, SIBLING, FAR}
    theirs_are = places - ({region} if channel != "POS" else set())
    before, wrong = everything(), []
    for name, (arguments, _) in OF_MACHINES.items():
        for method in METHODS if arguments else ():
            nothing, empty = answer_of(machine, name, world.absent(arguments), method)
            for place in theirs_are:
                if arguments == ("cycle_id",) and place[:2] == region[:2]:
                    continue  # the stage is the province's; what it shows is held against canaries
                theirs, shown = answer_of(machine, name, world.kwargs(arguments, place), method)
                if (theirs.status_code, shown, headers(theirs)) != (nothing.status_code, empty, headers(nothing)):
                    wrong.append(f"{method} {name} {place}: {theirs.status_code} and {nothing.status_code}")
                if theirs.status_code not in (403, 404, 405, 422):
                    wrong.append(f"{method} {name} {place}: {theirs.status_code}")
    assert wrong == []
    after = everything()
    assert {table for table in before if before[table] != after[table]} <= {"accounts_apikey"}, "its day of use alone"


def test_without_a_key_nobody_gets_anywhere_signed_in_or_not(world, client, cast, client_of):
    wrong = []
    for browser in (client, client_of(cast("CHANNEL_OFFICER", OWN, channel="BRI")), client_of(cast("AUDITOR", OWN))):
        for name, (arguments, _) in OF_MACHINES.items():
            for method in METHODS:
                answer, content = answer_of(browser, name, world.kwargs(arguments, OWN), method)
                if "A" not in MACHINES[name].values() and answer.status_code != 401:
                    wrong.append(f"{method} {name}: {answer.status_code}")
                if b"Kanari" in content:
                    wrong.append(f"{method} {name} shows something")
    assert wrong == []


@pytest.mark.parametrize("letter", [letter for letter in LETTERS if letter not in "BU"])
def test_no_other_role_has_a_key(cast, letter):
    who = cast(LETTERS[letter], WHERE[letter])
    with pytest.raises(PermissionDenied):
        make_key(who, name="Server uji", days=30)


def browser_of(letter, world, cast, client_of):
    acting = cast(LETTERS[letter], WHERE[letter], channel="BRI" if letter == "B" else "")
    world.ids["job_id"][OWN] = own_job(acting)
    return client_of(acting)


def own_job(acting):
    from gandeng.jobs.models import Job

    return Job.objects.create(kind="x", title="Kerja sendiri", owner_id=acting.person_id, state="FAILED").pk


def foreign(letter):
    """The places a role must see nothing of."""
    return {"": (), "63": (FAR,)}.get(WHERE[letter], (SIBLING, FAR))


def headers(answer):
    return {name: value for name, value in answer.headers.items() if name not in ("Set-Cookie", "Content-Length")}


def everything():
    """A digest of every row of every table a refused request might touch."""
    from django.apps import apps

    labels = (
        "exports",
        "privacy",
        "registry",
        "payments",
        "reconciliation",
        "entitlements",
        "accounts",
        "api",
        "field",
    )
    found = {}
    from gandeng.registry.tests.factories import EVERYWHERE

    with in_territory(EVERYWHERE), connection.cursor() as cursor:
        for label in labels:
            for model in apps.get_app_config(label).get_models():
                table = model._meta.db_table
                cursor.execute(f"select count(*), coalesce(sum(hashtext(t::text)), 0) from {table} t")
                found[table] = cursor.fetchone()
    return found

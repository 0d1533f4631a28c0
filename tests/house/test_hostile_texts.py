"""Names, reasons and file names that attack: on every page they stay text, in every export no cell calculates."""

import csv
import io
import json
import re
import zipfile
from itertools import count

import pytest
from django.urls import reverse
from lxml import html

from conftest import Cast, copied_database
from gandeng.accounts.acting import in_territory
from gandeng.exports.sources import KINDS
from gandeng.exports.tables import write_table
from gandeng.payments.models import PaymentList
from gandeng.payments.tests.factories import make_cycle
from gandeng.registry.tests.factories import EVERYWHERE
from gandeng.runs.tests.samples import read_in_this_process
from tests.house import address_world
from tests.house.address_table import ONLY_POST, TABLE
from tests.house.address_world import OWN, World
from tests.house.hostile_texts import FORMULAS, MARK, SCRIPTS
from tests.house.test_every_address import OURS, answer_of, browser_of, may

pytestmark = pytest.mark.django_db

PURPOSE = "=1+1 untuk rapat koordinasi kecamatan"
SIGNS = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
LOADED = {"script", "link", "img", "iframe", "object", "embed", "source", "video", "audio", "base", "meta", "use"}
LEADING = {"src", "href", "action", "formaction", "data", "hx-get", "hx-post", "srcdoc", "style", "http-equiv"}
LEADS_AWAY = ("javascript:", "vbscript:", "data:text", "//")
_numbers = count()


def hostile(_district):
    """Begins with another formula each time; the sixty follow."""
    return f"{FORMULAS[next(_numbers) % len(FORMULAS)]} {' '.join(SCRIPTS)}"


@pytest.fixture(scope="module")
def attacked_once(server, django_db_setup, django_db_blocker):
    """The world of all addresses, with an attack wherever there is a text; a stage of forty more families."""
    with copied_database(server, django_db_blocker), pytest.MonkeyPatch.context() as patch:
        read_in_this_process(patch)
        patch.setattr(address_world, "canary", hostile)
        made = World(Cast())
        cycle = make_cycle([(f"{OWN}011001", "BRI", 225_000)] * len(FORMULAS), stage=3, named=hostile)
        with in_territory(EVERYWHERE):
            made.forty = cycle, PaymentList.objects.get(cycle=cycle)
        yield made


@pytest.fixture
def world(attacked_once, db):
    return attacked_once


def is_data(element):
    """What a chart draws: JSON that no browser runs and that cannot end its element."""
    return element.get("type") == "application/json" and "<" not in element.text and bool(json.loads(element.text))


def came_through(content):
    """What of the attacks is more than text on a page."""
    page, found = html.fromstring(content), []
    for one in page.iter():
        if not isinstance(one.tag, str):
            found += ["a comment or instruction"] if MARK in (one.text or "") else []
            continue
        told = {name.lower(): value for name, value in one.attrib.items()}
        found += [f"<{one.tag} {name}>" for name in told if name.startswith(("on", "hx-on")) or MARK in name]
        if MARK in one.tag or (one.tag in ("script", "style") and MARK in (one.text or "") and not is_data(one)):
            found.append(f"<{one.tag}>")
        for name in LEADING & set(told):
            value = told[name].strip().lower()
            if value.startswith(LEADS_AWAY) or (one.tag in LOADED and MARK in value):
                found.append(f"<{one.tag} {name}>")
    return found


@pytest.mark.parametrize("letter", "OPBUXQ")
def test_sixty_scripts_stay_text_on_every_page(world, cast, client_of, letter):
    browser = browser_of(letter, world, cast, client_of)
    wrong, showing = [], 0
    for name, (arguments, _) in OURS.items():
        if not may(letter, name) or name in ONLY_POST or TABLE[name] == "A":
            continue
        answer, content = answer_of(browser, name, world.kwargs(arguments, OWN))
        assert answer.status_code < 500, name
        if answer.headers["Content-Type"].startswith("text/html") and MARK.encode() in content:
            showing += 1
            wrong += [f"{name}: {one}" for one in came_through(content)]
    assert wrong == []
    assert showing >= 3, "or the attack was on no page"


def test_the_look_for_scripts_finds_them():
    missed = [text for text in SCRIPTS[:24] if not came_through(f"<body><p>{text}</p></body>")]
    assert len(missed) <= 2, missed


def cells_of_csv(content):
    text = content.decode("utf-8-sig")
    header = text.split("\r\n", 1)[0]
    return [cell for row in csv.reader(io.StringIO(text), delimiter=";" if ";" in header else ",") for cell in row]


def calculating(cells):
    """Cells a spreadsheet would carry out; a number with its sign is a number."""
    return [cell[:30] for cell in cells if cell.strip(" \u00a0\u3000")[:1] in SIGNS and not re.fullmatch(r"-\d*", cell)]


def test_forty_formulas_are_text_in_the_list_of_families(world, cast, client_of):
    answer = browser_of("O", world, cast, client_of).post(reverse("registry:export"), {"purpose": PURPOSE})
    assert answer.status_code == 200
    cells = cells_of_csv(answer.content)
    assert calculating(cells) == []
    assert len({text for text in FORMULAS if any(f"'{text} " in cell for cell in cells)}) == len(FORMULAS)


def test_forty_formulas_are_text_in_a_payment_list(world, cast, client_of):
    _, listed = world.forty
    browser = browser_of("O", world, cast, client_of)
    answer = browser.get(reverse("payments:export", args=[listed.pk, "csv"]))
    cells = cells_of_csv(answer.content)
    assert calculating(cells) == []
    assert sum(MARK in cell for cell in cells) == len(FORMULAS)
    holds_no_formula(browser.get(reverse("payments:export", args=[listed.pk, "xlsx"])).content, len(FORMULAS))


def test_texts_of_approvals_and_exceptions_calculate_nothing(world, cast, client_of):
    browser = browser_of("P", world, cast, client_of)
    cycle = world.ids["cycle_id"][OWN]
    assert calculating(cells_of_csv(browser.get(reverse("payments:approvals", args=[cycle])).content)) == []
    _, content = answer_of(browser, "reconciliation:exceptions_export", {"cycle_id": cycle})
    holds_no_formula(content, 1)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_forty_formulas_are_text_in_long_lists(world, cast, kind):
    of_a_district = {"tanda": "DISTRICT_COORDINATOR", "rapikan": "DISTRICT_OPERATOR"}
    who = cast(of_a_district[kind], OWN) if kind in of_a_district else cast("PROVINCE_OFFICER", "63")
    known = {"cycle": str(world.ids["cycle_id"][OWN]), "list": str(world.forty[1].pk),
             "change": str(world.ids["act_id"][OWN])}  # fmt: skip
    with in_territory(who):
        listing = KINDS[kind].source(who, {name: known.get(name, "") for name in KINDS[kind].arguments})
        file = io.StringIO()
        write_table(file, listing.header, listing.lines())
    header, *rows = csv.reader(io.StringIO(file.getvalue()), delimiter=";")
    assert (tuple(header), {len(row) for row in rows} - {len(header)}) == (listing.header, set()), "of its manifest"
    cells = cells_of_csv(file.getvalue().encode())
    assert calculating(cells) == []
    assert any(MARK in cell for cell in cells) or kind not in ("keluarga", "daftar")


def holds_no_formula(content, rows):
    """Every part of a workbook: texts are texts, nothing is calculated, nothing leads away."""
    texts = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            part = archive.read(name).decode("utf-8", "replace")
            assert not re.search("externalLink|comments|vbaProject|customXml|docProps/custom|media/", name), name
            shown = re.sub(r"<definedName [^>]*_FilterDatabase.*?</definedName>", "", part)  # where rows are filtered
            assert not re.search(r"hidden=.(1|true)|state=.(veryH|h)idden", shown), f"something lies hidden in {name}"
            assert not re.search(r"<f[ >]|<hyperlink|<oleObject|Type=.[^\"']*/hyperlink", part), name
            texts += re.findall(r"<t[ >].*?</t>", part, re.DOTALL)
    assert sum(MARK in text for text in texts) >= rows

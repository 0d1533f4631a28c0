"""The public pages: filing, following, guessing, flooding."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.public_tries import TRIES_MAX
from gandeng.facilitators.tests.factories import few_queries
from gandeng.helpdesk import public, queries
from gandeng.helpdesk.actions import cases as deeds
from gandeng.helpdesk.actions.asking import follow
from gandeng.helpdesk.tests.factories import WHAT, answered, do, filed, found_by
from gandeng.web.templatetags.gandeng import tanggal

pytestmark = pytest.mark.django_db
FILE = f"{reverse_lazy('complain:file')}?district=6371"
_NUMBERS = {"satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9}


@pytest.fixture
def desk(cast):
    return cast("HELPDESK", "6371")


def sum_of(page):
    first, second = re.search(r"Berapa (\w+) ditambah (\w+)", page).groups()
    return str(_NUMBERS[first] + _NUMBERS[second])


def typed(browser, **changed):
    page = browser.get(FILE).content.decode()
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    return {
        "kind": "CARD",
        "sub_district": "",
        "what": WHAT,
        "contact": "",
        "token": token,
        "sum": sum_of(page),
    } | changed


def look(browser, made, pin=None):
    return browser.post(reverse("complain:look"), {"number": made.number, "pin": pin or made.pin})


def test_it_works(desk):
    browser = Client()
    with few_queries():
        first = browser.get(reverse("complain:file")).content.decode()
    assert '<form method="get"' in first and 'value="6371"' in first and 'name="what"' not in first
    with few_queries():
        sent = typed(browser)
    with few_queries():
        page = browser.post(FILE, sent).content.decode()
    number = re.search(r"P-\w{5}-\w{5}", page)[0]
    pin = re.search(r"<strong>(\d{6})</strong>", page)[1]
    made = deeds.Filed(number, pin)
    assert found_by(desk, made).anonymous and tanggal(found_by(desk, made).answer_by) in page
    do(desk, made, deeds.note, "Hanya untuk kantor")
    do(desk, made, deeds.escalate, "Sebab di dalam")
    answered(desk, made)
    assert look(browser, deeds.Filed(number.lower().replace("-", " "), pin)).status_code == 302
    with few_queries():
        told = browser.get(reverse("complain:followed"))
    page = told.content.decode()
    assert "Uang sudah dikirim" in page and "Naik satu tingkat" in page and told["Cache-Control"] == "no-store"
    for hidden in ("Hanya untuk kantor", "Sebab di dalam", desk.person_name, "6371"):
        assert hidden not in page.partition("<main")[2]
    assert browser.post(reverse("complain:rate"), {"stars": "4"}).status_code == 302
    assert found_by(desk, made).rating == 4 and found_by(desk, made).state == "CLOSED"
    assert browser.post(reverse("complain:reopen"), {"why": "Belum juga masuk"}).status_code == 302
    opened = found_by(desk, made)
    assert opened.state == "NEW" and opened.reopened and timezone.now() < opened.due_at < opened.answer_by
    answered(desk, made)
    browser.post(reverse("complain:reopen"), {"why": "Sekali lagi belum"})
    assert found_by(desk, made).state == "ANSWERED", "it is opened again once"


def test_the_sub_district_is_asked_and_may_stay_unknown(cast, desk):
    browser, lead = Client(), cast("SUB_DISTRICT_LEAD", "637101")
    form = browser.get(FILE).context["form"]
    offered = [code for code, _name in form.fields["sub_district"].choices]
    assert offered[0] == "" and "637101" in offered and {code[:4] for code in offered[1:]} == {"6371"}
    regions = {"637101": (lead, 1), "": (desk, 2)}
    for sub_district, (nearest, level) in regions.items():
        assert browser.post(FILE, typed(browser, sub_district=sub_district)).status_code == 200
        with in_territory(nearest):
            case = queries.waiting(nearest).get()
        assert (case.region_code, case.level) == (sub_district or "6371", level)


def test_it_refuses_a_place_elsewhere(desk):
    browser = Client()
    assert browser.post(FILE, typed(browser, sub_district="637201")).status_code == 422
    assert browser.post(reverse("complain:file"), typed(browser)).status_code == 422, "no district"
    for district in ("637101", "63", "9999", ""):
        assert browser.get(reverse("complain:file"), {"district": district}).status_code == 422, district


def test_a_sum_is_right_once(desk):
    browser = Client()
    sent = typed(browser)
    wrong = browser.post(FILE, sent | {"sum": "99"})
    page = wrong.content.decode()
    assert wrong.status_code == 422 and WHAT in page
    assert browser.post(FILE, sent | {"sum": "²"}).status_code == 422, "no number, whatever a digit is"
    again = re.search(r'name="token" value="([^"]+)"', page)[1]
    assert browser.post(FILE, sent | {"token": again, "sum": sum_of(page)}).status_code == 200, "the new sum is asked"
    assert browser.post(FILE, sent).status_code == 200
    assert browser.post(FILE, sent).status_code == 422, "used up"
    assert browser.post(FILE, sent | {"token": "x:y:z"}).status_code == 422


def test_a_flood_of_complaints_ends(monkeypatch):
    monkeypatch.setattr(public, "FILINGS_MAX", 2)
    browser = Client()
    codes = [browser.post(FILE, typed(browser)).status_code for _each in range(3)]
    assert codes == [200, 200, 429]


def test_a_wrong_number_and_a_wrong_pin_answer_alike():
    made = filed()
    other = deeds.Filed("P-22222-22222", "000000")
    answers = [_bare(look(Client(REMOTE_ADDR=f"10.0.{n}.1"), one, "999999")) for n, one in enumerate((made, other))]
    assert answers[0] == answers[1] and answers[0][0] == 422
    assert made.number not in answers[0][1]


def _bare(answer):
    return answer.status_code, re.sub(r'(nonce|value)="[^"]*"', "", answer.content.decode())


def test_guessing_pins_ends_for_the_network_and_for_the_number():
    made, browser = filed(), Client()
    codes = [look(browser, made, f"{n:06d}").status_code for n in range(TRIES_MAX + 2)]
    assert codes == [422] * TRIES_MAX + [429] * 2
    assert look(browser, made).status_code == 429, "the right one too: nothing is told by trying"
    for n in range(public.LOOKS_MAX):
        look(Client(REMOTE_ADDR=f"10.1.{n}.1"), made, "000000")
    assert look(Client(REMOTE_ADDR="10.2.0.1"), made).status_code == 422, "too many looks from everywhere together"


def test_looks_are_counted_by_the_national_day(monkeypatch):
    """17.00 in Greenwich is midnight in Jakarta."""
    monkeypatch.setattr(public, "LOOKS_MAX", 1)
    told = []
    for day, hour in ((18, 17), (19, 1), (19, 16), (19, 17)):
        monkeypatch.setattr(timezone, "now", lambda day=day, hour=hour: datetime(2999, 9, day, hour, tzinfo=UTC))
        told.append(public.may_look("P234567890A"))
    assert told == [True, False, False, True]


def test_numbers_are_not_met_by_trying_and_the_table_holds_no_pin():
    made = filed()
    assert len({public.new_number() for _each in range(200)}) == 200
    assert follow(made.number, public.pin_digest(made.number, made.pin)) is not None
    assert follow(made.number, b"") is None and made.pin.encode() not in public.pin_digest(made.number, made.pin)


def test_what_a_merged_case_tells(desk):
    main, other = filed(), filed()
    do(desk, main, deeds.start)
    one, into = found_by(desk, other), found_by(desk, main)
    with in_territory(desk):
        deeds.merge(desk, one, into)
    do(desk, main, deeds.answer, "Jawaban untuk keduanya")
    told = follow(other.number, public.pin_digest(other.number, other.pin))
    assert told.merged and "Jawaban untuk keduanya" in [each["text"] for each in told.told]
    assert main.number not in str(told)

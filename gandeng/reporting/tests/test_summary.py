"""The page of whoever heads an office: each figure is what its link opens."""

from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.achievements.tests.factories import confirmed, make_child
from gandeng.certificates.tests.factories import make_outside, make_skill
from gandeng.conduct.tests.factories import make_code
from gandeng.facilitators.actions.caseload import assign_unaccompanied, set_load_limit
from gandeng.facilitators.tests.factories import few_queries, make_staff
from gandeng.registry.tests.factories import make_family
from gandeng.reporting.indicators import OFFICE, RESULTS, Read
from gandeng.training.tests.factories import make_course, make_event
from gandeng.web.templatetags.gandeng import tanggal, waktu

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(cast):
    """Two districts of a province with one of everything."""
    head = cast("PROVINCE_HEAD", "63")
    coordinator, operator = cast("DISTRICT_COORDINATOR", "6371"), cast("DISTRICT_OPERATOR", "6371")
    for _ in range(3):
        make_family("6371011001")
    make_family("6372011001")
    one, _other, _far = make_staff("6371"), make_staff("6371"), make_staff("6372", home="637201")
    with in_territory(coordinator):
        assign_unaccompanied(coordinator, "6371011001", one, day=timezone.localdate(), reason="Uji")
        set_load_limit(coordinator, "6371", 2, day=timezone.localdate(), reason="Uji")
    make_family("6371011001")
    make_code(head, "63")
    confirmed(operator, coordinator, *make_child())
    for office, state in (("6371", "CLOSED"), ("6371", "INVITED"), ("63", "CLOSED")):
        make_event(head, make_course(head, office), starts_on=timezone.localdate(), state=state)
    make_outside(operator, one, make_skill(cast("PROVINCE_OFFICER", "63")))
    return head


def figures(acting, region=""):
    with in_territory(acting):
        read = Read(acting, region, timezone.localdate())
        return {one.key: one.of(read) for one in (*OFFICE, *RESULTS)}, read


def test_it_works(office):
    found, _ = figures(office, "63")
    assert found["staff"] == (3, {"6371": 2, "6372": 1})
    assert found["families"][0] == 6 and found["without"][0] == 3
    assert (found["overloaded"][0], found["load"][1]["6371"]) == (None, 2) or found["overloaded"][1] == {"6371": 1}
    assert found["unsigned"] == (3, {"6371": 2, "6372": 1})
    assert found["held"] == (2, {"6371": 1}), "the province's own has no district"
    assert found["achieved"] == (1, {"6371": 1})


def test_the_mean_load_counts_whom_its_words_say(office):
    """Who accompanies nobody yet counts in the district and in no sub-district: its mean is not that of its places."""
    found, _ = figures(office, "6371")
    assert found["load"] == (2, {"637101": 3})
    (load,) = [one for one in OFFICE if one.key == "load"]
    assert "belum mendampingi siapa pun terhitung di kabupaten/kotanya, tidak di kecamatan" in str(load.definition)


def test_what_nobody_recorded_is_no_zero(cast, client_of):
    head = cast("DISTRICT_HEAD", "6371")
    found, _ = figures(head, "6371")
    assert found["lacking"] == (None, None) and found["unsigned"][0] is None and found["overloaded"][0] is None
    page = client_of(head).get(reverse("reporting:summary")).content.decode()
    assert "belum tercatat" in page


OPENED = {
    "unsigned": lambda told: told["due"],
    "families": lambda told: told["whole"].families,
    "load": lambda told: told["whole"].mean_families,
    "overloaded": lambda told: told["matching"],
    "lacking": lambda told: told["needed"] - told["held"],
    "rhk_4": lambda told: told["whole"],
}
"""How many a page says it opens, where it is more than the rows of one page."""


@pytest.mark.parametrize("key", [one.key for one in OFFICE] + ["rhk_4"])
def test_each_figure_is_what_its_link_opens(office, client_of, key):
    indicator = next(one for one in (*OFFICE, *RESULTS) if one.key == key)
    found, read = figures(office, "63")
    whole, counts = found[key]
    browser = client_of(office)
    told = {"63": whole, **(counts or {})}
    for code, number in ((code, number) for code, number in told.items() if number is not None):
        answer = browser.get(indicator.link(read, code))
        assert answer.status_code == 200
        context = answer.context
        opened = OPENED.get(key, lambda told: len(told["page"].rows))(context)
        assert opened == number, (key, code)


@pytest.mark.parametrize(("part", "shown"), [("", OFFICE), ("hasil", RESULTS)])
def test_every_figure_says_what_it_counts_and_of_when_and_the_page_can_be_printed(office, client_of, part, shown):
    answer = client_of(office).get(reverse("reporting:summary"), {"bagian": part})
    page, now = unescape(answer.content.decode()), answer.context["now"]
    today = tanggal(now)
    for head in answer.context["heads"]:
        assert f"{head['one'].definition} ({head['period'] or today})" in page
        assert head["words"] in page
    assert {head["one"].key for head in answer.context["heads"]} == {one.key for one in shown}
    assert f"menurut catatan pada {waktu(now, office.hours)}" in page and "data-print" in page


@pytest.mark.parametrize("part", ["", "hasil"])
def test_the_page_asks_few_questions_and_opens_below(office, client_of, part):
    browser, address = client_of(office), f"{reverse('reporting:summary')}?bagian={part}"
    browser.get(address)
    with few_queries():
        page = browser.get(address)
    assert page.status_code == 200 and "Kota Banjarmasin" in page.content.decode()
    assert browser.get(f"{address}&region=6371").status_code == 200
    assert browser.get(f"{address}&region=6271").status_code == 404


def test_the_table_to_take_away_says_what_it_counts(office, client_of):
    told = client_of(office).post(reverse("reporting:export"), {"region": "63"}).content.decode("utf-8-sig")
    lines = told.splitlines()
    assert lines[0].startswith("kode tempat;tempat;angka;jumlah")
    assert any(line.startswith("6371;Kota Banjarmasin;SDM bertugas;2;orang") for line in lines)


def test_it_refuses_a_facilitator(cast, client_of):
    assert client_of(cast("FACILITATOR", "6371011001")).get(reverse("reporting:summary")).status_code == 403

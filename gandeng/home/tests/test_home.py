import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.accounts.roles import RULES, Role
from gandeng.helpdesk.tests.factories import filed
from gandeng.home.waiting import waiting_for
from gandeng.payments.actions import submit_list
from gandeng.payments.tests.factories import make_cycle
from gandeng.payments.tests.steps import People, families, listed, lists_of, opened
from gandeng.registry.tests.factories import make_family

pytestmark = pytest.mark.django_db


def menu_of(answer) -> dict[str, str]:
    """Address -> words."""
    nav = re.search(r'<nav class="g-nav".*?</nav>', answer.content.decode(), re.DOTALL)[0]  # type: ignore[index]
    return {url: words.strip() for url, words in re.findall(r'<a href="([^"]+)".*?</svg>(.*?)</a>', nav, re.DOTALL)}


def test_it_works(cast, client_of):
    make_cycle((("6371011001", "BRI", 225_000), ("6372011001", "BRI", 500_000)))
    page = client_of(cast("DISTRICT_HEAD", "6371")).get(reverse("home")).content.decode()
    assert "Tahap 2 tahun 2024" in page
    assert "Rp225.000" in page
    assert "Rp725.000" not in page, "the sum of one's own district, not of the province"


def test_an_office_that_has_nothing_says_what_to_begin_with(cast, client_of):
    """Until there is something; whoever can do nothing about it is told nothing."""
    people = client_of(cast("ADMINISTRATOR", "63"))

    def steps(browser):
        page = browser.get(reverse("home")).content.decode()
        return [f'href="{reverse(name)}"' in page for name in ("accounts:invite", "registry:take")]

    assert steps(people) == [True, False]
    operator, auditor = client_of(cast("DISTRICT_OPERATOR", "6371")), client_of(cast("AUDITOR", "63"))
    assert [steps(each) for each in (people, operator, auditor)] == [[False, False], [False, True], [False, False]]
    make_family("6371011001")
    assert steps(operator) == [False, False]


def somebody(cast, role):
    """With that role, at the lowest place it is given for."""
    region = {None: "", 1: "63", 2: "6371", 3: "637101", 4: "6371011001"}[RULES[role].levels[0]]
    return cast(role.value, region, channel="BRI" if RULES[role].of_channel else "")


def test_everybody_s_first_page_and_menu_open(cast, client_of):
    for role in Role:
        browser = client_of(somebody(cast, role))
        answer = browser.get(reverse("home"))
        assert answer.status_code == 200, role
        menu = menu_of(answer)
        assert menu["/"] == "Beranda"
        for url in menu:
            assert browser.get(url).status_code == 200, (role, url)


def test_a_facilitator_s_first_page_asks_few_questions(cast, client_of):
    """34,000 of them come in one morning."""
    browser = client_of(cast("FACILITATOR", "6371011001"))
    browser.get(reverse("home"))
    with CaptureQueriesContext(connection) as asked:
        browser.get(reverse("home"))
    told = [one["sql"] for one in asked if "SAVEPOINT" not in one["sql"]]
    assert len(told) <= 7, "session, login, grants, territory, what waits, cases against her, her jobs"


def test_where_nothing_waits_the_figure_is_of_the_language_of_the_page(cast, client_of):
    browser = client_of(cast("FACILITATOR", "6371011001"))
    told = {}
    for language in ("id", "en", "id"):
        browser.cookies["language"] = language
        page = browser.get(reverse("home")).content.decode()
        figures = re.search(r"<ul><li>.*</li></ul>", page, re.DOTALL)[0]
        told.setdefault(language, set()).add(figures)
    (indonesian,), (english,) = told["id"], told["en"]
    assert "versi menunggu tanda tangan Anda" in indonesian and "Buka halamannya" in indonesian
    assert "versi menunggu" not in english and "Buka halamannya" not in english
    assert "Sekarang tidak ada." in page and "g-figures" not in page


def test_what_waits_comes_first_and_what_does_not_last(cast, client_of):
    filed(region="6371")
    page = client_of(cast("HELPDESK", "6371")).get(reverse("home")).content.decode()
    cards, rest = page.split("Yang tidak menunggu")
    assert cards.count("g-figure__value") == 1 and "g-figure" not in rest and "<li>" in rest


def test_a_menu_that_is_kept_is_of_these_rights_this_place_and_this_language(cast, client_of):
    head, administrator = client_of(cast("DISTRICT_HEAD", "6371")), client_of(cast("ADMINISTRATOR", "6371"))
    families, people = reverse("registry:families"), reverse("accounts:people")
    for _ in range(2):
        assert families in menu_of(head.get("/"))
        assert people not in menu_of(head.get("/"))
        assert people in menu_of(administrator.get("/"))
        assert families not in menu_of(administrator.get("/"))
    assert f'<a href="{families}" aria-current="page">' in head.get(families).content.decode()
    assert f'<a href="{families}" aria-current="page">' not in head.get("/").content.decode()
    head.cookies["language"] = "en"
    assert menu_of(head.get("/"))[families] == "Families"
    head.cookies["language"] = "id"
    assert menu_of(head.get("/"))[families] == "Keluarga"


def test_doors_are_there_in_the_try_out_alone(client):
    assert client.get(reverse("demo_people")).status_code == 404
    assert client.post(reverse("demo_sign_in", args=[1])).status_code == 404


def test_the_try_out_opens_by_one_click(cast, client, settings):
    from gandeng.accounts.models import User

    settings.DEMO = True
    acting = cast("DISTRICT_HEAD", "6371")
    user = User.objects.get(person_id=acting.person_id)
    user.email = "pintu.1@coba.gandeng.test"
    user.save()
    assert acting.person_name in client.get(reverse("demo_people")).content.decode()
    assert client.post(reverse("demo_sign_in", args=[user.pk])).url == reverse("home")
    assert client.post(reverse("demo_sign_in", args=[user.pk + 1])).status_code == 404


def test_pages_for_errors_say_nothing_of_the_inside(client, operator, client_of, settings):
    settings.DEBUG = False
    answer = client_of(operator).get("/tidak-ada/")
    assert answer.status_code == 404
    assert "urls" not in answer.content.decode()


def test_a_code_for_a_school_waits_for_whoever_may_draw_it(cast, client_of):
    from gandeng.commitments.tests.factories import linked, make_facility

    maker, chief = cast("DISTRICT_OPERATOR", "6371"), cast("DISTRICT_COORDINATOR", "6371")
    for number in range(2):
        linked(maker, make_facility(maker, name=f"SDN Uji {number}"))
    for acting, waiting in ((maker, 0), (chief, 2)):
        browser = client_of(acting)
        (told,) = [each for each in browser.get(reverse("home")).context["waiting"] if "state=DRAW" in each.url]
        assert told.count == waiting == len(browser.get(told.url).context["rows"])


def test_what_waits_stands_before_what_does_not(cast, client_of):
    make_family("6371011001")
    waiting = client_of(cast("DISTRICT_COORDINATOR", "6371")).get(reverse("home")).context["waiting"]
    first, *others = waiting
    assert (first.label, first.count) == ("Tanpa pendamping", 1)
    assert {one.count for one in others} == {0}
    kept = [one.label for one in others[:2]]
    assert kept == ["Disangkal keluarga", "Perubahan data"], "otherwise they keep their order"


def test_complaints_are_counted_for_the_nearest_and_the_count_is_its_list(cast, client_of):
    ladder = [("SUB_DISTRICT_LEAD", "637101", {"6371011001"}), ("HELPDESK", "6371", {"6371"}),
              ("PROVINCE_OFFICER", "63", set()), ("MINISTRY_OFFICER", "", set())]  # fmt: skip
    people = [(cast(role, region), regions) for role, region, regions in ladder]
    made = {region: filed(region=region).number for region in ("6371011001", "6371")}
    for who, regions in people:
        with in_territory(who):
            (told,) = [one for one in waiting_for(who) if one.url.startswith(reverse("helpdesk:cases"))]
        rows = client_of(who).get(told.url).context["rows"]
        assert told.count == len(rows) and {row["case"].number for row in rows} == {made[one] for one in regions}


def test_a_stage_stands_at_the_step_its_own_page_says(cast, client_of):
    cycle = make_cycle((("6371011001", "BRI", 225_000),))
    browser = client_of(cast("DISTRICT_HEAD", "6371"))
    first = browser.get(reverse("home")).content.decode()
    number, steps = re.search(r"langkah (\d+) dari (\d+)", first).groups()
    told = browser.get(reverse("payments:cycle", args=[cycle.pk])).context["steps"]
    assert len(told) == int(steps)
    assert [one["state"] for one in told].index("current") + 1 == int(number)


def test_lists_that_wait_for_a_head_are_counted_on_the_page_the_figure_leads_to(cast, client_of):
    people = People(cast)
    families(("6371011001", "BRI"), ("6371011002", "BNI"), ("6372011001", "BRI"))
    cycle = listed(people, opened(people))
    for each in lists_of(cycle):
        with in_territory(people.officer):
            submit_list(people.officer, each)
    head = cast("DISTRICT_HEAD", "6371")
    with in_territory(head):
        waiting = next(one for one in waiting_for(head) if one.label == "Daftar bayar")
    assert waiting.count == 2
    page = client_of(head).get(waiting.url).content.decode()
    assert f'{reverse("payments:approve", args=[cycle.pk])}">2 daftar</a>' in page
    other = client_of(cast("DISTRICT_OPERATOR", "6371")).get(waiting.url).content.decode()
    assert "Menunggu Anda" not in other, "who approves nothing has no such column"

import pytest
from django.urls import reverse

from gandeng.payments.tests.factories import make_cycle
from gandeng.registry.tests.factories import make_family

pytestmark = pytest.mark.django_db


def test_it_works(cast, client_of):
    make_cycle((("6371011001", "BRI", 225_000), ("6372011001", "BRI", 500_000)))
    page = client_of(cast("DISTRICT_HEAD", "6371")).get(reverse("home")).content.decode()
    assert "2024 tahap 2" in page
    assert "Rp225.000" in page
    assert "Rp725.000" not in page, "the sum of one's own district, not of the province"


def test_everybody_s_first_page_and_menu_open(cast, client_of):
    from gandeng.accounts.roles import RULES, Role

    for role in Role:
        level = RULES[role].levels[0]
        region = {None: "", 1: "63", 2: "6371", 3: "637101", 4: "6371011001"}[level]
        channel = "BRI" if RULES[role].of_channel else ""
        browser = client_of(cast(role.value, region, channel=channel))
        answer = browser.get(reverse("home"))
        assert answer.status_code == 200, role
        for item in answer.context["navigation"]:
            assert browser.get(item["url"]).status_code == 200, (role, item)


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
    assert others[0].label == "Perubahan data", "otherwise they keep their order"

"""What if: people more, families more, somebody who leaves."""

import csv
import io
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gandeng.accounts.acting import in_territory
from gandeng.facilitators.load_queries import Limits
from gandeng.facilitators.measures import needed
from gandeng.facilitators.models import LoadLimit, Plan
from gandeng.facilitators.tests.factories import make_staff
from gandeng.facilitators.tests.plan_world import WHY, make_district, silent
from gandeng.facilitators.what_if import District, Question, answered, districts_on, total_of
from gandeng.jobs.models import Job
from gandeng.jobs.work import KINDS
from gandeng.registry.tests.factories import make_family

DAY = date(2026, 1, 1)


@pytest.fixture
def coordinator(db, cast):
    return cast("DISTRICT_COORDINATOR", "6371")


@pytest.fixture
def district(coordinator):
    return make_district(coordinator)


def ask(**told):
    return reverse("plans:what_if"), told


def text(answer):
    return answer.content.decode()


def test_it_works():
    """The province of the try-out's own figures: 111.671 families and 442 people; 200 is the ideal."""
    [line] = answered([District("63", 442, 111_671, 320)], Question(), 200, Limits([]))
    assert line.to_norm == 117
    assert line.to_limit is None
    [line] = answered([District("63", 442, 111_671)], Question(newcomers=30, families=10_000), 200, Limits([]))
    assert (line.after.people, line.after.families, line.to_norm) == (472, 121_671, 137)
    assert line.after.worst == 258


districts = st.lists(
    st.builds(District, st.sampled_from(["6301", "6371", "6372"]), st.integers(0, 90), st.integers(0, 40_000)),
    max_size=3, unique_by=lambda one: one.code,
)  # fmt: skip


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(districts=districts, newcomers=st.integers(0, 60), families=st.integers(0, 20_000), norm=st.integers(1, 500))
def test_nobody_and_nothing_is_lost(districts, newcomers, families, norm):
    lines = answered(districts, Question(newcomers, families), norm, Limits([]))
    assert [line.before for line in lines] == districts
    before, after = total_of(lines), sum(line.after.families for line in lines)
    assert after - before["families"] == (families if any(one.families for one in districts) else 0)
    assert sum(line.newcomers for line in lines) == (newcomers if districts else 0)
    for line in lines:
        people = line.after.people + line.to_norm
        assert line.after.families <= people * norm
        assert line.to_norm == 0 or line.after.families > (people - 1) * norm


def test_needed_never_asks_for_fewer_than_there_are():
    assert [needed(400, 3, 200), needed(601, 3, 200), needed(0, 0, 200), needed(1, 0, 200)] == [0, 1, 0, 1]


def test_the_page_counts_what_is_there(coordinator, district, client_of, django_assert_max_num_queries):
    make_family("6372011001")
    with in_territory(coordinator):
        assert districts_on("6371", timezone.localdate()) == [District("6371", 2, 12, 12)]
        LoadLimit.objects.create(region_code="6371", families=3, valid_from=DAY, reason=WHY)
    client = client_of(coordinator)
    with django_assert_max_num_queries(12):
        page = text(client.get(*ask(region="6371", newcomers="1", families="6", norm="5")))
    assert "2 → 3" in page
    assert "12 → 18" in page
    assert "Kurang sampai batas" in page
    assert "Kota Banjarbaru" not in page
    page = text(client.get(*ask(region="6371", leaves=str(district.siti.pk), norm="5")))
    assert "2 → 1" in page


def test_a_province_sees_its_districts_and_no_other(cast, district, client_of):
    make_family("6372011001")
    make_family("6271011001")
    make_staff("6372")
    client = client_of(cast("PROVINCE_OFFICER", "63"))
    page = text(client.get(*ask(region="63", percent="50")))
    assert "Kota Banjarmasin" in page
    assert "Kota Banjarbaru" in page
    assert client.get(*ask(region="62")).status_code == 404


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"newcomers": "-1"}, "angka bulat dari 0"), ({"newcomers": "10.5"}, "angka bulat"),
        ({"families": "5", "percent": "5"}, "jangan keduanya"), ({"norm": "0"}, "angka bulat dari 1"),
        ({"leaves": "siapa"}, "Siapa yang berhenti"),
    ],
)  # fmt: skip
def test_it_refuses_what_is_no_question(coordinator, district, client_of, told, words):
    answer = client_of(coordinator).get(*ask(region="6371", **told))
    assert answer.status_code == 422
    assert words in text(answer)
    assert "govuk-error-message" in text(answer)


def test_ten_thousand_is_not_ten(coordinator, district, client_of):
    page = text(client_of(coordinator).get(*ask(region="6371", families="10.000")))
    assert "12 → 10.012" in page


def test_the_table_leaves_the_office(coordinator, district, client_of):
    client = client_of(coordinator)
    answer = client.post(
        reverse("plans:what_if_file"), {"region": "6371", "newcomers": "1", "norm": "5", "form": "csv"}
    )
    header, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    told = dict(zip(header, row, strict=True))
    assert (told["Kode"], told["Pendamping sesudah"], told["Keluarga sesudah"]) == ("63.71", "3", "12")
    assert told["Rata-rata sesudah"] == "4,0"
    assert client.post(reverse("plans:what_if_file"), {"region": "6371", "form": "pdf"}).status_code == 404


def test_the_solver_answers_one_district_and_nothing_is_kept(coordinator, district, operator, client_of, stranger):
    client = client_of(coordinator)
    answer = client.post(reverse("plans:what_if_solve"), {"region": "6371", "newcomers": "1", "norm": "5"})
    job = Job.objects.get()
    assert answer.url == reverse("jobs:job", args=[job.pk])
    with in_territory(coordinator):
        arguments = job.arguments | {"asked": job.arguments["asked"] | {"seconds": 3}}
        url = KINDS["facilitators.what_if"](coordinator, silent, arguments)
        assert not Plan.objects.exists()
    page = client.get(url)
    assert page.status_code == 200
    assert page.context["found"]["people"] == 3
    assert page.context["found"]["worst"] == 6
    assert client_of(operator).get(url).status_code == 404, "it is hers who asked"
    assert client.get(reverse("plans:what_if_result"), {"hasil": "x"}).status_code == 404
    [token] = parse_qs(urlsplit(url).query)["hasil"]
    with pytest.raises(signing.BadSignature):
        signing.loads(token, salt="other")
    assert client_of(stranger).post(reverse("plans:what_if_solve"), {"region": "6371"}).status_code == 404


def test_somebody_of_a_sub_district_is_told_whom_to_ask(cast, client_of):
    page = text(client_of(cast("SUB_DISTRICT_LEAD", "637101")).get(reverse("plans:what_if")))
    assert "Tanyakan kepada koordinator" in page


def test_nobody_there(coordinator, client_of):
    assert "Belum ada keluarga atau pendamping" in text(client_of(coordinator).get(reverse("plans:what_if")))

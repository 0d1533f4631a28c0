"""The public page: what the paper says and no more; codes nobody guesses, and few tries."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.public_codes import CODE_LENGTH, CODE_LETTERS, new_code
from gandeng.accounts.public_tries import TRIES_MAX
from gandeng.certificates.actions import revoke
from gandeng.certificates.tests.factories import EVENT, issued_before, make_certificate, make_skill
from gandeng.facilitators.tests.factories import few_queries, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(cast):
    return cast("DISTRICT_HEAD", "6371", name="Kepala Uji")


@pytest.fixture
def skill(cast):
    return make_skill(cast("PROVINCE_OFFICER", "63"))


def address(code):
    return reverse("certificate:verify", args=[code])


def main_of(answer):
    """The page without its frame, whose form of language names the address itself."""
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


def without(code, page):
    """The page but for what was typed, which stands in the field to be corrected."""
    assert page.count(code) == page.count(f'value="{code}"') == 1
    return page.replace(code, "")


def told(code):
    answer = Client().get(address(code))
    assert answer.status_code == 200
    return answer


def test_it_works(head, skill):
    staff = make_staff("6371", name="Siti Uji")
    made = make_certificate(head, staff, skill)
    with few_queries():
        answer = told(made.code)
    page = answer.content.decode()
    for words in (made.number, "Siti Uji", skill.name, EVENT, made.office_name, made.content_sha256, "Kepala Uji"):
        assert words in page
    assert "Asli dan berlaku" in page
    for hidden in (staff.staff_no, str(staff.pk), str(made.pk), "637101", str(made.issued_by_id)):
        assert hidden not in page
    assert "noindex" in answer["X-Robots-Tag"]
    spaced = " ".join([made.code[:4].lower(), made.code[4:]])
    typed = Client().get(reverse("certificate:form"), {"kode": spaced})
    assert typed["Location"] == address(made.code)


def test_expired_and_revoked_are_told_without_a_reason(head, skill):
    old = issued_before(make_staff("6371"), skill, timezone.localdate().replace(year=2020, day=1), by=head)
    assert "sudah berakhir" in told(old.code).content.decode()
    made = make_certificate(head, make_staff("6371"), skill)
    with in_territory(head):
        revoke(head, made, "Rahasia kantor")
    page = told(made.code).content.decode()
    assert "Dicabut pada" in page
    assert "Rahasia" not in page


def test_codes_follow_from_nothing_and_cannot_be_guessed():
    codes = {new_code() for _ in range(2_000)}
    assert len(codes) == 2_000
    assert len(CODE_LETTERS) ** CODE_LENGTH > 2**100
    for place in range(CODE_LENGTH):
        assert {code[place] for code in codes} == set(CODE_LETTERS)


def test_unknown_codes_all_get_the_same_words_and_few_tries(head, skill):
    made = make_certificate(head, make_staff("6371"), skill)
    wrong = [made.code[:-1] + ("A" if made.code[-1] != "A" else "B"), "PENDEK", made.number, "A" * 24, "0" * 24]
    assert len(wrong) == TRIES_MAX
    client = Client()
    answers = [client.get(address(code)) for code in wrong]
    assert {one.status_code for one in answers} == {404}
    assert len({without(code, main_of(one)) for code, one in zip(wrong, answers, strict=True)}) == 1
    late = [client.get(address(code)) for code in (made.code, "A" * 24)]
    assert {one.status_code for one in late} == {429}
    assert len({main_of(one) for one in late}) == 1
    minutes = client.get(reverse("verification:verify", args=["A" * 12]))
    assert minutes.status_code == 429, "minutes and certificates share one limit"
    assert client.get(address(made.code), REMOTE_ADDR="10.9.8.7").status_code == 200

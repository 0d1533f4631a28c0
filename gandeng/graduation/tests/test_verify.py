"""The public page of a farewell letter: that it is genuine, when and where it was decided, nothing of the family."""

import io

import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.accounts.public_tries import TRIES_MAX
from gandeng.certificates.content import grouped
from gandeng.facilitators.tests.factories import few_queries
from gandeng.graduation import actions
from gandeng.graduation.models import Step
from gandeng.graduation.tests.factories import (
    WORDS,
    approved,
    do,
    graduated,
    prepared,
    proposed,
    with_component,
    without_component,
)
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(cast, client_of):
    class Made:
        operator = cast("DISTRICT_OPERATOR", "6371")
        coordinator = cast("DISTRICT_COORDINATOR", "6371")

    Made.desk = client_of(Made.operator)
    return Made


def codes_of(case):
    with in_territory(EVERYWHERE):
        steps = Step.objects.filter(case=case.pk, kind="APPROVED").order_by("number")
        return [step.facts["code"] for step in steps]


def address(code):
    return reverse("farewell:verify", args=[code])


def letter(made, case):
    content = made.desk.get(reverse("graduation:letter", args=[case.pk])).content
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def main_of(answer):
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


def without(code, page):
    """The page but for what was typed, which stands in the field to be corrected."""
    assert page.count(code) == page.count(f'value="{code}"') == 1
    return page.replace(code, "")


def test_it_works(made):
    family = with_component()
    case = graduated(made.operator, made.coordinator, family, "IMPROVED")
    (code,) = codes_of(case)
    assert grouped(code) in letter(made, case)
    with few_queries():
        answer = Client().get(address(code))
    page = answer.content.decode()
    assert answer.status_code == 200 and "Surat ini asli" in page and "Banjarmasin" in page
    hidden = (family.family_no, family.collector.name, str(family.pk), str(case.pk), "6371", "sejahtera", "Wali Kota")
    for each in hidden:
        assert each not in main_of(answer)
    assert answer["X-Robots-Tag"] == "noindex, noarchive" and answer["Cache-Control"] == "no-store"
    typed = Client().get(reverse("farewell:form"), {"kode": grouped(code).lower()})
    assert typed["Location"] == address(code)
    assert Client().get(reverse("farewell:form"), {"kode": "pendek"}).status_code == 422


def test_one_that_was_given_back_does_not_hold_and_the_next_has_another_code(made):
    case = proposed(made.operator, without_component())
    approved(made.coordinator, case)
    (first,) = codes_of(case)
    do(actions.give_back, made.coordinator, case, WORDS)
    assert "tidak berlaku lagi" in Client().get(address(first)).content.decode()
    prepared(made.operator, case)
    do(actions.propose, made.operator, case, WORDS)
    approved(made.coordinator, case)
    before, after = codes_of(case)
    assert before == first != after
    assert "tidak berlaku lagi" in Client().get(address(before)).content.decode()
    assert "tidak berlaku lagi" not in Client().get(address(after)).content.decode()


def test_one_decided_before_letters_had_codes_says_nothing_of_one(made):
    from gandeng.graduation.letter import letter_pdf
    from gandeng.graduation.queries import access_case, steps_of

    case = graduated(made.operator, made.coordinator, with_component(), "INDEPENDENT")
    with in_territory(EVERYWHERE):
        found = access_case(case.pk)
        steps = steps_of(found)
    for step in steps:
        step.facts.pop("code", None)
    with in_territory(EVERYWHERE):
        content = letter_pdf(found, steps, "https://contoh.test/periksa/surat/")
    assert "contoh.test" not in "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def test_unknown_codes_all_get_the_same_words_and_few_tries(made):
    case = graduated(made.operator, made.coordinator, with_component(), "IMPROVED")
    (code,) = codes_of(case)
    wrong = [code[:-1] + ("A" if code[-1] != "A" else "B"), "PENDEK", case.family.family_no, "A" * 24, "0" * 24]
    assert len(wrong) == TRIES_MAX
    client = Client()
    answers = [client.get(address(each)) for each in wrong]
    assert {each.status_code for each in answers} == {404}
    assert len({without(typed, main_of(each)) for typed, each in zip(wrong, answers, strict=True)}) == 1
    assert client.get(address(code)).status_code == 429
    assert client.get(reverse("certificate:verify", args=["A" * 24])).status_code == 429, (
        "all such pages share one limit"
    )
    assert client.get(address(code), REMOTE_ADDR="10.9.8.7").status_code == 200

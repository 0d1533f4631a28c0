"""Marks that people can put into an address."""

import pytest
from django.core.exceptions import BadRequest
from django.test import RequestFactory

from gandeng.accounts.models import Person
from gandeng.web.paging import page_by_key

pytestmark = pytest.mark.django_db


def page(**marks):
    return page_by_key(Person.objects.all(), RequestFactory().get("/", marks), key="id", size=2)


def test_it_works():
    people = sorted((Person.objects.create(name=f"Uji {number}") for number in range(5)), key=lambda one: one.pk)
    first = page()
    assert first.rows == people[:2]
    assert first.previous == ""
    second = page(after=str(people[1].pk))
    assert second.rows == people[2:4]
    assert page(before=str(people[2].pk)).rows == people[:2]
    assert page(after=str(people[3].pk)).next == ""


@pytest.mark.parametrize("mark", ["x", "1", "0f8fad5b-d9cb-469f-a165-70867728950", "'"])
def test_a_mark_that_is_none_is_refused(mark):
    for side in ("after", "before"):
        with pytest.raises(BadRequest):
            page(**{side: mark})


@pytest.mark.parametrize("side", ["after", "before"])
def test_a_mark_that_no_database_keeps_is_refused(side):
    with pytest.raises(BadRequest):
        page_by_key(Person.objects.all(), RequestFactory().get("/", {side: "a\0b"}), key="name")

"""Invented staff for tests."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Person, User
from gandeng.facilitators.models import Employment, Post, Staff
from gandeng.facilitators.moving import fill_from
from gandeng.registry.tests.factories import EVERYWHERE

_numbers = count(1)
JOINED = date(2024, 1, 1)


def make_staff(
    region: str = "6371",
    *,
    name: str = "",
    role: str = Post.Role.FACILITATOR,
    home: str = "637101",
    joined: date = JOINED,
    kind: str = Employment.Kind.CONTRACT,
    person: Person | None = None,
) -> Staff:
    """Somebody who works in a district since 2024, with a post and terms of work."""
    number = next(_numbers)
    with in_territory(EVERYWHERE), scopes_disabled():
        if person is None:
            person = Person.objects.create(name=name or f"Pendamping Uji {number}")
            User.objects.create_user(f"pendamping{number}@contoh.test", None, person=person)
        staff = Staff.objects.create(
            staff_no=f"U{number:06d}", person=person, region_code=region, home_code=home, joined_on=joined
        )
        Employment.objects.create(staff=staff, region_code=region, kind=kind, valid_from=joined)
        Post.objects.create(staff=staff, role=role, region_code=region, valid_from=joined)
    return staff


def fill_families(families: Iterable[tuple[UUID, UUID]]) -> None:
    """Family and who is to have it, one by one."""
    ids, takers = zip(*families, strict=True)
    fill_from("select * from unnest(%(ids)s::uuid[], %(takers)s::uuid[])", {"ids": [*ids], "takers": [*takers]})


@contextmanager
def few_queries() -> Iterator[None]:
    """At most twelve, beside the savepoints a test adds."""
    with CaptureQueriesContext(connection) as asked:
        yield
    told = [one["sql"] for one in asked if "SAVEPOINT" not in one["sql"]]
    assert len(told) <= 12, "\n".join(told)

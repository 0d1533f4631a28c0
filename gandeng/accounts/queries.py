"""People and grants an administrator keeps: those of his own territory."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from gandeng.accounts.acting import Acting
from gandeng.accounts.models import Grant, Invitation, Person
from gandeng.accounts.roles import RULES, May
from gandeng.web.scoping import Territory

FILTERS = ("name", "role", "region")


def kept_territory(acting: Acting) -> Territory:
    """Where the person manages people."""
    return Territory(frozenset(one.region_code for one in acting.grants if May.MANAGE_PEOPLE in RULES[one.role].may))


def people_kept_by(acting: Acting, filters: dict[str, str]) -> QuerySet[Person]:
    """Everybody who holds, held or is invited to a role in the territory, by name and id."""
    grants = Grant.objects.filter(region_code__within=kept_territory(acting))
    if role := filters.get("role"):
        grants = grants.filter(role=role)
    if region := filters.get("region"):
        grants = grants.filter(region_code__startswith=region)
    people = Person.objects.filter(pk__in=grants.values("person_id"))
    if name := filters.get("name"):
        people = people.filter(name__icontains=name)
    return people.prefetch_related("grants", "logins")


def access_person(acting: Acting, person_id: UUID) -> Person:
    """One of them. Raises Http404."""
    person = people_kept_by(acting, {}).filter(pk=person_id).first()
    if person is None:
        raise Http404
    return person


def access_grant(acting: Acting, grant_id: UUID) -> Grant:
    """A grant of the territory. Raises Http404."""
    found = Grant.objects.filter(pk=grant_id, region_code__within=kept_territory(acting)).select_related("person")
    grant = found.first()
    if grant is None:
        raise Http404
    return grant


def open_invitations(acting: Acting) -> QuerySet[Invitation]:
    """Neither accepted nor withdrawn, for people of the territory."""
    return Invitation.objects.filter(
        accepted_at=None, withdrawn_at=None, person__in=people_kept_by(acting, {})
    ).select_related("person")


@dataclass(frozen=True)
class Accompanying:
    """A facilitator of a village, and since when."""

    name: str
    since: date


def facilitators_of(village_code: str, today: date) -> list[Accompanying]:
    """Who accompanies families of the village today, by the grants; oldest first."""
    codes = [village_code[:length] for length in (6, 10)]
    rows = Grant.objects.filter(role="FACILITATOR", region_code__in=codes, valid_from__lte=today).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=today)
    )
    return [Accompanying(*row) for row in rows.order_by("valid_from", "id").values_list("person__name", "valid_from")]

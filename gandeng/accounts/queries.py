"""People and grants an administrator keeps: those of his own territory."""

from uuid import UUID

from django.db.models import QuerySet

from gandeng.accounts.acting import Acting
from gandeng.accounts.models import Grant, Invitation, Person
from gandeng.accounts.roles import May, Role
from gandeng.web.finding import found_or_404
from gandeng.web.scoping import Territory

FILTERS = ("name", "role", "region")


def kept_territory(acting: Acting) -> Territory:
    """Where the person manages people."""
    return acting.where(May.MANAGE_PEOPLE)


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


def others_than_administrators(acting: Acting) -> bool:
    """Whether anybody there has, had or waits for another role than to keep people."""
    grants = Grant.objects.filter(region_code__within=kept_territory(acting))
    return grants.exclude(role=Role.ADMINISTRATOR).exists()


def access_person(acting: Acting, person_id: UUID) -> Person:
    """One of them. Raises Http404."""
    return found_or_404(people_kept_by(acting, {}), person_id)


def access_grant(acting: Acting, grant_id: UUID) -> Grant:
    """A grant of the territory. Raises Http404."""
    kept = Grant.objects.filter(region_code__within=kept_territory(acting))
    return found_or_404(kept.select_related("person"), grant_id)


def open_invitations(acting: Acting) -> QuerySet[Invitation]:
    """Neither accepted nor withdrawn, for people of the territory."""
    return Invitation.objects.filter(
        accepted_at=None, withdrawn_at=None, person__in=people_kept_by(acting, {})
    ).select_related("person")

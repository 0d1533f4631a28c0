"""Over whom a person decides: whose every role lies where the right is held.

A login and its keys are one for all roles of a person. Whoever keeps the people of one district decides over them only
where nothing reaches beyond it; who has roles in several places is for whoever keeps all of them.
"""

from django.db.models import QuerySet
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.models import Grant, Person
from gandeng.accounts.roles import May


def grants_of(person: Person) -> QuerySet[Grant]:
    """Held today or later."""
    return person.grants.exclude(valid_until__lte=timezone.localdate())


def regions_of(person: Person) -> list[str]:
    """Of the roles held today or later; of those that ended where there is none; the nation for who never had one."""
    held = grants_of(person).values_list("region_code", flat=True)
    return sorted(set(held) or set(person.grants.values_list("region_code", flat=True)) or {""})


def reaches(acting: Acting, may: May, person: Person) -> bool:
    """Whether the right is held in all of them."""
    return all(acting.may(may, region) for region in regions_of(person))


def authority_over(acting: Acting, may: May, person: Person) -> str:
    """The words of the grant that gives it, in the first of them. Raises PermissionDenied."""
    words = [acting.authority(may, region) for region in regions_of(person)]
    return words[0]

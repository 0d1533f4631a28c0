"""Changes of status that a package above keeps to itself: begun and decided on its pages, carried out here."""

from django.db.models import Q

from gandeng.registry.models import ChangeRequest, Family

_KEPT: dict[str, frozenset[str]] = {}


def keep(kind: str, statuses: frozenset[str]) -> None:
    """Changes of that kind, of families of those statuses, are no longer offered or approved on the pages here."""
    _KEPT[ChangeRequest.Kind(kind)] = statuses


def kept() -> Q:
    """Requests that another package decides, on its own pages."""
    rule = Q(pk__in=[])
    for kind, statuses in _KEPT.items():
        rule |= Q(kind=kind, family__status__in=statuses)
    return rule


def is_kept(kind: str, family: Family) -> bool:
    """True where another package asks for the change and decides it."""
    return family.status in _KEPT.get(kind, frozenset())

"""Changes of status that a package above keeps to itself: begun and decided on its pages, carried out here."""

from gandeng.registry.models import ChangeRequest, Family

_KEPT: dict[str, frozenset[str]] = {}


def keep(kind: str, statuses: frozenset[str]) -> None:
    """Changes of that kind, of families of those statuses, are no longer offered or approved on the pages here."""
    _KEPT[ChangeRequest.Kind(kind)] = statuses


def is_kept(kind: str, family: Family) -> bool:
    """True where another package asks for the change and decides it."""
    return family.status in _KEPT.get(kind, frozenset())

"""Reading the log: entries of one's territory, and the heads, which hold numbers and digests alone."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from gandeng.audit.models import BOUNDS, AuditEntry, AuditHead
from gandeng.web.days import midnight
from gandeng.web.finding import day_asked
from gandeng.words import language, sentences

FILTERS = ("action", "object_id", "person", "only", *(DAYS := ("since", "until")))
"""What the page filters by; anything else is refused."""

REFUSALS = ("access.refused", "sign_in.refused", "code.refused", "key.refused")
"""Somebody was not let in or not let do; `list.refused` and the like are decisions of people."""


DAYS_BACK = 7
"""So long the first page tells that somebody came to a bound (our proposal)."""


def bounds_reached() -> QuerySet[AuditEntry]:
    """Of the last days: a hint to look at, no proof of anything."""
    return AuditEntry.objects.filter(action__in=BOUNDS, at__gte=midnight(timezone.localdate() - timedelta(DAYS_BACK)))


def entries(filters: dict[str, str], hours: str = "WIB") -> QuerySet[AuditEntry]:
    """Newest first, narrowed by `filters`; `since` and `until`, both days with, are days of `hours`.

    Raises BadRequest for what is no day.
    """
    rows = AuditEntry.objects.order_by("-id")
    if filters.get("action"):
        rows = rows.filter(action=filters["action"])
    if filters.get("only") == "refusals":
        rows = rows.filter(action__in=REFUSALS)
    if filters.get("only") == "bounds":
        rows = rows.filter(action__in=BOUNDS)
    if filters.get("object_id"):
        rows = rows.filter(object_id=filters["object_id"])
    if filters.get("person"):
        rows = rows.filter(person_name__icontains=filters["person"])
    if filters.get("since"):
        rows = rows.filter(at__gte=midnight(day_asked(filters["since"]), hours))
    if filters.get("until"):
        rows = rows.filter(at__lt=midnight(day_asked(filters["until"]) + timedelta(days=1), hours))
    return rows


def acts(chosen: str) -> list[tuple[str, str]]:
    """Code and words of every act, by its words; `chosen` too where nobody has put it into words."""
    known = dict.fromkeys([chosen] if chosen else [], chosen) | sentences(language(), "acts")
    return sorted(known.items(), key=lambda one: one[1])


def heads() -> QuerySet[AuditHead]:
    """Every daily head."""
    return AuditHead.objects.all()

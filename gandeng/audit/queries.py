"""Reading the log: entries of one's territory, and the heads, which hold numbers and digests alone."""

from django.db.models import QuerySet

from gandeng.audit.models import AuditEntry, AuditHead

FILTERS = ("action", "object_id", "person", "only")
"""What the page filters by; anything else is refused."""

REFUSALS = ("access.refused", "sign_in.refused", "code.refused", "key.refused")
"""Somebody was not let in or not let do; `list.refused` and the like are decisions of people."""


def entries(filters: dict[str, str]) -> QuerySet[AuditEntry]:
    """Newest first, narrowed by `filters`."""
    rows = AuditEntry.objects.order_by("-id")
    if filters.get("action"):
        rows = rows.filter(action=filters["action"])
    if filters.get("only") == "refusals":
        rows = rows.filter(action__in=REFUSALS)
    if filters.get("object_id"):
        rows = rows.filter(object_id=filters["object_id"])
    if filters.get("person"):
        rows = rows.filter(person_name__icontains=filters["person"])
    return rows


def heads() -> QuerySet[AuditHead]:
    """Every daily head."""
    return AuditHead.objects.all()

"""What wants putting right, and what somebody found to be right: of one's own families."""

from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.cleansing.kinds import KINDS
from gandeng.cleansing.models import Checked, Found
from gandeng.registry.change_queries import ASK_OR_DECIDE
from gandeng.web.counting import counted_by
from gandeng.web.finding import found_or_404, region_asked

FILTERS = ("region", "kind")
SEEN_BY = ASK_OR_DECIDE


def known(filters: dict[str, str]) -> dict[str, str]:
    """Raises BadRequest for a kind there is none of."""
    if filters.get("kind") and filters["kind"] not in KINDS:
        raise BadRequest("kind")
    return filters


def _narrowed[Row: (Found, Checked)](rows: QuerySet[Row], acting: Acting, filters: dict[str, str]) -> QuerySet[Row]:
    rule = Q(pk__in=[])
    for right in SEEN_BY:
        rule |= Q(village_code__within=acting.where(right))
    rows = rows.filter(rule)
    if region := filters.get("region"):
        rows = rows.filter(village_code__startswith=region_asked(region))
    return rows.filter(kind=filters["kind"]) if filters.get("kind") else rows


def found(acting: Acting, filters: dict[str, str]) -> QuerySet[Found]:
    """As it was found, but for records that were changed since. Raises BadRequest."""
    rows = _narrowed(_as_found(), acting, filters)
    return rows.select_related("family__collector", "member")


def _as_found() -> QuerySet[Found]:
    """Without a record somebody changed since: whether it is right now the next look says."""
    unchanged = Q(member__isnull=True) | Q(member__updated_at__lte=F("found_at"))
    rows: QuerySet[Found] = Found.objects.filter(unchanged, family__updated_at__lte=F("found_at"))
    return rows


def counted(acting: Acting, region: str) -> tuple[dict[str, int], Any]:
    """How many of each kind, and when they were found."""
    return counted_by(found(acting, {"region": region}), "kind")


def waiting(acting: Acting) -> QuerySet[Found]:
    """What one may put right."""
    return _as_found().filter(village_code__within=acting.where(May.REQUEST_CHANGE))


def checked(acting: Acting, filters: dict[str, str]) -> QuerySet[Checked]:
    """What somebody said, with `.passed` where something was said of the record since. Raises BadRequest."""
    rows = _narrowed(Checked.objects.all(), acting, filters).select_related("family__collector", "member", "by")
    same = Q(member=OuterRef("member")) | Q(member__isnull=True)
    later = Checked.objects.filter(same, family=OuterRef("family"), kind=OuterRef("kind"), pk__gt=OuterRef("pk"))
    told: QuerySet[Checked] = rows.annotate(passed=Exists(later))
    return told


def access(acting: Acting, found_id: UUID) -> Found:
    """One record. Raises Http404."""
    return found_or_404(found(acting, {}), found_id)


def access_checked(acting: Acting, checked_id: UUID) -> Checked:
    """One that was found right. Raises Http404."""
    return found_or_404(checked(acting, {}), checked_id)

"""Files of answers of one's territory, what stands of them, and what a family's people are told to be."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.civil_registry.models import Answer, Matching, Standing
from gandeng.registry.models import Family
from gandeng.web.finding import found_or_404

SEEN_BY = (May.TAKE_LIST, May.APPLY_LIST)


def matchings(acting: Acting) -> QuerySet[Matching]:
    """Files, newest first by id."""
    rule = Q(pk__in=[])
    for right in SEEN_BY:
        rule |= Q(region_code__within=acting.where(right))
    rows: QuerySet[Matching] = Matching.objects.filter(rule).select_related("by", "withdrawal__by")
    return rows


def access(acting: Acting, matching_id: UUID) -> Matching:
    """One file. Raises Http404."""
    return found_or_404(matchings(acting), matching_id)


def counted(matching: Matching) -> dict[str, int]:
    """How many of our people it answered about, by result; also of a file that was withdrawn."""
    return _by_result(Answer.objects.filter(matching=matching))


def still_asking(matching: Matching) -> dict[str, int]:
    """How many of each it asks about to this day."""
    return _by_result(asking(matching, ""))


def _by_result(rows: QuerySet[Any]) -> dict[str, int]:
    told = {one["result"]: one["n"] for one in rows.order_by().values("result").annotate(n=Count("pk"))}
    return {result: told.get(result, 0) for result in Answer.Result.values}


def asking(matching: Matching, result: str) -> QuerySet[Standing]:
    """Whom it asks about to this day, by id. Raises Http404 for a result there is none of."""
    if result and result not in Answer.Result.values:
        raise Http404
    rows = Standing.objects.filter(matching=matching, asks=True).filter(
        Q(differs=True) | Q(result__in=[Answer.Result.NOT_FOUND, Answer.Result.DOUBLE, Answer.Result.DECEASED])
    )
    return (rows.filter(result=result) if result else rows).select_related("member", "family")


def of_family(family: Family) -> dict[UUID, Standing]:
    """The newest answer about each of its living members."""
    return {one.member_id: one for one in Standing.objects.filter(family=family).select_related("member")}

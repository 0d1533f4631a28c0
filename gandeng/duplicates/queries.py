"""Pairs nobody has judged, those somebody has, two sides of one: seen by whoever holds both places."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.duplicates.models import Found, Judgement, Place
from gandeng.registry.models import Account, ChangeRequest, Family, Member
from gandeng.web.counting import counted_by
from gandeng.web.finding import found_or_404, region_asked

FILTERS = ("q", "region", "place")
JUDGED_FILTERS = ("region", "verdict")
SEEN_BY = (May.JUDGE_DUPLICATES, May.DECIDE_CHANGE)


def known(filters: dict[str, str]) -> dict[str, str]:
    """Raises BadRequest for a place or verdict there is none of."""
    if filters.get("place") and filters["place"] not in Place:
        raise BadRequest("place")
    if filters.get("verdict") and filters["verdict"] not in Judgement.Verdict:
        raise BadRequest("verdict")
    return filters


def _both(acting: Acting, *rights: May) -> Q:
    """Rows both of whose places lie where one of these rights is held."""
    rule = Q(pk__in=[])
    for right in rights:
        where = acting.where(right)
        rule |= Q(village_code__within=where) & Q(other_village_code__within=where)
    return rule


def _narrowed[Row: (Found, Judgement)](rows: QuerySet[Row], filters: dict[str, str]) -> QuerySet[Row]:
    """One of the two lives there."""
    if region := filters.get("region"):
        code = region_asked(region)
        rows = rows.filter(Q(village_code__startswith=code) | Q(other_village_code__startswith=code))
    return rows


def found(acting: Acting, filters: dict[str, str]) -> QuerySet[Found]:
    """Pairs of families nobody has judged. Raises BadRequest."""
    rows = _narrowed(_where_they_were().filter(_both(acting, *SEEN_BY)), filters)
    rows = rows.select_related("family", "other")
    if number := filters.get("q", "").strip().upper():
        rows = rows.filter(Q(family__family_no=number) | Q(other__family_no=number))
    return rows.filter(place=filters["place"]) if filters.get("place") else rows


def _where_they_were() -> QuerySet[Found]:
    """Without families that moved since: the next search finds them where they live now."""
    here = {"family__village_code": F("village_code"), "other__village_code": F("other_village_code")}
    rows: QuerySet[Found] = Found.objects.filter(**here)
    return rows


def waiting(acting: Acting) -> QuerySet[Found]:
    """What one may judge."""
    return _where_they_were().filter(_both(acting, May.JUDGE_DUPLICATES))


def counted(acting: Acting, region: str) -> tuple[dict[str, int], Any]:
    """How many of each place, and when they were found."""
    return counted_by(found(acting, {"region": region}), "place")


def judged(acting: Acting, filters: dict[str, str]) -> QuerySet[Judgement]:
    """What somebody said, with `.passed` where something was said of the two since. Raises BadRequest."""
    rows = _narrowed(Judgement.objects.filter(_both(acting, *SEEN_BY)), filters)
    if filters.get("verdict"):
        rows = rows.filter(verdict=filters["verdict"])
    rows = rows.select_related("family", "other", "member", "other_member", "by", "change", "ends")
    told: QuerySet[Judgement] = rows.annotate(passed=Exists(_later()))
    return told


def _later() -> QuerySet[Judgement]:
    same = {"member": OuterRef("member"), "other_member": OuterRef("other_member"), "pk__gt": OuterRef("pk")}
    return Judgement.objects.filter(**same)


def of_family(acting: Acting, family: Family) -> list[Found]:
    """Pairs this family is in."""
    return list(found(acting, {}).filter(Q(family=family) | Q(other=family)).order_by("-score", "pk"))


def access(acting: Acting, pair_id: UUID) -> Found:
    """One pair of families. Raises Http404."""
    return found_or_404(found(acting, {}), pair_id)


def access_judgement(acting: Acting, judgement_id: UUID) -> Judgement:
    """One judgement. Raises Http404."""
    return found_or_404(judged(acting, {}), judgement_id)


def goes(member: Member, *, besides: UUID | None = None) -> bool:
    """Whether its row has ended, alone or with its family, or that is asked for, `besides` one request."""
    asked = ChangeRequest.objects.filter(family=member.family_id, state=ChangeRequest.State.PENDING)
    asked = asked.filter(Q(member=member, kind=ChangeRequest.Kind.LEFT) | Q(kind=ChangeRequest.Kind.END))
    gone = member.left_on is not None or member.family.status == Family.Status.ENDED
    return gone or (asked.exclude(pk=besides) if besides else asked).exists()


def recorded_nowhere_by(acting: Acting, change: ChangeRequest) -> list[Member]:
    """Of whom a request to end would end the last row: somebody said they stand twice, and the other row goes too."""
    rows = judged(acting, {"verdict": Judgement.Verdict.SAME}).select_related("member__family", "other_member__family")
    if change.member_id:
        rows = rows.filter(Q(member=change.member_id) | Q(other_member=change.member_id))
    else:
        rows = rows.filter(Q(family=change.family_id) | Q(other=change.family_id)).exclude(family=F("other"))
    sides = [
        (row.member, row.other_member)
        if change.member_id == row.member_id or (not change.member_id and change.family_id == row.family_id)
        else (row.other_member, row.member)
        for row in rows if not vars(row)["passed"]
    ]  # fmt: skip
    found = {
        own.pk: own for own, twin in sides
        if not own.left_on and not own.deceased_on and not twin.deceased_on and goes(twin, besides=change.pk)
    }  # fmt: skip
    return sorted(found.values(), key=lambda one: one.member_no)


def of_the_two(judgement: Judgement) -> list[Judgement]:
    """All that was said of them, the newest first."""
    rows = Judgement.objects.filter(member=judgement.member_id, other_member=judgement.other_member_id)
    return list(rows.select_related("by", "ends").order_by("-pk"))


@dataclass(frozen=True)
class Side:
    """A family as it stands now, and how many live in it."""

    family: Family
    present: int


def sides(*families: UUID) -> dict[UUID, Side]:
    """The families by id, with their account in force and collector."""
    in_force = Prefetch("accounts", Account.objects.filter(valid_until__isnull=True), to_attr="accounts_in_force")
    here = Q(members__deceased_on__isnull=True, members__left_on__isnull=True)
    rows = Family.objects.filter(pk__in=families).select_related("collector").prefetch_related(in_force)
    return {one.pk: Side(one, vars(one)["n"]) for one in rows.annotate(n=Count("members", filter=here))}


def members(ids: Iterable[str]) -> dict[str, Member]:
    """By id."""
    return {str(one.pk): one for one in Member.objects.filter(pk__in=set(ids))}

"""Links of facilities, what they confirmed, and the differences that wait for a new sheet."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.commitments.models import Confirmation, Difference, Facility, OwnLink, Verdict
from gandeng.commitments.queries import Quarter
from gandeng.web.finding import found_or_404


def open_link(facility: Facility, quarter: Quarter) -> OwnLink | None:
    """The one that opens the facility's quarter now."""
    rows = OwnLink.objects.filter(
        facility=facility, year=quarter.year, quarter=quarter.number, expires_at__gt=timezone.now(), end=None,
        confirmation=None,
    )  # fmt: skip
    return rows.select_related("by").order_by("-at").first()


def access_link(acting: Acting, link_id: UUID) -> OwnLink:
    """One's own. Raises Http404, PermissionDenied."""
    found = found_or_404(OwnLink.objects.select_related("facility"), link_id)
    acting.authority(May.RECORD_COMMITMENT, found.region_code)
    return found


def confirmations(facility: Facility, quarter: Quarter) -> list[Confirmation]:
    """What the facility said of the quarter, newest first."""
    rows = Confirmation.objects.filter(facility=facility, year=quarter.year, quarter=quarter.number)
    return list(rows.order_by("-at"))


def _newer() -> Exists:
    """A sheet about the member since: it answers the difference."""
    return Exists(Verdict.objects.filter(
        member=OuterRef("member"), obligation=OuterRef("obligation"), year=OuterRef("confirmation__year"),
        quarter=OuterRef("confirmation__quarter"), at__gt=OuterRef("at"),
    ))  # fmt: skip


def open_differences() -> QuerySet[Difference]:
    """Of one's territory, not answered by a new sheet yet."""
    return Difference.objects.filter(~_newer()).select_related("member", "confirmation", "sheet__facility", "sheet__by")


def own_differences(acting: Acting) -> QuerySet[Difference]:
    """Those about what one recorded oneself."""
    return Difference.objects.filter(~_newer(), sheet__by_id=acting.person_id)


def differences_of(facility: Facility, quarter: Quarter) -> list[Difference]:
    """Of a facility's quarter, newest first; `.answered` where a new sheet came since."""
    rows = Difference.objects.filter(
        confirmation__facility=facility, confirmation__year=quarter.year, confirmation__quarter=quarter.number
    ).annotate(answered=_newer())  # fmt: skip
    return list(rows.select_related("member", "confirmation").order_by("-at", "member__name"))


@dataclass(frozen=True)
class SaidOf:
    """What the facility said of a verdict's rows: who, and the words where it differs."""

    confirmation: Confirmation
    words: str


def said_of(verdicts: Iterable[Verdict]) -> dict[UUID, SaidOf]:
    """By verdict: the newest confirmation of its facility's quarter since its sheet, in one question."""
    told = list(verdicts)
    of_families = Q(differences__family_id__in={each.family_id for each in told})
    rows = Confirmation.objects.filter(facility_id__in={each.sheet.facility_id for each in told}).annotate(
        about=FilteredRelation("differences", condition=of_families),
    )  # fmt: skip
    by_place: dict[tuple[UUID, int, int], dict[UUID, Confirmation]] = defaultdict(dict)
    differs: dict[tuple[UUID, UUID, str], str] = {}
    for one in rows.annotate(
        member=F("about__member_id"), obligation=F("about__obligation"), words=F("about__words")
    ).order_by("-at"):
        by_place[one.facility_id, one.year, one.quarter].setdefault(one.pk, one)
        differs[one.pk, one.member, one.obligation] = one.words
    found = {}
    for each in told:
        of_place = by_place[each.sheet.facility_id, each.year, each.quarter].values()
        since = next((one for one in of_place if one.at >= each.sheet.at), None)
        if since is not None:
            found[each.pk] = SaidOf(since, differs.get((since.pk, each.member_id, each.obligation), ""))
    return found

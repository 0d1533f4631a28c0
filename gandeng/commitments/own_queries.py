"""Links of facilities, the codes they wait for, what was confirmed, and the differences that wait for a new sheet."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import models
from django.db.models import Case, Exists, F, FilteredRelation, Func, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.commitments.models import (
    WRONG_MAX,
    Confirmation,
    Difference,
    Facility,
    OwnCode,
    OwnLink,
    Verdict,
    WrongCode,
)
from gandeng.commitments.queries import Quarter
from gandeng.facilitators.act_queries import falling_to
from gandeng.web.finding import found_or_404


class LinkState(models.TextChoices):
    """Of a link that was neither answered nor ended, for whoever asks."""

    DRAW = "DRAW", gettext_lazy("Menunggu kode dari Anda")
    WAIT = "WAIT", gettext_lazy("Menunggu kode dari orang lain")
    DRAWN = "DRAWN", gettext_lazy("Kode sudah dibuat")
    CLOSED = "CLOSED", gettext_lazy("Tertutup karena kode salah")


def links(acting: Acting, state: str = "") -> QuerySet[OwnLink]:
    """Those one made, and those of the places one draws codes for: `.state`, `.may_draw`, `.drawn_by`, `.drawn_at`."""
    territory = acting.where(May.DRAW_CODE)
    rows = _standing(OwnLink.objects.filter(Q(by_id=acting.person_id) | Q(region_code__within=territory)))
    apart = Func(
        F("by_id"), Value(acting.person_id), F("at"), function="commitments_two_people",
        output_field=models.BooleanField(),
    )  # fmt: skip
    rows = rows.alias(apart=apart).annotate(
        may_draw=Case(When(region_code__within=territory, apart=True, then=True), default=False)
    )
    rows = rows.annotate(
        state=Case(
            When(closed=True, then=Value(LinkState.CLOSED)), When(drawn_at__isnull=False, then=Value(LinkState.DRAWN)),
            When(may_draw=True, then=Value(LinkState.DRAW)), default=Value(LinkState.WAIT),
        )
    )  # fmt: skip
    return rows.filter(state=state) if state else rows


def to_draw(acting: Acting) -> QuerySet[OwnLink]:
    """Links whose code waits for the one who asks."""
    return links(acting, LinkState.DRAW)


def closed_links(acting: Acting) -> QuerySet[OwnLink]:
    """Links that wrong codes closed, until a new one takes their place or their days are over."""
    return links(acting, LinkState.CLOSED)


def open_link(facility: Facility, quarter: Quarter) -> OwnLink | None:
    """The one of the facility's quarter now: `.closed`, `.drawn_by`, `.drawn_at`."""
    rows = _standing(OwnLink.objects.filter(facility=facility, year=quarter.year, quarter=quarter.number))
    return rows.select_related("by").order_by("-at").first()


def access_link(acting: Acting, link_id: UUID, may: May) -> OwnLink:
    """One's own. Raises Http404, PermissionDenied."""
    found = found_or_404(OwnLink.objects.select_related("facility"), link_id)
    acting.authority(may, found.region_code)
    return found


def confirmations(facility: Facility, quarter: Quarter) -> list[Confirmation]:
    """What the facility said of the quarter, newest first, with the hands its link and code came from."""
    rows = Confirmation.objects.filter(facility=facility, year=quarter.year, quarter=quarter.number)
    return list(_through(rows).order_by("-at"))


def _standing(rows: QuerySet[OwnLink]) -> QuerySet[OwnLink]:
    rows = rows.filter(expires_at__gt=Now(), end=None, confirmation=None)
    closed = WrongCode.objects.filter(link=OuterRef("pk"), number=WRONG_MAX)
    return rows.annotate(closed=Exists(closed), **_drawn(OuterRef("pk")))


def _through(rows: QuerySet[Confirmation]) -> QuerySet[Confirmation]:
    """Who made the link and when, `.made_by`, `.made_at`; who drew the code, none where it was not asked for yet."""
    return rows.annotate(made_by=F("link__by__name"), made_at=F("link__at"), **_drawn(OuterRef("link")))


def _drawn(link: OuterRef) -> dict[str, Subquery]:
    code = OwnCode.objects.filter(link=link, end=None)
    return {"drawn_by": Subquery(code.values("by__name")), "drawn_at": Subquery(code.values("at"))}


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
    """Those that wait for this person: about what one recorded, and about families that fall to one by now."""
    rows = Difference.objects.filter(~_newer(), village_code__within=acting.where(May.RECORD_COMMITMENT))
    return falling_to(acting, rows, sheet__by=acting.person_id)


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
    for one in (
        _through(rows)
        .annotate(member=F("about__member_id"), obligation=F("about__obligation"), words=F("about__words"))
        .order_by("-at")
    ):
        by_place[one.facility_id, one.year, one.quarter].setdefault(one.pk, one)
        differs[one.pk, one.member, one.obligation] = one.words
    found = {}
    for each in told:
        of_place = by_place[each.sheet.facility_id, each.year, each.quarter].values()
        since = next((one for one in of_place if one.at >= each.sheet.at), None)
        if since is not None:
            found[each.pk] = SaidOf(since, differs.get((since.pk, each.member_id, each.obligation), ""))
    return found

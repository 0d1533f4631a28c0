"""Who comes into the yearbook of a province and year, who does not and why; editions that were made."""

import re
from collections.abc import Mapping
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Substr
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.achievements.models import Achievement, Edition, Entry
from gandeng.achievements.queries import CONSENTS, achievements, has_photo
from gandeng.core.region_code import PROVINCE_DIGITS
from gandeng.web.finding import found_or_404
from gandeng.web.scoping import Territory

READS = (May.CONFIRM_ACHIEVEMENT, May.SEE_SUMMARY)
State = Achievement.State
_PROVINCE = re.compile("[1-9][0-9]")

REASONS: Mapping[str, str | Promise] = {
    "NOT_SUBMITTED": _("Belum diajukan"),
    "NOT_CONFIRMED": _("Belum dikonfirmasi"),
    "RETURNED": _("Dikembalikan kepada pencatat"),
    **{key: words for key, words in CONSENTS.items() if key},
    "NOT_FOR_BOOK": _("Persetujuan tidak mencakup buku tahunan"),
}
"""Why one is not in it; nothing for one that is."""


def provinces(acting: Acting) -> list[str]:
    """Whose yearbook one may look at: a province, or all of them for the nation."""
    held = {code for may in READS for code in acting.where(may).regions if len(code) <= PROVINCE_DIGITS}
    return sorted(held)


def require_province(acting: Acting, province: str) -> None:
    """Http404 for a province that is none of one's own, or a code that is none."""
    if not _PROVINCE.fullmatch(province) or not any(acting.may(may, province) for may in READS):
        raise Http404


def candidates(acting: Acting, province: str, year: int) -> QuerySet[Any]:
    """All of the year but the withdrawn, each with `why` (of REASONS), its district and whether it has a photo."""
    rows = achievements(acting).exclude(state=State.WITHDRAWN)
    rows = rows.filter(family__village_code__within=Territory(frozenset({province})), achieved_on__year=year)
    why = Case(
        When(state=State.DRAFT, then=Value("NOT_SUBMITTED")),
        When(state=State.SUBMITTED, then=Value("NOT_CONFIRMED")),
        When(state=State.RETURNED, then=Value("RETURNED")),
        When(~Q(agreed=""), then=F("agreed")),
        When(consent__covers_book=False, then=Value("NOT_FOR_BOOK")),
        default=Value(""),
        output_field=CharField(),
    )
    annotated: QuerySet[Any] = rows.annotate(
        why=why, district=Substr("family__village_code", 1, 4), photographed=has_photo()
    )
    return annotated


def counts(rows: QuerySet[Any]) -> list[tuple[str, str, str, int]]:
    """(why, district, kind, how many) of candidates."""
    counted = rows.order_by().values("why", "district", "kind").annotate(n=Count("pk"))
    return [(row["why"], row["district"], row["kind"], row["n"]) for row in counted]


def years(acting: Acting) -> list[int]:
    """Years something is recorded of, the latest first."""
    days = achievements(acting).order_by().values_list("achieved_on__year", flat=True).distinct()
    return sorted(set(days), reverse=True)


def editions(acting: Acting, province: str, year: int | None = None) -> QuerySet[Edition]:
    """Of a province, the latest first."""
    require_province(acting, province)
    rows = Edition.objects.filter(region_code=province).select_related("made_by").order_by("-pk")
    return rows.filter(year=year) if year else rows


def access_edition(acting: Acting, key: object) -> Edition:
    """One of them. Http404."""
    edition = found_or_404(Edition.objects.select_related("made_by"), key)
    require_province(acting, edition.region_code)
    return edition


def entries_of(edition: Edition) -> QuerySet[Any]:
    """Whom it told of, in the order of the book, with how their consent stands today."""
    rows = Entry.objects.filter(edition=edition)
    return rows.select_related(
        "achievement__family__collector", "achievement__member", "achievement__consent", "consent"
    )


def no_longer_covered(edition: Edition) -> int:
    """How many of them took back, since, the consent under which they are in it."""
    return Entry.objects.filter(edition=edition, consent__withdrawn_at__isnull=False).count()

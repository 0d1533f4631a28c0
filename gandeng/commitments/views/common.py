"""What the pages of commitments share."""

from typing import Any

from django.core.exceptions import BadRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import places_offered
from gandeng.accounts.roles import May
from gandeng.commitments import overview_queries, queries
from gandeng.commitments.queries import Quarter
from gandeng.core.region_code import SUB_DISTRICT_DIGITS
from gandeng.web.finding import region_asked
from gandeng.web.tabs import tabs_of

STATE_WORDS = {
    overview_queries.NONE: (gettext_lazy("Belum ada lembar"), "warn"),
    overview_queries.RECORDED: (gettext_lazy("Ada lembar, belum dikonfirmasi"), "neutral"),
    overview_queries.CONFIRMED: (gettext_lazy("Dikonfirmasi sesuai"), "good"),
    overview_queries.DIFFERS: (gettext_lazy("Ada yang berbeda"), "bad"),
}
VERDICT_TONES = {"MET": "good", "NOT_MET": "bad", "EXCUSED": "info", "UNVERIFIED": "neutral"}
BOTH = (May.RECORD_COMMITMENT, May.DECIDE_COMMITMENT)


def places_of(who: Acting) -> list[tuple[str, str]]:
    """Sub-districts and villages one may record in, as a form offers them."""
    villages = queries.villages(who)
    return places_offered(sorted({each[:SUB_DISTRICT_DIGITS] for each in villages}) + villages)


def tabs(who: Acting, current: str) -> list[dict[str, Any]]:
    """The parts of the package one may open."""
    named = [
        ("overview", _("Lembar triwulan"), True),
        ("unplaced", _("Belum terdaftar"), who.may(May.RECORD_COMMITMENT)),
        ("differences", _("Perbedaan"), True),
        ("own_links", _("Tautan dan kode"), who.may(May.RECORD_COMMITMENT) or who.may(May.DRAW_CODE)),
        ("recommendations", _("Rekomendasi"), who.may(May.DECIDE_COMMITMENT)),
        ("decisions", _("Keputusan"), True),
    ]
    return tabs_of("commitments", named, current)


def quarters_offered() -> list[tuple[str, str]]:
    """As a form offers them."""
    return [(one.key, one.words) for one in queries.quarters(timezone.localdate())]


def quarter_in(key: str) -> Quarter:
    """Of an address. Raises BadRequest."""
    try:
        return queries.quarter_of(key)
    except ValueError as error:
        raise BadRequest("quarter") from error


def asked(filters: dict[str, str]) -> tuple[Quarter, str]:
    """Of an address: its quarter, the last that is over without one; its region, "" for all. Raises BadRequest."""
    quarter = quarter_in(filters["quarter"]) if filters["quarter"] else queries.quarters(timezone.localdate())[1]
    return quarter, region_asked(filters["wilayah"]) if filters["wilayah"] else ""

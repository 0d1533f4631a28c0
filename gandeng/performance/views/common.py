"""What the pages share."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.core.region_code import DISTRICT_DIGITS
from gandeng.facilitators.models import Staff
from gandeng.performance.figures import Done, is_recorded
from gandeng.performance.months import NAMES, Period
from gandeng.performance.people_queries import years
from gandeng.performance.published import Area, areas
from gandeng.performance.sources import of_area
from gandeng.performance.target_queries import Targets, Terms, missing, target_words
from gandeng.web.paging import narrowed
from gandeng.web.tabs import tabs_of

ANY = (May.SEE_STAFF, May.ACCOMPANY)


def sees_others(who: Acting) -> bool:
    """True for whoever sees staff of a whole district, and not of a sub-district alone."""
    return any(len(code) <= DISTRICT_DIGITS for code in who.where(May.SEE_STAFF).regions)


def tabs(who: Acting, current: str) -> list[dict[str, Any]]:
    """The parts of the package one may open."""
    others = sees_others(who)
    named = [
        ("people", _("SDM"), others),
        ("compare", _("Yang sebanding"), others),
        ("own", _("Kinerja saya"), who.may(May.ACCOMPANY) or who.may(May.KEEP_STAFF)),
        ("reports", _("Laporan saya"), who.may(May.ACCOMPANY) or who.may(May.KEEP_STAFF)),
        ("reviews", _("Tinjauan laporan"), others),
        ("targets", _("Target"), True),
    ]
    return tabs_of("performance", named, current)


def months() -> list[tuple[str, str]]:
    """For a filter: the whole year, or one of its months."""
    return [("", _("Setahun")), *((str(place), str(name)) for place, name in enumerate(NAMES, start=1))]


def year_choices() -> list[tuple[str, str]]:
    """For a filter."""
    return [(str(year), str(year)) for year in years(timezone.localdate())]


def asked(period: Period) -> dict[str, str]:
    """A period as addresses say it."""
    return {"year": str(period.year), "month": str(period.month) if period.month else ""}


def acts_url(period: Period, area: int, which: Mapping[str, str]) -> str:
    """The page of the rows behind a figure; `which` says whose."""
    return narrowed(reverse("performance:acts"), {**which, **asked(period), "area": str(area)})


def of_staff(staff: Staff | UUID) -> dict[str, str]:
    """Whose: hers."""
    return {"staff": str(staff.pk if isinstance(staff, Staff) else staff)}


def area_rows(staff: Staff, terms: Terms, period: Period, found: Done, said: Targets) -> list[dict[str, Any]]:
    """Each area of one of the staff in a year: months, the year so far, target, and what is missing of it."""
    return [_area_row(one, staff, terms, period, found, said) for one in areas().values()]


def _area_row(area: Area, staff: Staff, terms: Terms, period: Period, found: Done, said: Targets) -> dict[str, Any]:
    number, whose = area.number, of_staff(staff)
    whole = found.of(number, staff=staff.pk)
    target = said.of(staff.region_code, number, terms)
    known = is_recorded(number, terms.roles, whole)
    shown = [
        cell(found.of(number, staff=staff.pk, month=month), Period(period.year, month), number, whose)
        for month in range(1, 13)
    ]
    return {
        "area": area, "subject": area.subject.said(), "parts": [part.said() for part in area.parts], "known": known,
        "sources": [one.act for one in of_area(number)], "months": shown, "target": target,
        "target_words": target_words(target), "missing": missing(target, whole) if known else None,
        "whole": cell(whole, Period(period.year), number, whose),
        "yearly": target.count if target is not None else None,
    }  # fmt: skip


def cell(number: int, period: Period, area: int, which: Mapping[str, str]) -> dict[str, Any]:
    """A figure and the page of its rows; months to come have none."""
    to_come = period.since > timezone.localdate()
    return {"number": number, "url": acts_url(period, area, which) if number else "", "to_come": to_come,
            "label": period.words}  # fmt: skip


def month_of_text(text: str) -> date:
    """`2026-10` as its first day. Raises ValueError."""
    return date.fromisoformat(f"{text}-01")

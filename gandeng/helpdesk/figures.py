"""Figures of complaints: each is one definition, counted here and opened into its rows by the same definition."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import Aggregate, Count, F, FloatField, Q, QuerySet
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gandeng.helpdesk.models import UNDER_WAY, Case, CaseFacts
from gandeng.web.days import midnight
from gandeng.web.finding import day_asked, region_asked

PERIOD_DAYS = 90
RATINGS_MIN = 5
"""Fewer tell of single people."""
FILTERS = ("since", "until", "region")


@dataclass(frozen=True)
class Figure:
    """What it is called, what it counts, and which facts it counts."""

    name: str | Promise
    counts: str | Promise
    q: Callable[[], Q]


FIGURES: dict[str, Figure] = {
    "in": Figure(
        pgettext_lazy("angka pengaduan", "Masuk"),
        _("kasus yang masuk dalam periode ini, yang digabung dihitung sekali"), Q,
    ),
    "open": Figure(
        pgettext_lazy("angka pengaduan", "Terbuka"), _("belum dijawab saat ini"), lambda: Q(state__in=UNDER_WAY)
    ),
    "late": Figure(
        pgettext_lazy("angka pengaduan", "Lewat waktu"),
        _("belum dijawab dan waktu langkahnya habis: untuk mulai dikerjakan, atau untuk dijawab"),
        lambda: Q(state__in=UNDER_WAY, due_at__lt=timezone.now()),
    ),
    "answered": Figure(
        pgettext_lazy("angka pengaduan", "Dijawab"), _("pernah dijawab"), lambda: Q(answered_at__isnull=False)
    ),
    "in_time": Figure(
        pgettext_lazy("angka pengaduan", "Tepat waktu"), _("dijawab sebelum batas waktu tingkatnya habis"),
        lambda: Q(in_time=True),
    ),
    "slow": Figure(
        pgettext_lazy("angka pengaduan", "Terlambat dijawab"), _("dijawab sesudah batas waktunya"),
        lambda: Q(in_time=False),
    ),
    "escalated": Figure(
        pgettext_lazy("angka pengaduan", "Naik tingkat"), _("naik tingkat sedikitnya sekali"),
        lambda: Q(escalations__gt=0),
    ),
    "reopened": Figure(
        pgettext_lazy("angka pengaduan", "Dibuka lagi"), _("dibuka lagi oleh pelapor"), lambda: Q(reopened=True)
    ),
    "rated": Figure(
        pgettext_lazy("angka pengaduan", "Dinilai"), _("dinilai oleh pelapor"), lambda: Q(rating__isnull=False)
    ),
}  # fmt: skip


class _Percentile(Aggregate):
    """`percentile_cont`: 0.5 is the median."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True)
class Period:
    """Days of coming in, both counted in, in national time; and a region."""

    since: date
    until: date
    region: str = ""

    def facts(self) -> QuerySet[CaseFacts]:
        """What came in within it."""
        rows = CaseFacts.objects.filter(
            opened_at__gte=midnight(self.since), opened_at__lt=midnight(self.until + timedelta(days=1))
        )
        return rows.filter(region_code__startswith=self.region) if self.region else rows

    @property
    def filters(self) -> dict[str, str]:
        """As an address says it."""
        return {"since": self.since.isoformat(), "until": self.until.isoformat(), "region": self.region}


def period_asked(filters: Mapping[str, str]) -> Period:
    """Of an address; the last ninety days without one. Raises BadRequest."""
    until = day_asked(filters["until"]) if filters["until"] else timezone.localdate()
    since = day_asked(filters["since"]) if filters["since"] else until - timedelta(days=PERIOD_DAYS - 1)
    if since > until:
        raise BadRequest("day")
    return Period(since, until, region_asked(filters["region"]) if filters["region"] else "")


def opened_rows(filters: Mapping[str, str], rows: QuerySet[Case]) -> QuerySet[Case]:
    """The cases a figure counts. Raises BadRequest."""
    figure, rating = filters["figure"], filters["rating"]
    if figure not in FIGURES or (rating and rating not in {"1", "2", "3", "4", "5"}):
        raise BadRequest("figure")
    facts = period_asked({**filters, "region": ""}).facts().filter(FIGURES[figure].q())
    if rating:
        facts = facts.filter(rating=int(rating))
    return rows.filter(pk__in=facts.values("case_id"))


def _counts() -> dict[str, Any]:
    told: dict[str, Any] = {f"n_{code}": Count("pk", filter=figure.q()) for code, figure in FIGURES.items()}
    return told | {"median": _Percentile("days", share="0.5"), "ninth": _Percentile("days", share="0.9")}


def totals(period: Period) -> dict[str, Any]:
    """All of them together."""
    return _named(period.facts().aggregate(**_counts()))


def by(period: Period, column: str) -> list[dict[str, Any]]:
    """By `kind` or `level`."""
    rows = period.facts().values(key=F(column)).annotate(**_counts()).order_by("key")
    return [_named(row) for row in rows]


def by_region(period: Period, length: int) -> list[dict[str, Any]]:
    """By the region of that length; what concerns a larger region stands by itself."""
    rows = period.facts().values(key=Left("region_code", length)).annotate(**_counts()).order_by("key")
    return [_named(row) for row in rows]


def _named(row: Mapping[str, Any]) -> dict[str, Any]:
    told = {name.removeprefix("n_"): value for name, value in row.items()}
    answered = told["answered"]
    return told | {"share": told["in_time"] / answered if answered else None}


def ratings(period: Period) -> dict[str, Any]:
    """How many there are; from five on their mean and how many gave how much."""
    rated = period.facts().filter(rating__isnull=False)
    rows = {row["rating"]: row["n"] for row in rated.values("rating").annotate(n=Count("pk")).order_by("rating")}
    count = sum(rows.values())
    if count < RATINGS_MIN:
        return {"count": count, "mean": None, "stars": []}
    mean = sum(stars * n for stars, n in rows.items()) / count
    return {"count": count, "mean": mean, "stars": [(stars, rows.get(stars, 0)) for stars in (5, 4, 3, 2, 1)]}

"""Families whose account or collector is new and not paid by yet: whoever is near asks whether they wanted it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import F, Prefetch, Q, QuerySet, Value
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.registry.cooling import COOLING_DAYS, NEVER
from gandeng.registry.models import Account, ChangeRequest, Family
from gandeng.web.days import midnight
from gandeng.web.finding import region_asked

FILTERS = ("region",)
_Kind = ChangeRequest.Kind
_OF_ACCOUNT, _OF_COLLECTOR = (_Kind.ACCOUNT,), (_Kind.COLLECTOR, _Kind.NIK, _Kind.IDENTITY)


@dataclass(frozen=True)
class New:
    """What is new of a family, from when on it is paid by, and the request behind it; None where a list brought it."""

    family: Family
    account: Account | None
    """The account; None where it is the collector."""
    usable_from: date
    change: ChangeRequest | None

    @property
    def collector(self) -> bool:
        """Whether it is the collector that is new."""
        return self.account is None


def cooling(filters: dict[str, str], today: date) -> QuerySet[Family]:
    """Within the territory, each with what `new_of` asks. Raises BadRequest."""
    rows = Family.objects.filter(
        pk__in=_new_accounts(today).values("family").union(_new_collectors(today).values("pk"))
    )
    if region := filters.get("region"):
        rows = rows.filter(village_code__startswith=region_asked(region))
    told = Prefetch("accounts", _new_accounts(today), to_attr="new_accounts")
    found: QuerySet[Family] = rows.annotate(collector_new=_collector_new(today))
    return found.select_related("collector").prefetch_related(told)


def _new_accounts(today: date) -> QuerySet[Account]:
    """As `account_new` holds them."""
    rows = Account.objects.filter(valid_until__isnull=True, usable_from__gt=F("valid_from"))
    return rows.filter(usable_from__gt=today, usable_from__lt=NEVER)


def _collector_new(today: date) -> Q:
    """As `family_collector_new` holds them."""
    return Q(collector_usable_from__gt=F("entered_on")) & Q(collector_usable_from__gt=today)


def _new_collectors(today: date) -> QuerySet[Family]:
    return Family.objects.filter(_collector_new(today))


def waiting(acting: Acting) -> QuerySet[Family]:
    """Of the families one accompanies."""
    return cooling({}, timezone.localdate()).filter(village_code__within=acting.where(May.ACCOMPANY))


def new_of(families: Collection[Family], today: date) -> list[New]:
    """Of families of `cooling`, in their order, the account first."""
    changes = _changes(families, today)
    found: list[New] = []
    for family in families:
        for account in vars(family)["new_accounts"]:
            told = _newest(changes, family, _OF_ACCOUNT)
            found.append(New(family, account, account.usable_from, told))
        if vars(family)["collector_new"] and family.collector_usable_from:
            told = _newest(changes, family, _OF_COLLECTOR)
            found.append(New(family, None, family.collector_usable_from, told))
    return found


def _changes(families: Collection[Family], today: date) -> list[ChangeRequest]:
    """Newest first."""
    since = midnight(today - timedelta(days=COOLING_DAYS))
    rows = ChangeRequest.objects.filter(
        family__in=families, state=ChangeRequest.State.APPROVED, kind__in=[*_OF_ACCOUNT, *_OF_COLLECTOR],
        decided_at__gte=since,
    )  # fmt: skip
    return list(rows.select_related("requested_by", "decided_by").order_by("-decided_at"))


def _newest(changes: list[ChangeRequest], family: Family, kinds: tuple[_Kind, ...]) -> ChangeRequest | None:
    return next((one for one in changes if one.family_id == family.pk and one.kind in kinds), None)


def new_by_family(families: Collection[UUID], today: date) -> dict[UUID, list[tuple[str, date]]]:
    """`ACCOUNT` or `COLLECTOR` and the day, by family: for whoever carries them; no number, no name. One query."""
    accounts = _new_accounts(today).filter(family__in=families)
    collectors = _new_collectors(today).filter(pk__in=families)
    rows = accounts.values_list(Value("ACCOUNT"), "family", "usable_from").union(
        collectors.values_list(Value("COLLECTOR"), "pk", "collector_usable_from"), all=True
    )
    found: dict[UUID, list[tuple[str, date]]] = {}
    for what, family, day in sorted(rows):
        found.setdefault(family, []).append((what, day))
    return found

"""Families whose account or collector is new and not paid by yet: whoever is near asks whether they wanted it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Value
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.registry.cooling import COOLING_DAYS, NEVER
from gandeng.registry.models import Account, ChangeRequest, Family
from gandeng.web.days import midnight
from gandeng.web.finding import region_asked

FILTERS = ("region",)
_Kind = ChangeRequest.Kind
_OF_ACCOUNT, _OF_COLLECTOR = (_Kind.ACCOUNT,), ChangeRequest.OF_COLLECTOR


@dataclass(frozen=True)
class New:
    """What is new of a family, from when on it is paid by, and the request behind it; None where a list brought it."""

    family: Family
    account: Account | None
    """The account; None where it is the collector."""
    usable_from: date
    change: ChangeRequest | None
    denied: ChangeRequest | None
    """The request to hold it that waits for a decision."""

    @property
    def hold(self) -> str:
        """The kind of change by which the family denies it."""
        return _Kind.HOLD_COLLECTOR if self.collector else _Kind.HOLD_ACCOUNT

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
    waits = Q(collector_usable_from__gt=today, collector_usable_from__lt=NEVER)
    return Q(collector_usable_from__gt=F("entered_on")) & waits


def _new_collectors(today: date) -> QuerySet[Family]:
    return Family.objects.filter(_collector_new(today))


def waiting(acting: Acting) -> QuerySet[Family]:
    """Of the families one accompanies."""
    return cooling({}, timezone.localdate()).filter(village_code__within=acting.where(May.ACCOMPANY))


def new_of(families: Collection[Family], today: date) -> list[New]:
    """Of families of `cooling`, in their order, the account first."""
    changes, denied = _changes(families, today), _denied(families)
    found: list[New] = []
    for family in families:
        for account in vars(family)["new_accounts"]:
            told = _newest(changes, family, _OF_ACCOUNT)
            found.append(New(family, account, account.usable_from, told, denied.get((family.pk, _Kind.HOLD_ACCOUNT))))
        if vars(family)["collector_new"] and family.collector_usable_from:
            told = _newest(changes, family, _OF_COLLECTOR)
            hold = denied.get((family.pk, _Kind.HOLD_COLLECTOR))
            found.append(New(family, None, family.collector_usable_from, told, hold))
    return found


def _denied(families: Collection[Family]) -> dict[tuple[UUID, str], ChangeRequest]:
    return {(one.family_id, one.kind): one for one in _pending_holds([one.pk for one in families])}


def _pending_holds(families: Collection[UUID]) -> QuerySet[ChangeRequest]:
    pending = ChangeRequest.objects.filter(state=ChangeRequest.State.PENDING, kind__in=ChangeRequest.HOLDS)
    return pending.filter(family__in=families)


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
    """`ACCOUNT` or `COLLECTOR` and the day, by family: for whoever carries them; no number, no name. One query.

    What the family has denied already and waits for a decision is not asked about again.
    """
    pending = _pending_holds(families)
    accounts = _new_accounts(today).filter(
        ~Exists(pending.filter(family=OuterRef("family"), kind=_Kind.HOLD_ACCOUNT)), family__in=families
    )
    collectors = _new_collectors(today).filter(
        ~Exists(pending.filter(family=OuterRef("pk"), kind=_Kind.HOLD_COLLECTOR)), pk__in=families
    )
    rows = accounts.values_list(Value("ACCOUNT"), "family", "usable_from").union(
        collectors.values_list(Value("COLLECTOR"), "pk", "collector_usable_from"), all=True
    )
    found: dict[UUID, list[tuple[str, date]]] = {}
    for what, family, day in sorted(rows):
        found.setdefault(family, []).append((what, day))
    return found

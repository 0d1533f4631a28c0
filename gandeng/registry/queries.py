"""Families one may see: found and opened. Nothing here shows a full identifier."""

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Exists, F, Func, JSONField, OuterRef, Prefetch, Q, QuerySet, UUIDField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting, in_territory
from gandeng.accounts.context import region_name
from gandeng.accounts.machine import MACHINE
from gandeng.accounts.roles import May
from gandeng.audit.sealing import blind
from gandeng.core.channels import POST
from gandeng.core.region_code import Level, RegionCode
from gandeng.regions import places
from gandeng.registry.cooling import NEVER
from gandeng.registry.deciles import newest_told, of_decile
from gandeng.registry.models import Account, ChangeRequest, Family, Member
from gandeng.web.finding import found_or_404, region_asked
from gandeng.web.scoping import NATION, Territory

FILTERS = ("q", "region", "status", "decile")
SEARCH_LENGTH_MAX = 80

_LAST_DIGITS = re.compile(r"[0-9]{4}")
_NUMBER = re.compile(r"[A-Z]{1,3}[0-9]{3,}")
_IDENTIFIER = re.compile(r"[0-9]{9,}")
_APOSTROPHES, _NOT_IN_KEY = re.compile("['`´‘’]"), re.compile(r"[\W_]+")

IDENTIFIER_IN_ADDRESS = gettext_lazy(
    "Nomor lengkap tidak dicari dari kotak ini, karena akan tersimpan di alamat halaman. "
    "Pakai “Cari dengan nomor lengkap”."
)
REGION_FIRST = gettext_lazy("Pilih provinsi dahulu, lalu cari menurut nama.")
REGION_BEFORE_DECILE = gettext_lazy("Pilih provinsi dahulu, lalu saring menurut desil.")


class SearchRefused(Exception):
    """The search cannot be done as asked; the message says how else."""


def any_family() -> bool:
    """Whether the territory has one at all, whatever its state."""
    return Family.objects.exists()


def families_visible_to(acting: Acting, filters: dict[str, str]) -> QuerySet[Family]:
    """Families of the territory, narrowed by `filters`. Raises SearchRefused, BadRequest for a filter not known."""
    rows = _listed()
    if filters.get("region"):
        rows = rows.filter(village_code__within=Territory(frozenset({region_asked(filters["region"])})))
    if filters.get("status"):
        if filters["status"] not in Family.Status.values:
            raise BadRequest("status")
        rows = rows.filter(status=filters["status"])
    if filters.get("decile"):
        rows = _of_decile(acting, rows, filters)
    if filters.get("q"):
        rows = rows.filter(_matching(acting, filters["q"], bool(filters.get("region"))))
    return rows


def of_a_part(acting: Acting, filters: dict[str, str]) -> bool:
    """True where `families_visible_to` gives all of a place that is not the nation: its rows are then sorted apart."""
    return not filters.get("q") and (NATION not in acting.territory.regions or bool(filters.get("region")))


def _listed() -> QuerySet[Family]:
    """Each with its collector and, for `account_listed` and `deciles.reading_of`, its account and reading in force."""
    in_force = Prefetch("accounts", Account.objects.filter(valid_until__isnull=True), to_attr="accounts_in_force")
    rows = Family.objects.select_related("collector").prefetch_related(in_force)
    told: QuerySet[Family] = rows.annotate(decile_told=newest_told("pk"))
    return told


def _of_decile(acting: Acting, rows: QuerySet[Family], filters: dict[str, str]) -> QuerySet[Family]:
    if NATION in acting.territory.regions and not filters.get("region"):
        raise SearchRefused(REGION_BEFORE_DECILE)
    try:
        return of_decile(rows, filters["decile"])
    except ValueError as error:
        raise BadRequest("decile") from error


def account_listed(family: Family) -> Account | None:
    """The account money goes to, of a family that came from a list of this module."""
    found: list[Account] = vars(family)["accounts_in_force"]
    return found[0] if found else None


def _matching(acting: Acting, text: str, narrowed: bool) -> Q:
    asked = text.strip().upper()[:SEARCH_LENGTH_MAX]
    if _LAST_DIGITS.fullmatch(asked):
        return Q(kk_last4=asked) | Q(pk__in=Member.objects.filter(nik_last4=asked).values("family_id"))
    if _IDENTIFIER.search(re.sub(r"[\s.\-]", "", asked)) and not _NUMBER.fullmatch(asked):
        raise SearchRefused(IDENTIFIER_IN_ADDRESS)
    if _NUMBER.fullmatch(asked):
        return Q(family_no=asked)
    if NATION in acting.territory.regions and not narrowed:
        raise SearchRefused(REGION_FIRST)
    return Q(pk__in=_named(asked).values("family_id"))


def _named(text: str) -> QuerySet[Member]:
    """Members with each word at the beginning of a word of the name."""
    rows = Member.objects.filter(left_on__isnull=True)
    for word in _NOT_IN_KEY.sub(" ", _APOSTROPHES.sub("", text)).split():
        rows = rows.filter(Q(name_key__startswith=word) | Q(name_key__contains=f" {word}"))
    return rows


def families_with_identifier(kind: str, number: str) -> QuerySet[Family]:
    """Families of the territory with that NIK or KK, through the blind index."""
    rows = _listed().order_by("family_no")
    if kind == "kk":
        return rows.filter(kk_index=blind("kk", number))
    return rows.filter(pk__in=Member.objects.filter(nik_index=blind("nik", number)).values("family_id"))


def access_family(acting: Acting, family_id: UUID | str) -> Family:
    """One family, its members and reading with it. Raises Http404 where it is not there or not one's own."""
    alone = Family.objects.select_related("collector").annotate(decile_told=newest_told("pk"), end_told=_last_end("pk"))
    family = _with_members(family_id) or found_or_404(alone, family_id)
    if not acting.may(May.SEE_FAMILIES, family.village_code):
        raise Http404
    return family


def _with_members(family_id: UUID | str) -> Family | None:
    """Family and members in one question; None for a family without any, and for none."""
    rows = Member.objects.filter(family_id=family_id).select_related("family__collector").order_by("member_no")
    rows = rows.annotate(decile_told=newest_told("family_id"), end_told=_last_end("family_id"))
    try:
        members = list(rows)
    except (ValueError, ValidationError):
        return None
    if not members:
        return None
    family = members[0].family
    for member in members:
        member.family = family
    family.all_members = members  # type: ignore[attr-defined]
    for name in ("decile_told", "end_told"):
        setattr(family, name, vars(members[0])[name])
    return family


def _last_end(family: str) -> Func:
    """As JSON, the last request that ended the family that column names, for `last_end`; wherever it was decided."""
    return Func(family, function="registry_last_end", output_field=JSONField())


def last_end(family: Family) -> tuple[str, str] | None:
    """Why the last request ended it and what it was before; None where none did. `access_family` brings it along."""
    if "end_told" in vars(family):
        told = vars(family)["end_told"]
    else:
        told = Family.objects.filter(pk=family.pk).values_list(_last_end("pk"), flat=True).first()
    return (told["reason"], told["before"]["status"]) if told else None


def members_of(family: Family) -> list[Member]:
    """All who belong or belonged to it, in order of their numbers; read once."""
    if not hasattr(family, "all_members"):
        family.all_members = list(Member.objects.filter(family=family).order_by("member_no"))  # type: ignore[attr-defined]
    return family.all_members  # type: ignore[attr-defined, no-any-return]


def present(members: list[Member]) -> list[Member]:
    """Those who live and have not left."""
    return [member for member in members if not member.is_gone]


def gone(members: list[Member]) -> list[Member]:
    """Those who died or left."""
    return [member for member in members if member.is_gone]


def accounts_of(family: Family) -> list[Account]:
    """The account in force first, then those before it."""
    rows = Account.objects.filter(family=family).select_related("requested_by", "approved_by")
    return sorted(rows, key=lambda row: (row.valid_until is None, row.valid_from), reverse=True)


def all_accounts(family: Family) -> list[Account]:
    """The same, asked once for a family's page."""
    if not hasattr(family, "all_accounts"):
        family.all_accounts = accounts_of(family)  # type: ignore[attr-defined]
    return family.all_accounts  # type: ignore[attr-defined, no-any-return]


def account_in_force(family: Family) -> Account | None:
    """The account money goes to."""
    return Account.objects.filter(family=family, valid_until__isnull=True).first()


def held_now() -> list[UUID]:
    """Accounts, and members who collect, that the family says it did not ask for, wherever the family lives by now.

    What was denied stays so after the right one came: a registry frozen before still pays to it. Until it was asked for
    once more, with proof, and that has waited.
    """
    with in_territory(MACHINE):
        return _denied(timezone.localdate())


def _denied(today: date) -> list[UUID]:
    same = Q(account_index=OuterRef("account_index")) | Q(channel=POST)
    again = Account.objects.filter(
        same, family=OuterRef("family"), channel=OuterRef("channel"), valid_until__isnull=True, usable_from__lte=today
    )
    denied = Q(account_index__isnull=False) | Q(channel=POST)
    accounts = Account.objects.filter(denied, ~Exists(again), usable_from__gt=F("valid_from"), usable_from=NEVER)
    families = Family.objects.filter(collector_usable_from__gt=F("entered_on"), collector_usable_from=NEVER)
    collectors = {*families.values_list("collector", flat=True), *_denied_before(today)}
    return [*accounts.values_list("pk", flat=True), *collectors]


def _denied_before(today: date) -> QuerySet[ChangeRequest, UUID]:
    """Who was denied as a collector and has not been asked for once more since, or still waits."""
    who = Cast(KeyTextTransform("collector", "before"), UUIDField())
    holds = ChangeRequest.objects.filter(kind="HOLD_COLLECTOR", state="APPROVED").annotate(who=who)
    anew = ChangeRequest.objects.filter(
        family=OuterRef("family"), kind="COLLECTOR", state="APPROVED", member=OuterRef("who"),
        decided_at__gt=OuterRef("decided_at"),
    )  # fmt: skip
    waits = Q(family__collector=F("who"), family__collector_usable_from__gt=today)
    return holds.filter(waits | ~Exists(anew)).values_list("who", flat=True)


@dataclass(frozen=True)
class Choice:
    """A place to narrow a list to."""

    code: str
    name: str


def region_choices(acting: Acting, region: str) -> list[Choice]:
    """The region chosen and the places below it; without one, those of the territory."""
    if region and acting.territory.holds(region_asked(region)):
        return [Choice(region, region_name(region)), *_below(region)]
    tops = sorted(acting.territory.regions)
    if len(tops) == 1:
        return _below(tops[0])
    return [Choice(top, region_name(top)) for top in tops if top]


def _below(code: str) -> list[Choice]:
    if not code:
        return [Choice(one.code.digits, one.name) for one in places.provinces()]
    level = RegionCode(code).level
    if level is Level.VILLAGE:
        return []
    inside = {
        Level.PROVINCE: places.districts_of, Level.DISTRICT: places.sub_districts_of,
        Level.SUB_DISTRICT: places.villages_of,
    }[level]  # fmt: skip
    return [Choice(one.code.digits, one.name) for one in inside(code)]

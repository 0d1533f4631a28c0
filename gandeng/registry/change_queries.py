"""Requests for changes one may see: what waits for me, what I asked for, what was decided; and before beside after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import (
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Left
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.core.region_code import PROVINCE_DIGITS, RegionCode
from gandeng.registry.cooling import COOLING_DAYS
from gandeng.registry.keeping import kept
from gandeng.registry.models import Account, ChangeRequest, Intake
from gandeng.registry.shown import shown
from gandeng.web.finding import found_or_404, region_asked
from gandeng.web.paging import narrowed

_Kind = ChangeRequest.Kind
DECIDE = (May.DECIDE_CHANGE, May.DECIDE_MOVE)
ASK_OR_DECIDE = (May.REQUEST_CHANGE, May.DECIDE_CHANGE)
"""Who deals with a family's data, not with moves alone."""
PREGNANT_FROM, PREGNANT_TO = 10, 60
"""Years of age outside of which a pregnancy is looked at twice. No rule of the programme gives an age: it is a warning
to whoever decides, and refuses nothing."""

SHELVES = {
    "denied": gettext_lazy("Disangkal keluarga"),
    "waiting": gettext_lazy("Menunggu keputusan saya"),
    "mine": gettext_lazy("Permintaan saya"),
    "open": gettext_lazy("Menunggu"),
    "decided": gettext_lazy("Sudah diputuskan"),
}

FILTERS = ("kind", "region")

_LABELS = {
    "name": gettext_lazy("Nama"),
    "birth_date": gettext_lazy("Tanggal lahir"),
    "sex": gettext_lazy("Jenis kelamin"),
    "deceased_on": gettext_lazy("Meninggal pada"),
    "left_on": gettext_lazy("Keluar pada"),
    "school_level": gettext_lazy("Jenjang sekolah"),
    "pregnancy_no": gettext_lazy("Kehamilan ke-"),
    "severe_disability": gettext_lazy("Disabilitas berat"),
    "nik": "NIK",
    "collector": gettext_lazy("Pengurus"),
    "channel": gettext_lazy("Penyalur"),
    "account": gettext_lazy("Rekening"),
    "village_code": gettext_lazy("Desa/kelurahan"),
    "status": gettext_lazy("Status"),
    "told_how": gettext_lazy("Keluarga diberi tahu"),
    "told_on": gettext_lazy("Diberi tahu pada"),
    "decile": gettext_lazy("Desil"),
    "read_on": gettext_lazy("Dibaca pada"),
    "usable_from": gettext_lazy("Dibayar mulai"),
    "held": gettext_lazy("Ditahan"),
}


def ask_url(family_id: UUID, kind: ChangeRequest.Kind, member_id: UUID | None = None) -> str:
    """The page that asks for a change, with whoever it is about chosen."""
    return narrowed(reverse("registry:ask", args=[family_id, kind]), {"member": str(member_id or "")})


def changes_visible_to(acting: Acting, shelf: str) -> QuerySet[ChangeRequest]:
    """Requests of one shelf; newest first by id."""
    rows = ChangeRequest.objects.select_related("family", "member", "requested_by", "decided_by")
    pending = ChangeRequest.State.PENDING
    if shelf in TO_DECIDE:
        return TO_DECIDE[shelf](acting).select_related("family", "member", "requested_by")
    if shelf == "mine":
        return rows.filter(requested_by_id=acting.person_id)
    return rows.filter(state=pending) if shelf == "open" else rows.exclude(state=pending)


def narrowed_to(rows: QuerySet[ChangeRequest], filters: Mapping[str, str]) -> QuerySet[ChangeRequest]:
    """Those of a kind and of a place, where these are asked for."""
    if filters["kind"]:
        rows = rows.filter(kind=filters["kind"])
    if filters["region"]:
        rows = rows.filter(village_code__startswith=region_asked(filters["region"]))
    return rows


def waiting_for(acting: Acting) -> QuerySet[ChangeRequest]:
    """Pending requests of others in the regions where the person decides here, but those of `denied_for`."""
    return _pending_of_others(acting).exclude(kind__in=ChangeRequest.HOLDS).exclude(kept())


def denied_for(acting: Acting) -> QuerySet[ChangeRequest]:
    """Those to hold what a family denies, which neither who asked for it nor who approved it decides: they hurry."""
    return _pending_of_others(acting).filter(kind__in=ChangeRequest.HOLDS).exclude(_brought(acting.person_id))


TO_DECIDE = {"denied": denied_for, "waiting": waiting_for}
"""Shelves of whoever decides."""


def _pending_of_others(acting: Acting) -> QuerySet[ChangeRequest]:
    """A move waits for whoever decides at both places."""
    rows = ChangeRequest.objects.filter(state=ChangeRequest.State.PENDING).exclude(requested_by_id=acting.person_id)
    rows = rows.alias(to=KT("after__village_code"))
    rows = rows.alias(left=Left("village_code", PROVINCE_DIGITS), reached=Left("to", PROVINCE_DIGITS))
    stays, moves = ~Q(kind=_Kind.MOVE), Q(kind=_Kind.MOVE)
    here, anywhere = acting.where(May.DECIDE_CHANGE), acting.where(May.DECIDE_MOVE)
    return rows.filter(
        Q(stays | Q(to__within=here), village_code__within=here)
        | Q(moves & ~Q(left=F("reached")), village_code__within=anywhere, to__within=anywhere)
    )


def right_to_decide(change: ChangeRequest) -> May:
    """What saying yes takes: of a move between provinces no office below the ministry has both places."""
    to = change.after.get("village_code", change.village_code)
    within = change.kind != _Kind.MOVE or to[:PROVINCE_DIGITS] == change.village_code[:PROVINCE_DIGITS]
    return May.DECIDE_CHANGE if within else May.DECIDE_MOVE


def decides(acting: Acting, change: ChangeRequest) -> bool:
    """Whether the person may say yes where the family lives and, where it moves, where it would live."""
    right = right_to_decide(change)
    places = {change.village_code, change.after.get("village_code", change.village_code)}
    return all(acting.may(right, place) for place in places)


def opens_evidence(acting: Acting, change: ChangeRequest) -> bool:
    """Whether the person may open what proves it: who asks for changes or decides them; of a move, who decides it."""
    return any(map(acting.may, ASK_OR_DECIDE)) or decides(acting, change)


def is_judge_of_own(acting: Acting, change: ChangeRequest) -> bool:
    """Whether it would hold an account or collector that the person asked for or approved: others decide that."""
    if change.kind not in ChangeRequest.HOLDS:
        return False
    return ChangeRequest.objects.filter(_brought(acting.person_id), pk=change.pk).exists()


def _brought(person: UUID) -> Q:
    """Requests to hold the account in force, or today's collector, that the person asked for or approved.

    By a request, or by a list of the place that was applied, or undone, on the day from which its waiting is counted.
    """
    account = Account.objects.filter(
        Q(requested_by_id=person) | Q(approved_by_id=person) | Q(_by_list(person, "usable_from")),
        family=OuterRef("family"), valid_until__isnull=True,
    )  # fmt: skip
    collector = ChangeRequest.objects.filter(
        Q(requested_by_id=person) | Q(decided_by_id=person), state=ChangeRequest.State.APPROVED,
        kind__in=ChangeRequest.OF_COLLECTOR, member=OuterRef("family__collector"),
    )  # fmt: skip
    collects = Q(Exists(collector)) | Q(_by_list(person, "family__collector_usable_from"))
    return Q(Exists(account), kind=_Kind.HOLD_ACCOUNT) | Q(collects, kind=_Kind.HOLD_COLLECTOR)


def _by_list(person: UUID, usable_from: str) -> Exists:
    waiting = Value(timedelta(days=COOLING_DAYS), DurationField())
    day = ExpressionWrapper(OuterRef(usable_from) - waiting, DateTimeField())
    brought = Q(taken_by_id=person) | Q(applied_by_id=person)
    applied = Q(brought, state=Intake.State.APPLIED, applied_at__date=day)
    undone = Q(state=Intake.State.UNDONE, ended_by_id=person, ended_at__date=day)
    lists = Intake.objects.alias(place=ExpressionWrapper(OuterRef("village_code"), TextField()))
    return Exists(lists.filter(applied | undone, place__startswith=F("region_code")))


def brought_by(change: ChangeRequest) -> ChangeRequest | None:
    """The approved request that brought what this one would hold; None where a list did, or for another kind."""
    rows = ChangeRequest.objects.filter(
        family=change.family_id, state=ChangeRequest.State.APPROVED, decided_at__lt=change.requested_at
    )
    if change.kind == _Kind.HOLD_ACCOUNT:
        channel, tail = change.before["channel"], change.before["account"]
        rows = rows.filter(kind=_Kind.ACCOUNT, after__channel=channel, identifier_tail=tail)
    elif change.kind == _Kind.HOLD_COLLECTOR:
        rows = rows.filter(kind__in=ChangeRequest.OF_COLLECTOR, member=change.before["collector"])
    else:
        return None
    return rows.select_related("requested_by", "decided_by").order_by("-decided_at").first()


def access_change(acting: Acting, change_id: UUID | str) -> ChangeRequest:
    """One request. Raises Http404."""
    beside = ("family__collector", "member", "requested_by", "decided_by", "evidence")
    rows = ChangeRequest.objects.select_related(*beside)
    change = found_or_404(rows.defer("evidence__file_sealed"), change_id)
    if not acting.may(May.SEE_FAMILIES, change.village_code):
        raise Http404
    return change


def is_open_to(acting: Acting, change: ChangeRequest) -> bool:
    """Whether it waits, and the person asks for changes or decides them there."""
    waits = change.state == ChangeRequest.State.PENDING
    return waits and any(acting.may(right, change.village_code) for right in ASK_OR_DECIDE)


@dataclass(frozen=True)
class Difference:
    """One line of before and after, in words."""

    label: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        """False where it only says what stays."""
        return self.before != self.after


def differences(change: ChangeRequest, names: dict[str, str]) -> list[Difference]:
    """Before beside after; `names` are those of the members by id. Identifiers show their last digits alone."""
    after = {"held": False, **change.after} if "held" in change.before else dict(change.after)
    if change.identifier_tail:
        after["account" if change.kind == ChangeRequest.Kind.ACCOUNT else "nik"] = change.identifier_tail
    if change.kind == _Kind.MOVE:
        before, to = (_whole_place(told["village_code"]) for told in (change.before, change.after))
        return [Difference(str(_LABELS["village_code"]), before, to)]
    return [
        Difference(str(label), shown(key, change.before.get(key), names), shown(key, after.get(key), names))
        for key, label in _LABELS.items()
        if key in after or key in change.before
    ]


def _whole_place(village: str) -> str:
    """`Mantuil, Banjarmasin Selatan, Kota Banjarmasin, Kalimantan Selatan`."""
    place: RegionCode | None = RegionCode.parse(village)
    names = []
    while place:
        names.append(region_name(place.digits))
        place = place.parent
    return ", ".join(names)


def is_untold(change: ChangeRequest) -> bool:
    """Whether it would leave a family without money that nobody told so: none was met, or a judgement asked for it."""
    return change.kind in (_Kind.SUSPEND, _Kind.END) and not change.after.get("told_on")


def age_to_check(change: ChangeRequest) -> int | None:
    """How old whoever is said to be pregnant was on the day it was asked for, where a mistake is likely; else None."""
    if change.kind != ChangeRequest.Kind.PREGNANCY or not change.after.get("pregnancy_no") or change.member is None:
        return None
    born, asked = change.member.birth_date, timezone.localdate(change.requested_at)
    age = asked.year - born.year - ((asked.month, asked.day) < (born.month, born.day))
    return None if PREGNANT_FROM <= age <= PREGNANT_TO else age

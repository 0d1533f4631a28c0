"""What each kind of change does to the family, once another person has said yes; `current` is what it replaces."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import in_territory
from gandeng.accounts.machine import MACHINE
from gandeng.audit.sealing import Place, blind, blind_account, seal, unseal
from gandeng.core.channels import POST
from gandeng.registry.cooling import NEVER, usable_from
from gandeng.registry.deciles import newest_reading
from gandeng.registry.models import Account, ChangeRequest, DecileReading, Family, Member
from gandeng.registry.queries import account_in_force, last_end

Kind = ChangeRequest.Kind
Status = Family.Status

MEMBER_FIELDS: dict[Kind, tuple[str, ...]] = {
    Kind.DEATH: ("deceased_on",), Kind.LEFT: ("left_on",), Kind.BACK: ("deceased_on", "left_on"),
    Kind.SCHOOL_LEVEL: ("school_level",),
    Kind.PREGNANCY: ("pregnancy_no",), Kind.DISABILITY: ("severe_disability",),
    Kind.IDENTITY: ("name", "birth_date", "sex"),
}  # fmt: skip
"""What each kind writes of a member."""
_DAYS = frozenset({"deceased_on", "left_on", "birth_date"})
STATUS_MOVES: dict[Kind, tuple[frozenset[str], str]] = {
    Kind.SUSPEND: (frozenset({Status.ACTIVE}), Status.SUSPENDED),
    Kind.RESUME: (frozenset({Status.SUSPENDED, Status.GRADUATED, Status.ENDED}), Status.ACTIVE),
    Kind.GRADUATE: (frozenset({Status.ACTIVE, Status.SUSPENDED}), Status.GRADUATED),
    Kind.END: (frozenset({Status.PROPOSED, Status.VALIDATED, Status.ACTIVE, Status.SUSPENDED}), Status.ENDED),
}
OF_MEMBER = frozenset({*MEMBER_FIELDS, Kind.NIK, Kind.COLLECTOR})
_NUMBER_TAIL = re.compile(r"-([0-9]+)$")


def current(kind: str, family: Family, member: Member | None) -> dict[str, Any]:
    """What stands now where the change would write; compared again when it is decided."""
    kind = Kind(kind)
    if kind in MEMBER_FIELDS:
        return {field: plain(getattr(member, field)) for field in MEMBER_FIELDS[kind]}
    if kind is Kind.NIK:
        return {"nik": member.nik_last4 if member else ""}
    if kind is Kind.COLLECTOR:
        return {"collector": str(family.collector_id or "")} | _if_held(family.collector_is_held)
    if kind is Kind.ACCOUNT:
        account = account_in_force(family)
        told = {"channel": account.channel, "account": account.account_last3} if account else {}
        return told | _if_held(bool(account and account.is_held))
    if kind in ChangeRequest.HOLDS:
        return _to_hold(kind, family)
    if kind is Kind.DECILE:
        reading = newest_reading(family)
        return {"decile": reading.decile, "read_on": reading.read_on.isoformat()} if reading else {}
    if kind is Kind.MOVE:
        return {"village_code": family.village_code}
    return {"status": family.status} if kind in STATUS_MOVES else {}


def _if_held(is_held: bool) -> dict[str, Any]:
    return {"held": True} if is_held else {}


def _to_hold(kind: Kind, family: Family) -> dict[str, Any]:
    """What the family may say it did not ask for, with the day that tells it from another one."""
    if kind is Kind.HOLD_COLLECTOR:
        told = {"collector": str(family.collector_id or "")}
        return told | _since(family.collector_usable_from, is_held=family.collector_is_held)
    if (account := account_in_force(family)) is None:
        return {}
    told = {"channel": account.channel, "account": account.account_last3}
    return told | _since(account.usable_from, is_held=account.is_held)


def _since(day: date | None, *, is_held: bool) -> dict[str, Any]:
    return {"usable_from": "" if is_held or day is None else day.isoformat(), "held": is_held}


def held(kind: str, family: Family) -> dict[str, Any]:
    """`after` of a request to hold what the family has: the same, paid by from no day on."""
    return current(kind, family, None) | {"usable_from": "", "held": True}


def plain(value: Any) -> Any:
    """As JSON would have it."""
    return value.isoformat() if isinstance(value, date) else value


def refusal(kind: str, family: Family, member: Member | None, after: dict[str, Any]) -> str:
    """Why the change to `after` cannot be made of this family or member at all; "" where it can."""
    kind = Kind(kind)
    if kind in OF_MEMBER and (why := _not_of_member(kind, family, member)):
        return why
    if kind is Kind.PREGNANCY and member and member.sex == "M" and after.get("pregnancy_no"):
        return _("Kehamilan tidak dicatat bagi anggota laki-laki. Periksa anggota yang dipilih.")
    if kind is Kind.IDENTITY and member and after.get("sex") == "M" and member.pregnancy_no:
        return _("Kehamilan tercatat pada anggota ini. Akhiri kehamilannya dahulu.")
    if kind is Kind.IDENTITY and date.fromisoformat(after["birth_date"]) > timezone.localdate():
        return _("Tanggal lahirnya belum tiba.")
    if kind is Kind.LEFT and member and member.pk == family.collector_id:
        return _("Anggota itu pengurus. Ganti pengurusnya dahulu.")
    if kind is Kind.COLLECTOR and member and not member.nik_index:
        return _("Pengurus harus mempunyai NIK. Lengkapi NIK-nya dahulu.")
    if kind is Kind.COLLECTOR and member and member.pk == family.collector_id and not family.collector_is_held:
        return _("Anggota itu sudah menjadi pengurus.")
    if kind in ChangeRequest.HOLDS:
        return not_to_hold(kind, family, account_in_force(family))
    return not_to_move(kind, family) if kind in STATUS_MOVES else ""


def not_to_move(kind: str, family: Family) -> str:
    """Why no request leads from the family's status to that of `kind`; "" where one does."""
    if family.status not in STATUS_MOVES[Kind(kind)][0]:
        status = family.get_status_display().lower()
        return _("Keluarga berstatus %(status)s, sehingga tidak dapat diubah begitu.") % {"status": status}
    if kind != Kind.RESUME or family.status != Status.ENDED:
        return ""
    reason, before = last_end(family) or (None, "")
    if reason != family.status_reason:
        return _("Keluarga ini berakhir menurut daftar kementerian. Hanya daftar berikutnya yang mengaktifkannya lagi.")
    if before not in (Status.ACTIVE, Status.SUSPENDED):
        return _("Keluarga ini belum pernah aktif saat diakhiri. Hanya daftar kementerian yang mengaktifkannya.")
    return ""


def _not_of_member(kind: Kind, family: Family, member: Member | None) -> str:
    if member is not None and member.family_id == family.pk and member.is_gone == (kind is Kind.BACK):
        return ""
    if kind is Kind.BACK:
        return _("Anggota itu tidak tercatat meninggal atau keluar dari keluarga ini.")
    return _("Anggota itu sudah meninggal atau keluar dari keluarga.")


def not_to_hold(kind: str, family: Family, account: Account | None) -> str:
    """Why the family's collector, or its `account` in force, cannot be held; "" where it can."""
    if kind == Kind.HOLD_COLLECTOR:
        if family.collector_is_held:
            return _("Pengurusnya sudah ditahan.")
        if family.collector_id is None or not family.collector_is_new:
            return _("Pengurus keluarga ini tidak pernah diganti. Bila keliru, mintalah pengurus yang benar.")
        return ""
    unopened = account is not None and account.account_index is None and account.channel != POST
    if account is None or not account.is_new or (unopened and account.usable_from != NEVER):
        return _("Rekening keluarga ini tidak pernah diganti. Bila keliru, mintalah rekening yang benar.")
    if account.usable_from == NEVER:
        return _("Rekeningnya sudah ditahan.")
    return ""


def apply_change(change: ChangeRequest, family: Family, member: Member | None, today: date) -> None:
    """Do it, in the caller's transaction."""
    kind = Kind(change.kind)
    if kind in MEMBER_FIELDS and member:
        for field in MEMBER_FIELDS[kind]:
            told = change.after[field]
            setattr(member, field, date.fromisoformat(told) if told and field in _DAYS else told)
        member.save()
    elif kind in STATUS_MOVES:
        family.status, family.status_reason = STATUS_MOVES[kind][1], change.reason
        family.save()
    else:
        _APPLY[kind](change, family, member, today)
    if names_collector_anew(change, family):
        family.collector_usable_from = max(usable_from(today), family.collector_usable_from or today)
        family.save()


def names_collector_anew(change: ChangeRequest, family: Family) -> bool:
    """Whether whoever collects would have another name or another NIK: to a bank or the post, another person.

    A first NIK is none: without one nobody could collect.
    """
    if change.member_id is None or change.member_id != family.collector_id:
        return False
    if change.kind == Kind.NIK:
        return bool(change.before["nik"])
    names = [told.get("name", "").casefold() for told in (change.before, change.after)]
    return change.kind == Kind.IDENTITY and names[0] != names[1]


def _birth(change: ChangeRequest, family: Family, member: Member | None, today: date) -> None:  # noqa: ARG001
    pk, nik = uuid4(), opened(change)
    Member.objects.create(
        pk=pk, member_no=_next_number(family), family=family, village_code=family.village_code,
        nik_sealed=seal(nik, Place("registry_member", "nik", str(pk))), nik_index=blind("nik", nik), nik_last4=nik[-4:],
        name=change.after["name"], birth_date=date.fromisoformat(change.after["birth_date"]), sex=change.after["sex"],
    )  # fmt: skip


def _next_number(family: Family) -> str:
    """The next one; a member a list has put into another family, wherever that lives, keeps the one given here."""
    given_here = Q(member_no__gte=f"{family.family_no}-", member_no__lt=f"{family.family_no}.")
    with in_territory(MACHINE):
        given = dict(Member.objects.filter(Q(family=family) | given_here).values_list("member_no", "family_id"))
    tails = (_NUMBER_TAIL.search(number) for number, owner in given.items() if owner == family.pk)
    following = max((int(found[1]) for found in tails if found), default=0) + 1
    while f"{family.family_no}-{following}" in given:
        following += 1
    return f"{family.family_no}-{following}"


def _nik(change: ChangeRequest, family: Family, member: Member | None, today: date) -> None:  # noqa: ARG001
    if member is None:
        raise ValueError(change.kind)
    nik = opened(change)
    member.nik_sealed = seal(nik, Place("registry_member", "nik", str(member.pk)))
    member.nik_index, member.nik_last4 = blind("nik", nik), nik[-4:]
    member.save()


def _collector(change: ChangeRequest, family: Family, member: Member | None, today: date) -> None:  # noqa: ARG001
    family.collector, family.collector_usable_from = member, usable_from(today)
    family.save()


def left_behind() -> Q:
    """Accounts that families which have ended leave to others, but for what they did not ask for."""
    return Q(family__status=Status.ENDED, account_index__isnull=False, usable_from__lt=NEVER)


def _account(change: ChangeRequest, family: Family, member: Member | None, today: date) -> None:  # noqa: ARG001
    pk, channel, number = uuid4(), change.after["channel"], opened(change)
    index = blind_account(channel, number)
    gone = Account.objects.filter(Q(family=family) | Q(left_behind(), account_index=index), valid_until__isnull=True)
    Account.objects.filter(pk__in=gone.values("pk")).update(valid_until=today)
    Account.objects.create(
        pk=pk, family=family, village_code=family.village_code, channel=channel,
        account_sealed=seal(number, Place("registry_account", "account", str(pk))),
        account_index=index, account_last3=number[-3:], valid_from=today,
        usable_from=usable_from(today), requested_by_id=change.requested_by_id, approved_by_id=change.decided_by_id,
    )  # fmt: skip


def _hold_collector(change: ChangeRequest, family: Family, member: Member | None, today: date) -> None:  # noqa: ARG001
    family.collector_usable_from = NEVER
    family.save()


def _hold_account(change: ChangeRequest, family: Family, member: Member | None, today: date) -> None:  # noqa: ARG001
    Account.objects.filter(family=family, valid_until__isnull=True).update(usable_from=NEVER)


def _move(change: ChangeRequest, family: Family, member: Member | None, today: date) -> None:  # noqa: ARG001
    village = change.after["village_code"]
    ChangeRequest.objects.filter(Q(family=family, state="PENDING") & ~Q(pk=change.pk)).update(village_code=village)
    Account.objects.filter(family=family).update(village_code=village)
    for one in Member.objects.filter(family=family):
        one.village_code = village
        one.save()
    family.village_code = village
    family.save()


def _decile(change: ChangeRequest, family: Family, member: Member | None, today: date) -> None:  # noqa: ARG001
    day = date.fromisoformat(change.after["read_on"])
    DecileReading.objects.create(family=family, decile=change.after["decile"], read_on=day, change=change)


_APPLY: dict[Kind, Callable[[ChangeRequest, Family, Member | None, date], None]] = {
    Kind.BIRTH: _birth, Kind.NIK: _nik, Kind.COLLECTOR: _collector, Kind.ACCOUNT: _account, Kind.MOVE: _move,
    Kind.DECILE: _decile, Kind.HOLD_ACCOUNT: _hold_account, Kind.HOLD_COLLECTOR: _hold_collector,
}  # fmt: skip


def place_of(change: ChangeRequest) -> Place:
    """Where the identifier of a request is sealed."""
    return Place("registry_changerequest", "identifier", str(change.pk))


def nik_of(member: Member) -> str:
    """A member's NIK in the open, for the length of a comparison; "" where there is none. No screen shows it."""
    sealed = bytes(member.nik_sealed)
    return unseal(sealed, Place("registry_member", "nik", str(member.pk))) if sealed else ""


def opened(change: ChangeRequest) -> str:
    """The identifier of a request, on its way to the row it belongs to; no screen shows it."""
    return unseal(bytes(change.identifier_sealed), place_of(change))

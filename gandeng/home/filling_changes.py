"""Changes in the try-out: what a facilitator asks for, and one that was approved and waits to be paid by."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.files import profiles
from gandeng.registry.actions import Proof, Wanted, approve_change, request_change
from gandeng.registry.actions.applying import held
from gandeng.registry.models import ChangeRequest, Family, Member

type Doing = Callable[[Acting], AbstractContextManager[Acting]]

_PUPILS, _FIRST, _FEW = 3, 40, 10
_KIND = ChangeRequest.Kind
_CARD = Proof("KTP asli dilihat saat kunjungan")


def fill_changes(facilitator: Acting, coordinator: Acting, doing: Doing) -> None:
    """Children change school, somebody is older than recorded; a collector's name was misspelt; an account that the
    family says it did not ask for waits, for the province, since the coordinator approved it."""
    with doing(facilitator):
        families = list(
            Family.objects.filter(status="ACTIVE").select_related("collector").order_by("family_no")[:_FIRST]
        )
        _schools(facilitator, families)
        named = _named(facilitator, families[-1:])
        _born(facilitator, families[-_FEW:-1])
        moved = _moved(facilitator, families[-2:-1])
    for change in (*named, *moved):
        with doing(coordinator):
            approve_change(coordinator, change, "Sesuai bukti yang dilihat")
    with doing(facilitator):
        for change in moved:
            _denied(facilitator, change)


def _schools(facilitator: Acting, families: list[Family]) -> None:
    pupils = [family.members.filter(school_level="SD", deceased_on=None).first() for family in families]
    for pupil in [one for one in pupils if one is not None][:_PUPILS]:
        request_change(
            facilitator, pupil.family, _KIND.SCHOOL_LEVEL, pupil, Wanted({"school_level": "SMP"}),
            "Naik ke kelas VII tahun ajaran ini", Proof("Rapor dilihat saat kunjungan"),
        )  # fmt: skip


def _named(facilitator: Acting, families: list[Family]) -> list[ChangeRequest]:
    collectors = [family.collector for family in families if family.collector]
    reason = "Nama depannya tertinggal di daftar"
    return [
        request_change(
            facilitator, one.family, _KIND.IDENTITY, one, _wanted(one, name=f"Noor {one.name}"), reason, _CARD
        )
        for one in collectors
    ]


def _moved(facilitator: Acting, families: list[Family]) -> list[ChangeRequest]:
    reason, proof = "Buku tabungan yang lama hilang", Proof("Buku tabungan BNI")
    wanted = Wanted({"channel": "BNI"}, "7" * (profiles.load("BNI").account_digits or 10))
    return [request_change(facilitator, one, _KIND.ACCOUNT, None, wanted, reason, proof) for one in families]


def _denied(facilitator: Acting, change: ChangeRequest) -> None:
    family, kind = Family.objects.get(pk=change.family_id), _KIND.HOLD_ACCOUNT
    wanted = Wanted(held(kind, family))
    request_change(facilitator, family, kind, None, wanted, "Keluarga masih memegang buku tabungan yang lama", Proof())


def _born(facilitator: Acting, families: list[Family]) -> None:
    """The oldest under sixty among them, recorded thirty years too young: one digit."""
    sixty = timezone.localdate() - timedelta(days=60 * 365.25)
    living = Member.objects.filter(family__in=families, deceased_on=None, left_on=None, birth_date__gt=sixty)
    living = living.exclude(birth_date__month=2, birth_date__day=29)
    for one in living.select_related("family").order_by("birth_date", "member_no")[:1]:
        born = one.birth_date.replace(year=one.birth_date.year - 30)
        wanted = _wanted(one, birth_date=born.isoformat())
        request_change(facilitator, one.family, _KIND.IDENTITY, one, wanted, "Tahun lahirnya salah ketik", _CARD)


def _wanted(member: Member, **told: str) -> Wanted:
    return Wanted({"name": member.name, "birth_date": member.birth_date.isoformat(), "sex": member.sex} | told)

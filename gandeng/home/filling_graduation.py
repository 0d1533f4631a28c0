"""Graduation in the try-out: one that waits for a decision, one that the family is to be told of, one carried out."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.core.calculation import CheckFailed
from gandeng.graduation import actions
from gandeng.graduation.actions import GraduationRefused
from gandeng.graduation.models import Case, Kind
from gandeng.graduation.published import items_of
from gandeng.graduation.queries import candidates
from gandeng.graduation.signing import drawn
from gandeng.graduation.standing import prospects_of
from gandeng.policy import PolicyGap
from gandeng.registry.models import Family, Member

type Doing = Callable[[Acting], AbstractContextManager[Acting]]

_STROKES = "[[[60,150],[90,60],[120,150],[150,70],[180,150],[220,90],[260,150]],[[280,120],[340,110],[420,130]]]"
_SEARCHED = 20
_TOLD = "Di rumah keluarga; suratnya dibacakan."


def fill_graduation(facilitator: Acting, coordinator: Acting, doing: Doing) -> None:
    """Of her families: two that chose it or are better off, and one without a component if there is one."""
    chosen = _families(facilitator, doing)
    for place, (family, kind) in enumerate(chosen):
        case = _prepared(facilitator, family, kind, doing)
        if case is None or place == 0:
            continue
        with doing(coordinator):
            actions.decide(coordinator, case, yes=True, words="Keluarga mengerti dan setuju; berkasnya lengkap.")
        if place == 1:
            continue
        with doing(facilitator):
            actions.tell(facilitator, case, timezone.localdate(), _TOLD)
        with doing(coordinator):
            actions.carry_out(coordinator, case)


def _families(facilitator: Acting, doing: Doing) -> list[tuple[Family, str]]:
    with doing(facilitator):
        own = list(Family.objects.filter(status="ACTIVE").order_by("-family_no")[:3])
        found = list(zip(own, (str(Kind.INDEPENDENT), str(Kind.IMPROVED)), strict=False))
        natural = _natural({family.pk for family, _kind in found})
        last = (natural, str(Kind.NATURAL)) if natural else None
        return [*found, last] if last else [*found, *((family, str(Kind.INDEPENDENT)) for family in own[2:])]


def _natural(taken: set[UUID]) -> Family | None:
    """The first candidate of whom nobody counts in the next stage either."""
    today = timezone.localdate()
    rows = [family for family in candidates({}, today).order_by("family_no")[:_SEARCHED] if family.pk not in taken]
    try:
        found = prospects_of(rows, today)
    except (PolicyGap, CheckFailed):
        return None
    return next((family for family in rows if family.pk in found and found[family.pk].no_component), None)


def _prepared(facilitator: Acting, family: Family, kind: str, doing: Doing) -> Case | None:
    today = timezone.localdate()
    with doing(facilitator):
        try:
            case = actions.open_case(facilitator, family, kind, _REASONS[kind])
        except GraduationRefused:
            return None
        actions.check(facilitator, case, today, dict.fromkeys(items_of(kind), "YES"))
        actions.visit(facilitator, case, today, "FITS", "Bertemu pengurus di rumahnya; keadaannya sesuai catatan.")
        if kind != Kind.NATURAL:
            signer = Member.objects.filter(family=family, left_on=None, deceased_on=None).order_by("member_no").first()
            if signer is None:
                return None
            actions.state_own(
                facilitator, case, today, signer, drawn(_STROKES), drawn=True, words="Dibacakan, lalu ditandatangani."
            )
        actions.propose(facilitator, case, "Berkas lengkap; keluarga mengerti akibatnya.")
        return case


_REASONS: dict[str, str] = {
    Kind.NATURAL: "Anak terakhir sudah lulus; tidak ada lagi anggota yang menjadi komponen.",
    Kind.INDEPENDENT: "Keluarga sendiri ingin keluar karena usahanya sudah berjalan.",
    Kind.IMPROVED: "Penghasilan keluarga membaik sejak warungnya ramai.",
}

"""What became of a family in a stage of money, told by a package above, and what that says of a suspension."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from gandeng.commitments.suspension_queries import Standing, Suspension
from gandeng.registry.models import Family
from gandeng.web.templatetags.gandeng import rupiah, tahap, tanggal

type Key = tuple[int, int]
"""Year and stage."""


@dataclass(frozen=True)
class Frozen:
    """A stage whose data are frozen: when, and what the family is due by the calculation in force."""

    at: datetime
    calculated: bool = False
    amount_rupiah: int | None = None
    """None before the calculation, and where it has no row of the family that one sees."""
    inactive: bool = False
    """It was frozen as a family that is not active, so every member says so."""
    may_freeze_again: bool = False


type Tell = Callable[[Family, Collection[Key]], dict[Key, Frozen]]
_TELL: list[Tell] = []


def register_stages(tell: Tell) -> None:
    """`tell` gives the frozen ones of these stages, in a query or two. The same again changes nothing."""
    if tell not in _TELL:
        _TELL.append(tell)


def frozen_of(family: Family, suspensions: Iterable[Suspension]) -> dict[Key, Frozen]:
    """By year and stage, of those the suspensions are about."""
    keys = {key_of(each) for each in suspensions}
    return {key: one for tell in _TELL for key, one in (tell(family, keys) if keys else {}).items()}


def key_of(suspension: Suspension) -> Key:
    """The stage it is about."""
    about = suspension.decision.recommendation
    return about.cycle_year, about.cycle_stage


def told_of(suspension: Suspension | None, known: Mapping[Key, Frozen]) -> list[str]:
    """What is true of its stage and this decision, sentence by sentence; nothing where nobody decided to suspend."""
    if suspension is None:
        return []
    now = suspension.standing()
    words = _of_stage(suspension, now, known.get(key_of(suspension)))
    if now == Standing.TERM_RUNS:
        words.append(_("Keluarga dapat berkeberatan sampai %(until)s.") % {"until": tanggal(suspension.until)})
    return words


def _of_stage(suspension: Suspension, now: Standing, frozen: Frozen | None) -> list[str]:
    if frozen is None:
        return [_before_freezing(suspension, now)]
    facts = _facts(suspension, frozen)
    if frozen.amount_rupiah is None:
        return [_unknown(frozen) % facts]
    then = suspension.standing(frozen.at)
    if then == Standing.HOLDS and not frozen.inactive:
        words = _("Hak keluarga ini pada %(stage)s, yang datanya dibekukan pada %(day)s: %(amount)s.")
        return [words % facts]
    if then == Standing.HOLDS:
        words = _("Penangguhan ini diterapkan pada %(stage)s, yang datanya dibekukan pada %(day)s: %(amount)s.")
        return [words % facts, *_lifted_since(now, frozen)]
    if frozen.inactive:
        words = _("Pada %(stage)s keluarga ini dibekukan sebagai tidak aktif pada %(day)s: %(amount)s.")
    else:
        words = _("Penangguhan ini tidak sampai ke %(stage)s, yang datanya dibekukan pada %(day)s: %(amount)s.")
    return [words % facts, _at_freezing(then)]


def _unknown(frozen: Frozen) -> str:
    if frozen.calculated:
        return _("Data %(stage)s dibekukan pada %(day)s; di wilayah Anda tidak ada hitungan keluarga ini.")
    return _("Data %(stage)s dibekukan pada %(day)s dan belum dihitung. Hasilnya tampil di sini sesudahnya.")


def _facts(suspension: Suspension, frozen: Frozen) -> dict[str, str]:
    year, stage = key_of(suspension)
    return {"stage": tahap(f"{year}-{stage}"), "day": tanggal(frozen.at), "amount": rupiah(frozen.amount_rupiah)}


def _before_freezing(suspension: Suspension, now: Standing) -> str:
    year, stage = key_of(suspension)
    words = {
        Standing.REPLACED: _("Lembar baru mengganti rekomendasinya: penangguhan ini tidak sampai ke %(stage)s."),
        Standing.NOT_TOLD: _("Belum berlaku: keluarga belum diberi tahu."),
        Standing.UPHELD: _("Keberatan diterima: penangguhan ini dibatalkan dan tidak sampai ke %(stage)s."),
        Standing.OBJECTED: _("Tidak berlaku selama keberatannya belum dijawab."),
        Standing.TERM_RUNS: _(
            "Belum berlaku selama keluarga dapat berkeberatan. Tanpa keberatan, bantuan %(stage)s menjadi nol "
            "bila datanya dibekukan sesudah itu."
        ),
        Standing.HOLDS: _("Berlaku: bantuan %(stage)s menjadi nol bila datanya dibekukan sekarang."),
    }[now]
    return words % {"stage": tahap(f"{year}-{stage}")}


def _at_freezing(then: Standing) -> str:
    return {
        Standing.REPLACED: _("Saat itu rekomendasinya sudah diganti lembar baru."),
        Standing.NOT_TOLD: _("Saat itu belum tercatat bahwa keluarga diberi tahu."),
        Standing.UPHELD: _("Saat itu keberatan keluarga sudah diterima."),
        Standing.OBJECTED: _("Saat itu keberatan keluarga belum dijawab."),
        Standing.TERM_RUNS: _("Saat itu keluarga masih dapat berkeberatan."),
    }[then]


def _lifted_since(now: Standing, frozen: Frozen) -> list[str]:
    """Why the decision no longer holds, and what that does to a stage it reached; nothing where it does."""
    lifted = {
        Standing.REPLACED: _("Sesudah itu lembar baru mengganti rekomendasinya."),
        Standing.UPHELD: _("Sesudah itu keberatan keluarga diterima: penangguhan dibatalkan."),
        Standing.OBJECTED: _("Sesudah itu keberatan keluarga tercatat dan belum dijawab."),
    }
    if now not in lifted:
        return []
    if frozen.may_freeze_again:
        again = _(
            "Daftar bayarnya belum keluar: tahap ini dapat dibekukan dan dihitung lagi, dan penangguhannya tidak ikut "
            "lagi."
        )
        return [lifted[now], again]
    out = {
        Standing.UPHELD: _("Daftar bayarnya sudah keluar: uang tahap ini dibayar lewat daftar susulan."),
        Standing.REPLACED: _(
            "Daftar bayarnya sudah keluar: bila lembar baru tidak lagi menangguhkan, uang tahap ini dibayar lewat "
            "daftar susulan."
        ),
        Standing.OBJECTED: _(
            "Daftar bayarnya sudah keluar: bila keberatannya diterima, uang tahap ini dibayar lewat daftar susulan."
        ),
    }
    return [lifted[now], out[now]]

"""Where a cycle stands and what comes next, in words for its page."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.payments.levels import AFTER_INSTRUCTION, asked, fully_approved, next_level
from gandeng.payments.models import Cycle, HeldPayment, PaymentList

State = Cycle.State
Held = HeldPayment.Reason

_STEPS: tuple[tuple[Promise, tuple[State, ...]], ...] = (
    (gettext_lazy("Buka tahap"), (State.OPEN,)),
    (gettext_lazy("Bekukan data"), (State.FROZEN,)),
    (gettext_lazy("Hitung hak"), (State.CALCULATED,)),
    (gettext_lazy("Buat daftar"), (State.LISTED,)),
    (gettext_lazy("Setujui"), (State.APPROVED,)),
    (gettext_lazy("Perintah bayar"), (State.INSTRUCTED, State.RECONCILING)),
    (gettext_lazy("Rekonsiliasi dan tanda tangan"), (State.SIGNED,)),
    (gettext_lazy("Tutup"), (State.CLOSED,)),
)
"""Label, and the states that say the step is done and the next one runs."""


@dataclass(frozen=True)
class Next:
    """The one next action: what it does; `step` names it, or `href` leads to its page; neither: others act."""

    title: str
    does: str
    button: str = ""
    step: str = ""
    href: str = ""


def _done(cycle: Cycle) -> int:
    """Place of the last step that is done."""
    return next(place for place, (_label, states) in enumerate(_STEPS) if cycle.state in states)


def step_of(cycle: Cycle) -> tuple[int, int]:
    """Number of the step the cycle is at, and how many there are."""
    return min(_done(cycle) + 2, len(_STEPS)), len(_STEPS)


def steps_of(cycle: Cycle, lists: list[PaymentList]) -> list[dict[str, str]]:
    """For `c-stepper`."""
    done = _done(cycle)
    told = []
    for place, (label, _states) in enumerate(_STEPS):
        state = "done" if place <= done else "current" if place == done + 1 else "todo"
        told.append({"label": str(label), "state": state, "note": ""})
    if cycle.state == State.LISTED:
        approved = sum(next_level(cycle, each.state) is None for each in lists)
        told[4]["note"] = ngettext("%(approved)s dari %(n)s daftar", "%(approved)s dari %(n)s daftar", len(lists)) % {
            "approved": approved, "n": len(lists),
        }  # fmt: skip
    return told


def next_step(acting: Acting, cycle: Cycle, every: list[PaymentList], waiting: int) -> Next:
    """What this person can do now, or who has to act. `every`: the stage's own lists and the supplementary ones."""
    lists = [each for each in every if not each.round]
    runs, orders = (acting.may(may, cycle.region_code) for may in (May.RUN_CYCLE, May.INSTRUCT))
    if waiting:
        return Next(
            _("Daftar menunggu persetujuan Anda"),
            ngettext(
                "%(n)s daftar sudah diajukan. Baca jumlahnya, lalu setujui atau kembalikan dengan alasan.",
                "%(n)s daftar sudah diajukan. Baca jumlahnya, lalu setujui atau kembalikan dengan alasan.", waiting,
            ) % {"n": waiting},
            _("Periksa dan setujui"), href="payments:approve",
        )  # fmt: skip
    late = [each for each in every if each.round]
    told = _of_rounds(cycle, late, runs=runs) or _of_state(cycle, lists, runs=runs, orders=orders)
    if runs or orders or not told.button:
        return told
    return Next(told.title, _("%(does)s Petugas wilayah ini yang melakukannya.") % {"does": told.does})


def _of_state(cycle: Cycle, lists: list[PaymentList], *, runs: bool, orders: bool) -> Next:
    if cycle.state == State.OPEN:
        return Next(
            _("Bekukan data keluarga"),
            _(
                "Data keluarga, anggota, pengurus, dan rekening disalin seperti adanya hari ini. Perubahan sesudahnya "
                "tidak ikut, kecuali data dibekukan ulang."
            ),
            _("Bekukan data"), "freeze",
        )  # fmt: skip
    if cycle.state == State.FROZEN:
        return Next(
            _("Hitung hak tiap keluarga"),
            _(
                "Jumlah tiap keluarga dihitung dari data yang dibekukan dan angka kebijakan, beserta alasan tiap "
                "anggota."
            ),
            _("Hitung hak"), "calculate",
        )  # fmt: skip
    if cycle.state == State.CALCULATED:
        return Next(
            _("Buat daftar bayar"),
            _(
                "Satu daftar untuk tiap kabupaten/kota dan penyalur. Keluarga yang rekening atau pengurusnya belum "
                "dapat dipakai ditahan dan disebutkan alasannya."
            ),
            _("Buat daftar"), "lists",
        )  # fmt: skip
    if cycle.state in (State.LISTED, State.APPROVED):
        return _while_listed(cycle, lists, runs=runs, orders=orders)
    if cycle.state == State.SIGNED:
        return Next(
            _("Tutup tahap"),
            _(
                "Sesudah ditutup tidak ada yang dapat berubah. Uang yang kembali kemudian dicatat sebagai koreksi di "
                "tahap lain."
            ),
            _("Tutup tahap"), href="payments:close",
        )  # fmt: skip
    words = {
        State.INSTRUCTED: (_("Menunggu hasil bank dan pos"), _("Berkas hasil diunggah di halaman Rekonsiliasi.")),
        State.RECONCILING: (
            _("Rekonsiliasi berjalan"),
            _("Selisih diselesaikan dan ditandatangani di halaman Rekonsiliasi."),
        ),
        State.CLOSED: (_("Tahap ditutup"), _("Tidak ada lagi yang berubah pada tahap ini.")),
    }
    return Next(*words[State(cycle.state)])


def _of_rounds(cycle: Cycle, late: list[PaymentList], *, runs: bool) -> Next | None:
    """Of supplementary lists that are made and not ordered: they come before the closing, which they stop."""
    if cycle.state not in AFTER_INSTRUCTION:
        return None
    if runs and (drafts := sum(each.state == PaymentList.State.DRAFT for each in late)):
        return Next(
            _("Ajukan daftar susulan"),
            ngettext("%(n)s daftar susulan masih draf.", "%(n)s daftar susulan masih draf.", drafts) % {"n": drafts},
            _("Periksa dan ajukan"), href="payments:submit",
        )  # fmt: skip
    if cycle.state != State.SIGNED or all(each.state == PaymentList.State.INSTRUCTED for each in late):
        return None
    return Next(
        _("Selesaikan daftar susulan"),
        _("Daftarnya disetujui, lalu diperintahkan di Rekonsiliasi, bagian Susulan; sesudah itu tahap ditutup."),
    )  # fmt: skip


def _while_listed(cycle: Cycle, lists: list[PaymentList], *, runs: bool, orders: bool) -> Next:
    drafts = [each for each in lists if each.state == PaymentList.State.DRAFT]
    if drafts and runs:
        return Next(
            _("Ajukan daftar untuk disetujui"),
            ngettext(
                "%(n)s daftar masih draf. Yang mengajukan tidak dapat menyetujui; isinya tidak dapat berubah lagi "
                "selama diajukan.",
                "%(n)s daftar masih draf. Yang mengajukan tidak dapat menyetujui; isinya tidak dapat berubah lagi "
                "selama diajukan.", len(drafts),
            ) % {"n": len(drafts)},
            _("Periksa dan ajukan"), href="payments:submit",
        )  # fmt: skip
    ready = _ready_channels(cycle, lists)
    if ready and orders:
        return Next(
            _("Buat perintah bayar"),
            _("Semua daftar %(channels)s sudah disetujui. Berkas terkunci dibuat untuk tiap penyalur, sekali.")
            % {"channels": ", ".join(ready)},
            _("Buat perintah bayar"), href="payments:instruct",
        )  # fmt: skip
    if drafts:
        still = ngettext("%(n)s daftar masih draf.", "%(n)s daftar masih draf.", len(drafts)) % {"n": len(drafts)}
        return Next(_("Daftar belum diajukan"), still)
    levels = _(", lalu ").join(level.label.lower() for level in asked(cycle))
    does = _("Daftar disetujui berurutan: %(levels)s. Tiap tingkat oleh orang yang berbeda.") % {"levels": levels}
    return Next(_("Menunggu persetujuan"), does)


def _ready_channels(cycle: Cycle, lists: list[PaymentList]) -> list[str]:
    done = fully_approved(cycle)
    channels = sorted({each.channel for each in lists})
    return [name for name in channels if all(each.state == done for each in lists if each.channel == name)]


def held_words(cycle: Cycle) -> str:
    """How families that are held back come to be paid from here."""
    if cycle.state == State.CLOSED:
        return _(
            "Berhak menerima, tetapi tidak dibayar sebelum tahap ditutup. Dapat dibayar lewat susulan tahap berikutnya."
        )
    if cycle.state in AFTER_INSTRUCTION:
        return _(
            "Berhak menerima, tetapi belum masuk daftar tahap ini. Sesudah sebabnya selesai, buat daftar susulan di "
            "halaman Rekonsiliasi, bagian Susulan."
        )
    return _("Berhak menerima, tetapi belum masuk daftar tahap ini. Sesudah sebabnya selesai, buat ulang daftarnya.")


_ENDS_IT: dict[str, Promise] = {
    Held.PAID_ELSEWHERE: gettext_lazy("Tidak ada yang perlu dilakukan selama daftar wilayah itu memuatnya."),
    Held.DOUBLE: gettext_lazy(
        "Tidak ada yang perlu dilakukan. Bila bukan keluarga yang sama, minta Aktifkan kembali di halaman keluarga."
    ),
    Held.PAID_AS_DOUBLE: gettext_lazy(
        "Tidak ada yang perlu dilakukan selama pembayaran itu berjalan. Bila bukan keluarga yang sama, minta Aktifkan "
        "kembali di halaman keluarga yang diakhiri."
    ),
    Held.NO_COLLECTOR: gettext_lazy("Minta perubahan pengurus atau NIK-nya di halaman keluarga."),
    Held.NO_ACCOUNT: gettext_lazy("Minta perubahan rekening di halaman keluarga."),
    Held.ACCOUNT_SHARED: gettext_lazy(
        "Pastikan rekening itu milik siapa, lalu minta perubahannya di halaman keluarga."
    ),
    Held.ACCOUNT_DENIED: gettext_lazy("Diputuskan di Perubahan data, bagian Disangkal keluarga."),
    Held.COLLECTOR_DENIED: gettext_lazy("Diputuskan di Perubahan data, bagian Disangkal keluarga."),
}
"""Where more than waiting, or making lists, has to be done."""


def ends_it(reason: str) -> str:
    """What ends the reason why a family is held back; nothing where time or the next list does."""
    return str(_ENDS_IT.get(reason, ""))


def state_tone(state: str) -> str:
    """Colour of a list's or cycle's tag."""
    tones: dict[str, str] = {
        "DRAFT": "neutral",
        "SUBMITTED": "info",
        "INSTRUCTED": "good",
        "CLOSED": "neutral",
        "SIGNED": "good",
    }
    return tones.get(state, "info")


def crumbs(*items: tuple[str, str]) -> list[dict[str, Any]]:
    """For `c-breadcrumbs`."""
    return [{"label": label, "url": url} for label, url in items]

"""Where a cycle stands and what comes next, in words for its page."""

from dataclasses import dataclass
from typing import Any

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.payments.levels import asked, fully_approved, next_level
from gandeng.payments.models import Cycle, PaymentList

State = Cycle.State

_STEPS: tuple[tuple[str, tuple[State, ...]], ...] = (
    ("Buka tahap", (State.OPEN,)),
    ("Bekukan data", (State.FROZEN,)),
    ("Hitung hak", (State.CALCULATED,)),
    ("Buat daftar", (State.LISTED,)),
    ("Setujui", (State.APPROVED,)),
    ("Perintah bayar", (State.INSTRUCTED, State.RECONCILING)),
    ("Rekonsiliasi dan tanda tangan", (State.SIGNED,)),
    ("Tutup", (State.CLOSED,)),
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


def steps_of(cycle: Cycle, lists: list[PaymentList]) -> list[dict[str, str]]:
    """For `c-stepper`."""
    done = next(place for place, (_, states) in enumerate(_STEPS) if cycle.state in states)
    told = []
    for place, (label, _) in enumerate(_STEPS):
        state = "done" if place <= done else "current" if place == done + 1 else "todo"
        told.append({"label": label, "state": state, "note": ""})
    if cycle.state == State.LISTED:
        approved = sum(next_level(cycle, each.state) is None for each in lists)
        told[4]["note"] = f"{approved} dari {len(lists)} daftar"
    return told


def next_step(acting: Acting, cycle: Cycle, lists: list[PaymentList], waiting: int) -> Next:
    """What this person can do now, or who has to act."""
    runs, orders = (acting.may(may, cycle.region_code) for may in (May.RUN_CYCLE, May.INSTRUCT))
    if waiting:
        return Next(
            "Daftar menunggu persetujuan Anda",
            f"{waiting} daftar sudah diajukan. Baca jumlahnya, lalu setujui atau kembalikan dengan alasan.",
            "Periksa dan setujui", href="payments:approve",
        )  # fmt: skip
    told = _of_state(cycle, lists, runs=runs, orders=orders)
    return (
        told
        if runs or orders or not told.button
        else Next(told.title, f"{told.does} Petugas wilayah ini yang melakukannya.")
    )


def _of_state(cycle: Cycle, lists: list[PaymentList], *, runs: bool, orders: bool) -> Next:
    if cycle.state == State.OPEN:
        return Next(
            "Bekukan data keluarga",
            "Data keluarga, anggota, pengurus, dan rekening disalin seperti adanya hari ini. Perubahan sesudahnya "
            "tidak ikut, kecuali data dibekukan ulang.",
            "Bekukan data", "freeze",
        )  # fmt: skip
    if cycle.state == State.FROZEN:
        return Next(
            "Hitung hak tiap keluarga",
            "Jumlah tiap keluarga dihitung dari data yang dibekukan dan angka kebijakan, beserta alasan tiap anggota.",
            "Hitung hak", "calculate",
        )  # fmt: skip
    if cycle.state == State.CALCULATED:
        return Next(
            "Buat daftar bayar",
            "Satu daftar untuk tiap kabupaten/kota dan penyalur. Keluarga yang rekening atau pengurusnya belum dapat "
            "dipakai ditahan dan disebutkan alasannya.",
            "Buat daftar", "lists",
        )  # fmt: skip
    if cycle.state in (State.LISTED, State.APPROVED):
        return _while_listed(cycle, lists, runs=runs, orders=orders)
    if cycle.state == State.SIGNED:
        return Next(
            "Tutup tahap",
            "Sesudah ditutup tidak ada yang dapat berubah. Uang yang kembali kemudian dicatat sebagai koreksi di tahap "
            "lain.",
            "Tutup tahap", href="payments:close",
        )  # fmt: skip
    words = {
        State.INSTRUCTED: ("Menunggu hasil bank dan pos", "Berkas hasil diunggah di halaman Rekonsiliasi."),
        State.RECONCILING: (
            "Rekonsiliasi berjalan",
            "Selisih diselesaikan dan ditandatangani di halaman Rekonsiliasi.",
        ),
        State.CLOSED: ("Tahap ditutup", "Tidak ada lagi yang berubah pada tahap ini."),
    }
    return Next(*words[State(cycle.state)])


def _while_listed(cycle: Cycle, lists: list[PaymentList], *, runs: bool, orders: bool) -> Next:
    drafts = [each for each in lists if each.state == PaymentList.State.DRAFT]
    if drafts and runs:
        return Next(
            "Ajukan daftar untuk disetujui",
            f"{len(drafts)} daftar masih draf. Yang mengajukan tidak dapat menyetujui; isinya tidak dapat berubah lagi "
            "selama diajukan.",
            "Periksa dan ajukan", href="payments:submit",
        )  # fmt: skip
    ready = _ready_channels(cycle, lists)
    if ready and orders:
        return Next(
            "Buat perintah bayar",
            f"Semua daftar {', '.join(ready)} sudah disetujui. Berkas terkunci dibuat untuk tiap penyalur, sekali.",
            "Buat perintah bayar", href="payments:instruct",
        )  # fmt: skip
    if drafts:
        return Next("Daftar belum diajukan", f"{len(drafts)} daftar masih draf.")
    levels = ", lalu ".join(level.label.lower() for level in asked(cycle))
    return Next("Menunggu persetujuan", f"Daftar disetujui berurutan: {levels}. Tiap tingkat oleh orang yang berbeda.")


def _ready_channels(cycle: Cycle, lists: list[PaymentList]) -> list[str]:
    done = fully_approved(cycle)
    channels = sorted({each.channel for each in lists})
    return [name for name in channels if all(each.state == done for each in lists if each.channel == name)]


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

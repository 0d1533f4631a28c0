"""How steps, their facts and the family's statement are said."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.graduation.models import Case, Step
from gandeng.graduation.moves import StepKind
from gandeng.graduation.published import items
from gandeng.web.language import indonesian
from gandeng.web.templatetags.gandeng import rupiah, tahap, tanggal

ANSWERS = [("YES", gettext_lazy("Ya")), ("NO", gettext_lazy("Tidak")), ("UNKNOWN", gettext_lazy("Belum diketahui"))]
VISITED = [
    ("FITS", gettext_lazy("Keadaannya sesuai catatan")), ("DIFFERS", gettext_lazy("Keadaannya lain dari catatan")),
    ("ABSENT", gettext_lazy("Tidak bertemu keluarga")),
]  # fmt: skip
FARES = [
    ("BETTER", gettext_lazy("Membaik")), ("SAME", gettext_lazy("Tetap")), ("WORSE", gettext_lazy("Memburuk")),
    ("AWAY", gettext_lazy("Tidak ditemukan")),
]  # fmt: skip

STATE_TONES = {
    "PREPARING": "info", "PROPOSED": "warn", "APPROVED": "warn", "TOLD": "warn", "OBJECTED": "warn",
    "EFFECTIVE": "good", "OBJECTED_AFTER": "warn", "UPHELD": "warn", "REENTRY": "warn",
}  # fmt: skip
STEP_TONES = {
    "APPROVED": "good", "EFFECTIVE": "good", "REFUSED": "bad", "OBJECTED": "warn", "WITHDRAWN": "neutral",
    "RETURNED": "warn", "REENTERED": "good",
}  # fmt: skip


def act_words(kind: str) -> str:
    """The button that leads to the step."""
    return {
        "CHECKLIST": _("Isi daftar periksa"),
        "VISIT": _("Catat kunjungan"),
        "STATEMENT": _("Catat pernyataan keluarga"),
        "PROPOSED": _("Usulkan graduasi"),
        "RETURNED": _("Kembalikan untuk disiapkan lagi"),
        "APPROVED": _("Setujui graduasi"),
        "REFUSED": _("Jangan setujui"),
        "TOLD": _("Catat bahwa keluarga diberi tahu"),
        "OBJECTED": _("Catat keberatan keluarga"),
        "UPHELD": _("Terima keberatan"),
        "REJECTED": _("Tolak keberatan"),
        "EFFECTIVE": _("Berlakukan graduasi"),
        "WITHDRAWN": _("Catat bahwa keluarga menarik diri"),
        "FOLLOW_UP_6": _("Catat tindak lanjut 6 bulan"),
        "FOLLOW_UP_12": _("Catat tindak lanjut 12 bulan"),
        "REENTRY_ASKED": _("Minta keluarga masuk kembali"),
        "REENTERED": _("Setujui masuk kembali"),
        "REENTRY_REFUSED": _("Jangan setujui masuk kembali"),
    }[kind]


def kind_means(kind: str) -> str:
    """What each kind of graduation is."""
    return {
        "NATURAL": _("Tidak ada lagi anggota yang menjadi komponen, sehingga hak keluarga nol."),
        "INDEPENDENT": _("Keluarga sendiri memutuskan keluar."),
        "IMPROVED": _("Kesejahteraan keluarga membaik, ditunjukkan penghasilannya."),
    }[kind]


def statement_words(case: Case) -> str:
    """What the family signs. It names its number and no person."""
    told = {"family": case.family.family_no}
    why = {
        "NATURAL": _("Kami mengerti bahwa tidak ada lagi anggota kami yang menjadi komponen PKH."),
        "INDEPENDENT": _("Kami keluar dari PKH atas kehendak sendiri, tanpa disuruh atau dipaksa siapa pun."),
        "IMPROVED": _("Keadaan kami sudah membaik, dan kami keluar dari PKH tanpa dipaksa siapa pun."),
    }[case.kind]
    who = _("Yang bertanda tangan mewakili keluarga %(family)s.") % told
    knows = _(
        "Kami mengerti bahwa bantuan berhenti mulai tahap yang datanya belum dibekukan. Sebelum diberlakukan, "
        "pernyataan ini boleh kami tarik; terhadap keputusannya kami boleh berkeberatan."
    )
    return f"{who} {why} {knows}"


def signed_words(case: Case, note: str) -> str:
    """What was signed, in Indonesian, and what was noted beside it."""
    with indonesian():
        text = statement_words(case)
        return f"{text} {_('Catatan')}: {note}" if note else text


def facts_told(step: Step) -> list[str]:
    """What a step rests on, one line each."""
    facts: dict[str, Any] = step.facts
    if step.kind == StepKind.CHECKLIST:
        said = {str(code): str(label) for code, label in ANSWERS}
        known = items()
        return [
            f"{known[code].text.said()}: {said.get(answer, answer)}"
            for code, answer in facts.get("answers", {}).items()
            if code in known
        ]
    if step.kind == StepKind.STATEMENT:
        how = _("Tanda tangan di layar") if facts.get("how") == "DRAWN" else _("Foto pernyataan bermeterai")
        return [_("%(how)s, oleh anggota %(signer)s") % {"how": how, "signer": facts.get("signer", "")}]
    if "result" in facts:
        said = {str(code): str(label) for code, label in [*VISITED, *FARES]}
        return [said.get(facts["result"], facts["result"])]
    if "stage" in facts:
        return [_stage_told(step), *deciles_told(facts)]
    return []


def deciles_told(facts: Mapping[str, Any]) -> list[str]:
    """The readings a case or step rests on: `Desil 2 (1 Maret 2024) menjadi 4 (1 Juni 2026)`."""
    readings = [(decile, tanggal(date.fromisoformat(day))) for decile, day in facts.get("deciles", [])]
    if not readings:
        return []
    last = {"decile": readings[-1][0], "day": readings[-1][1]}
    if len(readings) == 1:
        return [_("Desil %(decile)s, dibaca %(day)s") % last]
    first = {"first": readings[0][0], "since": readings[0][1]}
    return [_("Desil %(first)s (%(since)s) menjadi %(decile)s (%(day)s)") % (last | first)]


def _stage_told(step: Step) -> str:
    amount = step.facts["amount_rupiah"]
    if amount is None:
        return _("Mulai %(stage)s; angka kebijakannya belum ada") % {"stage": tahap(step.facts["stage"])}
    told = {"stage": tahap(step.facts["stage"]), "amount": rupiah(amount)}
    if step.kind == StepKind.EFFECTIVE:
        return _("Berlaku mulai %(stage)s; tanpa graduasi haknya %(amount)s") % told
    return _("Hak pada %(stage)s: %(amount)s") % told

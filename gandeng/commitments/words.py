"""How reasons of verdicts are said."""

from django.utils.translation import gettext as _

from gandeng.commitments.models import Effect, Verdict
from gandeng.policy.commitment_rules import commitment_rules
from gandeng.words import language, sentences


def reason_words(verdict: Verdict) -> str:
    """Why, with the figures it rests on."""
    told = {"reached": verdict.reached, "wanted": verdict.wanted}
    return {
        "ATTENDED": _("Kehadiran terendah %(reached)s persen; diminta %(wanted)s persen setiap bulan"),
        "TOO_FEW_DAYS": _("Kehadiran terendah %(reached)s persen; diminta %(wanted)s persen setiap bulan"),
        "NO_DAYS": _("Tidak ada hari efektif sekolah"),
        "VISITED": _("%(reached)s kunjungan; diminta %(wanted)s"),
        "TOO_FEW_VISITS": _("%(reached)s kunjungan; diminta %(wanted)s"),
        "TOOK_PART": _("Ikut kegiatan %(reached)s kali"),
        "NO_MEASURE": _("Tidak ada ukuran tertulis untuk kewajiban ini"),
        "NO_SERVICE": _("Tidak ada sekolah atau petugas yang dapat didatangi"),
        "NO_DUTY": _("Tidak punya kewajiban ini pada akhir triwulan"),
        "MONTHS_MISSING": _("Ada bulan yang belum dicatat"),
    }[verdict.reason] % told


def sanction_not_applied(verdict: Verdict) -> str:
    """Of a duty not met in a quarter whose rule names another sanction than suspension; else nothing."""
    if verdict.verdict != Verdict.Kind.NOT_MET:
        return ""
    code = commitment_rules(verdict.year, verdict.quarter).sanction
    if code in (None, Effect.SUSPEND):
        return ""
    words = _(
        "Aturan triwulan itu menyebut sanksi “%(sanction)s”. Sistem tidak menerapkannya dan tidak merekomendasikannya."
    )
    return words % {"sanction": sentences(language(), "policy")[f"code_{code}"]}

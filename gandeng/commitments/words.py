"""How reasons of verdicts are said."""

from django.utils.translation import gettext as _

from gandeng.commitments.models import Verdict


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
        "MONTHS_MISSING": _("Ada bulan yang belum dicatat"),
    }[verdict.reason] % told

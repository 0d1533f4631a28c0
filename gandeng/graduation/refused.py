"""What the database's guards refuse, in words."""

from django.utils.translation import gettext as _

from gandeng.web.refusals import Refusal


class GraduationRefused(Refusal):
    """What was asked cannot be done; says why."""


def words_of(name: str) -> GraduationRefused | None:
    """Of a constraint or trigger of this package; None for another's."""
    told = {
        "graduation_one_open": _("Keluarga ini sudah mempunyai proses graduasi."),
        "graduation_moved": _("Keluarga ini sudah pindah. Mulai proses baru di tempatnya sekarang."),
        "graduation_order": _("Keadaannya sudah berubah. Muat ulang halamannya."),
        "graduation_step_once": _("Keadaannya sudah berubah. Muat ulang halamannya."),
        "graduation_incomplete": _("Daftar periksa, kunjungan, atau pernyataan keluarga belum ada."),
        "graduation_two_people": _("Yang menyiapkan atau meminta tidak memutuskannya."),
        "graduation_another_answers": _("Keberatan dijawab orang yang tidak ikut memutuskan atau mencatatnya."),
        "graduation_objected_once": _("Keberatan atas keputusan ini sudah dijawab."),
        "graduation_follow_up_once": _("Sudah dicatat sebelumnya."),
        "graduation_day": _("Hari itu belum tiba."),
        "graduation_by_case": _("Keadaannya sudah berubah. Muat ulang halamannya."),
    }
    return GraduationRefused(told[name]) if name in told else None

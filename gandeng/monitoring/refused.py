"""What the database's guards refuse, in words."""

from django.utils.translation import gettext as _

from gandeng.web.refusals import Refusal


class MonitoringRefused(Refusal):
    """What was asked cannot be done; says why."""


def words_of(name: str) -> MonitoringRefused | None:
    """Of a constraint or trigger of this package; None for another's."""
    own = _("Anda mendampingi keluarga ini, sehingga orang lain yang menanyakannya.")
    told = {
        "monitoring_draw_once": (_("Baru saja diundi orang lain. Muat ulang halamannya."), ""),
        "monitoring_drawn_once": (_("Baru saja diundi orang lain. Muat ulang halamannya."), ""),
        "monitoring_draw_reason": (_("Tulis alasannya."), "reason"),
        "monitoring_answer_once": (_("Baru saja dijawab melalui orang lain. Muat ulang halamannya."), ""),
        "monitoring_answer_corrects": (_("Keluarga ini sudah menjawab. Perbaiki jawabannya dari halamannya."), ""),
        "monitoring_answer_own": (own, ""),
        "monitoring_answer_day": (_("Hari itu belum tiba."), "on_day"),
        "monitoring_handing_own": (_("Orang itu mendampingi keluarga yang terundi. Pilih orang lain."), "to"),
        "monitoring_handing_near": (_("Pilih pendamping dari kecamatan lain."), "to"),
        "monitoring_handing_role": (_("Pilih salah satu yang ada."), "to"),
        "monitoring_opened_once": (_("Pengaduannya sudah dibuka dari jawaban ini."), ""),
    }
    return MonitoringRefused(*told[name]) if name in told else None

"""What every act here shares: what the database refuses, in words."""

from collections.abc import Mapping
from contextlib import AbstractContextManager

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.web.refusals import Refusal, guarded


class TrainingRefused(Refusal):
    """An act about trainings."""


_GUARDS: Mapping[str, tuple[Promise, str]] = {
    "course_once": (gettext_lazy("Kantor ini sudah punya pelatihan dengan judul itu."), "title"),
    "participant_place": (gettext_lazy("Orang ini bertugas di luar wilayah kegiatan."), "staff"),
    "participant_event_over": (gettext_lazy("Kegiatan ini sudah selesai atau dibatalkan."), ""),
    "participant_capacity": (gettext_lazy("Tempat duduk kegiatan ini sudah habis."), "capacity"),
    "participant_absent_max": (
        gettext_lazy("Terlalu banyak orang dari satu kecamatan akan pergi pada hari yang sama."),
        "absent_max",
    ),
    "participant_once": (gettext_lazy("Orang ini sudah tercatat dalam kegiatan ini."), "staff"),
    "participant_one_event_a_day": (
        gettext_lazy("Ada orang yang pada hari itu sudah terdaftar dalam kegiatan lain."),
        "staff",
    ),
    "event_over": (gettext_lazy("Kegiatan ini sudah selesai atau dibatalkan."), ""),
    "event_day": (gettext_lazy("Hari itu bukan hari kegiatan ini."), "day"),
    "event_days": (gettext_lazy("Hari terakhir tidak boleh sebelum hari pertama."), "ends_on"),
    "agendaitem_time": (gettext_lazy("Jam selesai harus sesudah jam mulai."), "ends_at"),
    "agendaitem_problem_once": (gettext_lazy("Masalah itu sudah ada dalam acara kegiatan ini."), ""),
    "eventday_once": (gettext_lazy("Hari itu sudah dibuka."), "day"),
    "attendance_once": (gettext_lazy("Kehadiran hari itu sudah tercatat."), ""),
    "attendance_invited": (gettext_lazy("Hanya yang diundang dapat dicatat hadir."), ""),
    "attendance_hand": (
        gettext_lazy("Kehadiran dicatat dengan kode hari itu, atau oleh penyelenggara untuk orang lain."),
        "",
    ),
    "question_options": (gettext_lazy("Soal punya dua sampai enam pilihan, dan yang benar ada di antaranya."), ""),
    "paper_once": (gettext_lazy("Tes itu sudah dibuka."), ""),
    "sitting_open": (gettext_lazy("Tes ini tidak terbuka untuk Anda sekarang."), ""),
    "sitting_once": (gettext_lazy("Tes ini sudah Anda mulai."), ""),
    "sitting_handed_in": (gettext_lazy("Tes ini sudah Anda serahkan."), ""),
    "opinion_own": (gettext_lazy("Hanya peserta yang menilai, selama kegiatan belum ditutup."), ""),
    "training_evaluationgiven_participant_id_key": (gettext_lazy("Anda sudah memberi penilaian."), ""),
    "problem_place": (gettext_lazy("Masalah itu bukan tentang wilayah kegiatan ini."), "region"),
    "problem_step": (gettext_lazy("Masalah ini sudah berubah sejak halaman itu dibuka. Muat ulang."), ""),
}
"""Constraints of `0001_initial` and `0002_guards`: the sentence, and the field it stands beside."""


def refusing(message: str = "", also: Mapping[str, TrainingRefused] | None = None) -> AbstractContextManager[None]:
    """What a guard of the database refuses, in words; acts inside are undone.

    `message` is for a move of state that a trigger refuses without a name; `also` are further constraints, or other
    words for known ones. What nobody expected stays an IntegrityError.
    """

    def words(name: str) -> TrainingRefused | None:
        if also and name in also:
            return also[name]
        if name in _GUARDS:
            sentence, field = _GUARDS[name]
            return TrainingRefused(str(sentence), field)
        return (
            None if name else TrainingRefused(message or _("Ini sudah berubah sejak halaman itu dibuka. Muat ulang."))
        )

    return guarded(words)

"""Sentences the door says; the app shows them as they are."""

from django.utils.translation import gettext as _


def bad_day() -> str:
    """No day at all."""
    return _("Isi tanggal yang benar.")


def day_to_come() -> str:
    """Yet to come, and no wrong clock explains it."""
    return _("Hari itu belum tiba. Periksa tanggal di ponsel Anda.")


def made_in_the_future() -> str:
    """The entry itself."""
    return _("Catatan ini berasal dari masa depan menurut jam kantor. Periksa jam ponsel, lalu catat lagi.")


def unreadable_field() -> str:
    """The envelope of an entry."""
    return _("Isian catatan ini tidak terbaca. Catat lagi dari aplikasi yang terbaru.")


def no_longer_hers() -> str:
    """The family."""
    return _("Keluarga ini bukan dampingan Anda hari ini. Catatan Anda disimpan; kantor yang memutuskan.")


def not_of_hers() -> str:
    """The group, or somebody on the sheet."""
    return _("Tidak semua yang dicatat di sini dampingan Anda hari ini. Catatan Anda disimpan; kantor yang memutuskan.")


def other_account() -> str:
    """The phone was entered by somebody else."""
    return _("Ponsel ini dipasang dengan akun lain. Masuk dengan akun itu; yang ada di ponsel tidak hilang.")


def unknown_kind() -> str:
    """Of entry, or of its version."""
    return _("Server belum mengenal jenis catatan ini. Catatan Anda disimpan; kantor yang memutuskan.")


def id_used() -> str:
    """Something else came before under the same id."""
    return _("Nomor catatan ini sudah dipakai untuk isi lain. Keduanya disimpan; kantor yang memutuskan.")


def not_allowed() -> str:
    """The role does not give the right any longer."""
    return _("Peran Anda tidak lagi mengizinkan catatan ini.")


def too_many_photos(most: int) -> str:
    """In one entry."""
    return _("Paling banyak %(most)d foto untuk satu catatan.") % {"most": most}


def too_much() -> str:
    """From one phone in a short while."""
    return _("Ponsel ini mengirim terlalu banyak sekaligus. Catatan tetap di ponsel dan dikirim lagi nanti.")


def too_long() -> str:
    """One entry."""
    return _("Catatan ini terlalu panjang.")

"""An office whose storage is full says so, instead of a page of faults."""

import errno

from django.utils.translation import gettext_lazy as _

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

FULL = _(
    "Ruang penyimpanan kantor penuh, jadi berkas ini belum diterima. Tidak ada yang berubah. Beri tahu"
    " pengelola Gandeng, lalu kirim lagi."
)


def is_full(error: OSError) -> bool:
    """True where a write failed for want of room."""
    return error.errno in _NO_ROOM

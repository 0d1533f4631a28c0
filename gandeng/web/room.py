"""An office whose storage is full says so, instead of a page of faults."""

import errno
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

FULL = _(
    "Ruang penyimpanan kantor penuh, jadi berkas ini belum diterima. Tidak ada yang berubah. Beri tahu"
    " pengelola Gandeng, lalu kirim lagi."
)


def is_full(error: OSError) -> bool:
    """True where a write failed for want of room."""
    return error.errno in _NO_ROOM


def keep_upload(folder: Path, name: str, sent: "UploadedFile[bytes]", *, unnamed: str) -> str:
    """Write an upload under a name of ours and its own ending; gives what its sender calls it, for people.

    Raises OSError, which `is_full` tells apart.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}{PurePath(sent.name or '').suffix.lower()}").open("wb") as file:
        for chunk in sent.chunks():
            file.write(chunk)
    return PurePath(sent.name or unnamed).name[-100:]

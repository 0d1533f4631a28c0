"""An office whose storage is full says so, instead of a page of faults."""

import shutil
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from gandeng.files.room import is_full

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.forms import BaseForm

FULL = _(
    "Ruang penyimpanan kantor penuh, jadi berkas ini belum diterima. Tidak ada yang berubah. Beri tahu"
    " pengelola Gandeng, lalu kirim lagi."
)


def receive(form: "BaseForm", folder: Path, *parts: tuple[str, str, str]) -> dict[str, str] | None:
    """Keep what the fields of a form were sent; gives by field what its sender calls it.

    A part is its field, the name it is kept under, and what it is called where its sender says nothing. None where the
    storage is full: then nothing of it stays, and the form says so.
    """
    try:
        return {field: _keep(folder, name, form.cleaned_data[field], unnamed=unnamed) for field, name, unnamed in parts}
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        if not is_full(error):
            raise
        form.add_error(None, FULL)
        return None


def _keep(folder: Path, name: str, sent: "UploadedFile[bytes]", *, unnamed: str) -> str:
    """Under a name of ours and its own ending; gives what its sender calls it, for people. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}{PurePath(sent.name or '').suffix.lower()}").open("wb") as file:
        for chunk in sent.chunks():
            file.write(chunk)
    return PurePath(sent.name or unnamed).name[-100:]

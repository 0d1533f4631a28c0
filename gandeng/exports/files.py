"""Where the files of long exports lie: locked, one per request, under a name that follows from its id."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from django.conf import settings

HOURS = 24
"""How long a file lies there (docs/threats.md, 7.7)."""


def home() -> Path:
    """The folder of all of them; not in backups (office.backup)."""
    folder = Path(settings.DATA_DIR) / "exports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def path_of(export_id: UUID) -> Path:
    """The locked file of a request."""
    return home() / f"{export_id.hex}.zip"


@contextmanager
def in_the_open(export_id: UUID) -> Iterator[Path]:
    """The one folder the rows stand in the open in, nobody else's and gone afterwards.

    Its name is the request's: what a killed job left is deleted when the job runs again, or by the sweep.
    """
    folder = home() / f"{export_id.hex}.open"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)

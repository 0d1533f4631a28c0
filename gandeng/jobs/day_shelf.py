"""What a job has read and a person is to look at before it is entered: kept in the office's folder for a day."""

import json
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

_SECONDS = 24 * 3600


@dataclass(frozen=True)
class DayShelf:
    """Texts by id in a folder of GANDENG_DATA, each in `file`; who may read one is its reader's to say."""

    folder: str
    file: str

    def put(self, key: UUID, told: Mapping[str, Any]) -> None:
        """Until it is dropped, or for a day."""
        self._sweep()
        place = self._home / str(key)
        place.mkdir(parents=True, mode=0o700)
        (place / self.file).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")

    def get(self, key: UUID) -> dict[str, Any] | None:
        """None where it is gone."""
        try:
            told: dict[str, Any] = json.loads((self._home / str(key) / self.file).read_text(encoding="utf-8"))
        except OSError:
            return None
        return told

    def drop(self, key: UUID) -> None:
        """It was entered, or is not wanted."""
        shutil.rmtree(self._home / str(key), ignore_errors=True)

    @property
    def _home(self) -> Path:
        return Path(settings.DATA_DIR) / self.folder

    def _sweep(self) -> None:
        """Nobody came back for them."""
        for place in self._home.iterdir() if self._home.is_dir() else ():
            with suppress(OSError):
                if time.time() - place.stat().st_mtime > _SECONDS:
                    shutil.rmtree(place)

"""Files of keys: written once, readable by their owner alone."""

import json
import os
from collections.abc import Callable
from pathlib import Path


def write_once(path: Path, make: Callable[[], dict[str, object]]) -> None:
    """Write what `make` gives as JSON. An existing file is left: its loss is loss of data."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    told = make()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(told, file)

"""The child process that reads one hostile file: `python -m gandeng.files.child`.

It gets a job on stdin and leaves an answer in its folder.

It may die at any moment and of anything; the parent (`intake`) makes a refusal of that.
"""

import errno
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any

from gandeng.core.faults import Fault, FileRefused
from gandeng.files.limits import Limits, hold_this_process_to
from gandeng.files.taken import Taken

ANSWER = "answer.json"
OUT_OF_MEMORY, NO_ROOM = 77, 78


def main() -> int:
    """Read the job, hold ourselves to its limits, convert, answer."""
    job = json.loads(sys.stdin.read())
    limits = Limits(**job["limits"])
    try:
        hold_this_process_to(limits, parent=job["parent"])
        sys.meta_path.insert(0, _WithoutPandas())
        (Path(job["out"]) / ANSWER).write_text(json.dumps(carry_out(job, limits)), encoding="utf-8")
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception as error:
        from gandeng.files.room import fault_of_disk

        if fault_of_disk(error)[0] in (errno.ENOSPC, errno.EDQUOT):
            return NO_ROOM
        raise
    return 0


def carry_out(job: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    """The answer: `taken` or `refused`. Imports come late, so that they too live within the limits."""
    import duckdb
    import pyarrow as pa

    from gandeng.files import conversion
    from gandeng.files.layouts import LAYOUTS
    from gandeng.files.profiles import Profile
    from gandeng.files.readers import Reading

    profile = Profile.model_validate_json(job["profile"]) if job["profile"] else None
    reading = Reading(Path(job["path"]), LAYOUTS[job["layout"]], limits, profile, job["source"])
    try:
        return {"taken": taken_to_json(conversion.convert(reading, Path(job["out"])))}
    except FileRefused as refused:
        return {"refused": refused_to_json(refused)}
    except (duckdb.OutOfMemoryException, pa.ArrowMemoryError) as error:
        raise MemoryError from error


class _WithoutPandas(MetaPathFinder):
    """Pandas is not there: pyarrow loads it wherever it is installed, only to ask if a value is one of its own."""

    def find_spec(self, fullname: str, *_: object) -> None:
        """Refuse the one, leave all others to the next finder."""
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname)


def taken_to_json(taken: Taken) -> dict[str, Any]:
    """Plain values; see `taken_from_json`."""
    return asdict(taken) | {
        "notes": [_fault_to_json(note) for note in taken.notes],
        "paths": [str(p) for p in taken.paths],
    }


def taken_from_json(answer: Mapping[str, Any]) -> Taken:
    """What the child took."""
    notes = tuple(Fault(**note) for note in answer["notes"])
    above = tuple(tuple(row) for row in answer["above"])
    return Taken(**{**answer, "notes": notes, "paths": tuple(Path(path) for path in answer["paths"]), "above": above})


def refused_to_json(refused: FileRefused) -> dict[str, Any]:
    """Plain values; see `refused_from_json`."""
    faults = [_fault_to_json(fault) for fault in refused.faults]
    return {"source": refused.source, "faults": faults, "fault_count": refused.fault_count}


def refused_from_json(answer: Mapping[str, Any]) -> FileRefused:
    """What the child refused."""
    return FileRefused(answer["source"], [Fault(**fault) for fault in answer["faults"]], answer["fault_count"])


def _fault_to_json(fault: Fault) -> dict[str, Any]:
    return {"code": fault.code, "row": fault.row, "column": fault.column, "facts": dict(fault.facts)}


if __name__ == "__main__":
    sys.exit(main())

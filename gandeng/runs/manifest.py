"""What a run took in and gave out, by digest: manifest.json of its folder."""

import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import gandeng
from gandeng.files.digests import sha256_of
from gandeng.files.intake import explain_note
from gandeng.files.profiles import Profile
from gandeng.files.taken import Taken
from gandeng.runs.publish import MANIFEST

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@dataclass(frozen=True)
class InputFile:
    """A file a run was given. `role` is the layout it was read as; `source` the name it has in dispositions; `notes` in
    words what was read differently than it looks, or not read.
    """

    role: str
    source: str
    path: str
    sha256: str
    rows: int
    total_rupiah: int | None
    notes: tuple[str, ...] = ()
    profile: str | None = None
    """The layout a person chose for it; None where it was known by its header, or needs none."""


@dataclass(frozen=True)
class OutputFile:
    """A file a run wrote; `rows` where it is a table."""

    name: str
    sha256: str
    rows: int | None = None


def input_file(role: str, path: Path, taken: Taken, profile: Profile | None = None) -> InputFile:
    """The entry of a file that was taken."""
    notes = tuple(explain_note(note) for note in taken.notes)
    chosen = profile.name if profile else None
    return InputFile(
        role, taken.source, str(path.resolve()), taken.sha256, taken.rows, taken.total_rupiah, notes, chosen
    )


def output_files(folder: Path, rows: Mapping[str, int]) -> list[OutputFile]:
    """Every file there is in a run's folder by now, in the order of names; `rows` by file name."""
    paths = sorted(path for path in folder.iterdir() if path.is_file() and path.name != MANIFEST)
    with ThreadPoolExecutor() as readers:
        digests = list(readers.map(sha256_of, paths))
    return [OutputFile(path.name, digest, rows.get(path.name)) for path, digest in zip(paths, digests, strict=True)]


def write_manifest(
    folder: Path, *, kind: str, inputs: Iterable[InputFile], outputs: "Iterable[DataclassInstance]", **facts: object
) -> None:
    """Write manifest.json; `facts` are the cycle, months, policy digest and engine as the run has them."""
    content = {
        "kind": kind,
        "version": gandeng.__version__,
        **facts,
        "inputs": [asdict(entry) for entry in inputs],
        "outputs": [asdict(entry) for entry in outputs],
    }
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")

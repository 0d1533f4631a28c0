"""What is wrong with a file, as codes and facts; `gandeng.words` turns them into sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fault:
    """One thing wrong. `row` is the row as a spreadsheet numbers it (the header is row 1), None for the whole file.

    `code` names a sentence in `words/*/faults.yaml`; `facts` fill its braces and never hold a full NIK or account.
    """

    code: str
    row: int | None = None
    column: str | None = None
    facts: Mapping[str, str | int] = field(default_factory=dict)


class FileRefused(Exception):
    """A file that is taken not at all: `faults` are the first of `fault_count`, in row order.

    `others` are the refusals of other files of the same run: who mends them hears of all at once.
    """

    def __init__(
        self, source: str, faults: list[Fault], fault_count: int | None = None, others: Sequence["FileRefused"] = ()
    ) -> None:
        self.source = source
        self.faults = faults
        self.fault_count = len(faults) if fault_count is None else fault_count
        self.others = tuple(others)
        super().__init__(f"{source}: {', '.join(sorted({fault.code for fault in faults}))}")

    def __reduce__(self) -> tuple[type["FileRefused"], tuple[str, list[Fault], int, tuple["FileRefused", ...]]]:
        return FileRefused, (self.source, self.faults, self.fault_count, self.others)


def all_refused(refusals: Sequence[FileRefused]) -> FileRefused:
    """One refusal that tells of every file, the first of them leading; ValueError for none."""
    first, *others = refusals
    return FileRefused(first.source, first.faults, first.fault_count, others)

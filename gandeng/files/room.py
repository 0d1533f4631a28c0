"""Whether a write failed for want of room, whoever wrote: ourselves, DuckDB, a workbook, PostgreSQL."""

import errno
import re

from xlsxwriter.exceptions import FileCreateError

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_DISK_FULL = "53100"
"""What PostgreSQL says of its own disk."""


def is_full(error: BaseException | None) -> bool:
    """True where it did, in this error or in what brought it about."""
    while error is not None:
        if fault_of_disk(error)[0] in _NO_ROOM or getattr(error, "sqlstate", None) == _DISK_FULL:
            return True
        error = error.__cause__
    return False


def fault_of_disk(error: BaseException) -> tuple[int | None, str | None]:
    """The number of the fault and the file, None where it tells none; DuckDB tells the number in its words alone."""
    if isinstance(error, FileCreateError):
        error = error.args[0]
    if isinstance(error, OSError):
        return error.errno, error.filename
    told = re.search(r'"errno":"([0-9]{1,9})"', str(error))
    return (int(told[1]) if told else None), None

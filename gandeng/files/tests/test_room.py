"""Want of room is known whoever wrote."""

import errno

import duckdb
import psycopg
import pytest
from xlsxwriter.exceptions import FileCreateError

from gandeng.files.room import is_full

FULL = OSError(errno.ENOSPC, "No space left on device")


def caused(by: BaseException) -> Exception:
    """What a library makes of it."""
    error = RuntimeError("while saving")
    error.__cause__ = by
    return error


@pytest.mark.parametrize(
    ("error", "full"),
    [
        (FULL, True),
        (OSError(errno.EDQUOT, "quota"), True),
        (OSError(errno.EFBIG, "too large"), True),
        (FileCreateError(FULL), True),
        (duckdb.IOException('IO Error: {"exception_message":"Could not write","errno":"28"}'), True),
        (psycopg.errors.DiskFull("could not extend file"), True),
        (caused(FULL), True),
        (caused(psycopg.errors.DiskFull("could not extend file")), True),
        (PermissionError(errno.EACCES, "no"), False),
        (duckdb.IOException("no number in it"), False),
        (psycopg.errors.OutOfMemory("out of memory"), False),
        (caused(ValueError("28")), False),
        (None, False),
    ],
)
def test_it_works(error: BaseException | None, full: bool) -> None:
    assert is_full(error) is full

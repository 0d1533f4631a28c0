"""Lines of the server's own log: enough to find a fault, and nothing of a row, a form or an address somebody typed.

What an exception says can hold a name: of a database above all, which quotes the row it refuses. So no message of any
exception stands in a line: its kind and the way through the code do, and what a database names of itself. Lines of
libraries lose what they were filled with; lines of ours are written with this in mind, and lose long numbers all the
same.
"""

import errno
import logging
import re
import sys
from collections.abc import Iterator
from types import FrameType, TracebackType
from typing import Any

import psycopg

_FRAMES = 40
_NUMBER = re.compile(r"(?<![0-9a-fA-F-])\d{9,}")
"""NIK, family card, account, telephone; not the digits within one of our ids."""
_ROOTS = re.compile(r"^.*/(?=(?:gandeng|site-packages|lib/python[^/]*)/)")
_OF_DATABASE = ("schema_name", "table_name", "column_name", "datatype_name", "constraint_name")


class BareLines(logging.Formatter):
    """When, how bad, who says it, what; then each exception of the chain with its way through the code."""

    def format(self, record: logging.LogRecord) -> str:
        """The whole line, or lines."""
        head = f"{self.formatTime(record)} {record.levelname} {record.name} {_words(record)}"
        error = record.exc_info[1] if record.exc_info else None
        return "\n".join([head, *(told_of(error) if error else ())])


def told_of(error: BaseException) -> Iterator[str]:
    """Lines about an exception and those it came from, the first cause last. No message among them."""
    seen: set[int] = set()
    rest: list[BaseException] = [error]
    while rest:
        one = rest.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield f"  {_kind(one)}"
        yield from _way(one.__traceback__)
        if isinstance(one, BaseExceptionGroup):
            rest += one.exceptions
        before = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
        if before is not None:
            rest.append(before)


def keep_uncaught_bare() -> None:
    """What nothing catches in a long-running process goes to its log in the same form."""

    def say(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            logging.getLogger("gandeng").critical("stopped", exc_info=error)

    sys.excepthook = say


def _words(record: logging.LogRecord) -> str:
    request = getattr(record, "request", None)
    if request is not None:
        return _asked(request, getattr(record, "status_code", ""))
    if record.name.split(".")[0] == "gandeng":
        return _NUMBER.sub("…", record.getMessage())
    if record.args:
        return _emptied(str(record.msg), record.args)
    action = getattr(record, "action", "")
    return f"{action or 'a line'} at {_short(record.pathname)}:{record.lineno}"


def _asked(request: Any, status: object) -> str:
    """A request by its method and the name of its address: the address itself holds ids, codes and what was typed."""
    match = getattr(request, "resolver_match", None)
    return f"{status} {getattr(request, 'method', '')} {match.view_name if match else 'no address of ours'}".strip()


def _emptied(template: str, args: Any) -> str:
    """A library's line: numbers stay, whatever text it was filled with goes."""
    try:
        if isinstance(args, dict):
            return template % {name: _harmless(value) for name, value in args.items()}
        return template % tuple(_harmless(value) for value in args)
    except (TypeError, ValueError, KeyError):
        return template


def _harmless(value: object) -> object:
    return value if isinstance(value, bool | float) or (isinstance(value, int) and abs(value) < 10**8) else "…"


def _kind(error: BaseException) -> str:
    told = [f"{type(error).__module__}.{type(error).__qualname__}"]
    if isinstance(error, psycopg.Error):
        told.append(f"sqlstate={error.sqlstate}")
        told += [f"{name}={value}" for name in _OF_DATABASE if (value := getattr(error.diag, name, None))]
    elif isinstance(error, OSError) and error.errno is not None:
        told.append(errno.errorcode.get(error.errno, str(error.errno)))
    return " ".join(told)


def _way(trace: TracebackType | None) -> list[str]:
    frames: list[tuple[FrameType, int]] = []
    while trace is not None:
        frames.append((trace.tb_frame, trace.tb_lineno))
        trace = trace.tb_next
    return [
        f"    {_short(frame.f_code.co_filename)}:{line} {frame.f_code.co_qualname}" for frame, line in frames[-_FRAMES:]
    ]


def _short(path: str) -> str:
    return _ROOTS.sub("", path)

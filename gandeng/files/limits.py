"""How much one file may ask of the machine, and the child process that is held to it."""

import ctypes
import os
import resource
import signal
import sys
from dataclasses import dataclass

MEGABYTE = 1 << 20
_PR_SET_PDEATHSIG = 1
_GRACE_SECONDS = 5
_STACK_BYTES = 2 * MEGABYTE


@dataclass(frozen=True)
class Limits:
    """Caps for one file. Bytes unless the name says otherwise; contract: 256 MB unpacked, 64 columns."""

    memory: int = 1_536 * MEGABYTE
    engine_memory: int = 600 * MEGABYTE
    cpu_seconds: int = 1_200
    wall_seconds: int = 1_800
    written: int = 64 * 1_024 * MEGABYTE
    unpacked: int = 256 * MEGABYTE
    members: int = 2_000
    columns: int = 64
    line: int = 1_000_000
    faults: int = 100


LIMITS = Limits()


def hold_this_process_to(limits: Limits, *, parent: int) -> None:
    """Apply the caps to the process we are in, for ever; it dies with its parent and leaves no core dump."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _lower(resource.RLIMIT_AS, limits.memory)
    # the first limit sends SIGXCPU, which names the cause; the second kills
    _lower(resource.RLIMIT_CPU, limits.cpu_seconds + _GRACE_SECONDS, soft=limits.cpu_seconds)
    _lower(resource.RLIMIT_FSIZE, limits.written)
    # new threads reserve their stack from the address space: 2 MB is plenty for us, 8 MB is the usual default
    _lower(resource.RLIMIT_STACK, 4 * _STACK_BYTES, soft=_STACK_BYTES)
    _die_with(parent)


def _lower(which: int, wanted: int, *, soft: int | None = None) -> None:
    """Never above what we are allowed already."""
    _, hard = resource.getrlimit(which)
    top = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(which, (min(soft or top, top), top))


def _die_with(parent: int) -> None:
    """Linux only; elsewhere the wall time limit of the parent has to do."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it went before we asked
            os._exit(1)

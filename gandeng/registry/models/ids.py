"""Ids by which a list pages in the order of time."""

import secrets
import time
from uuid import UUID


def ordered_id() -> UUID:
    """An id of version 7: the later one is the greater, so lists page by it."""
    milliseconds = time.time_ns() // 1_000_000
    return UUID(int=milliseconds << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62))

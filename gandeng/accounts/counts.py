"""Where attempts are counted: files that the processes of the site share.

Django's own throws random counts away once there are many, so that whoever comes from many networks at once makes the
site forget how often an account was tried. Here what is over goes first, then what ends soonest: counts of networks
last a minute, those of an account five.
"""

import pickle
import random
import time
from operator import itemgetter

from django.core.cache.backends.filebased import FileBasedCache

_LOOKS = 32
"""How often, while as many are written as there may be, it is looked whether there are too many: listing 20,000 takes
20 ms, and a sign-in writes ten."""
_KEPT_OF_FULL = 0.75


class Counts(FileBasedCache):
    """A cache of files that forgets in the order in which things end."""

    def _cull(self) -> None:
        chance = _LOOKS / self._max_entries
        if random.random() > chance:  # noqa: S311 (nobody gains by guessing it)
            return
        files = self._list_cache_files()  # type: ignore[attr-defined]
        if len(files) < self._max_entries:
            return
        ends = sorted(((self._end_of(name), name) for name in files), key=itemgetter(0))
        now, room = time.time(), len(files) - int(self._max_entries * _KEPT_OF_FULL)
        for place, (end, name) in enumerate(ends):
            if end > now and place >= room:
                break
            self._delete(name)  # type: ignore[attr-defined]

    @staticmethod
    def _end_of(name: str) -> float:
        """When it is over; what another process has just taken away is over."""
        try:
            with open(name, "rb") as file:  # noqa: PTH123 (the names are text)
                end = pickle.load(file)  # noqa: S301 (written by this class, in the office's own folder)
        except (OSError, EOFError):
            return 0
        return float("inf") if end is None else float(end)

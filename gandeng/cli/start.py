"""Where the command begins. What it loads takes seconds on a busy machine: whoever stops it meanwhile is told so."""

import os
import sys
from collections.abc import MutableMapping

_OURS = ("GANDENG_", "DATABASE_")
_QUOTES = ('"', "'")


def main() -> None:
    """Load the commands and run one. Ctrl-C ends it in words from here on."""
    as_systemd_reads(os.environ)
    try:
        from gandeng.cli.main import main as run

        run()
    except KeyboardInterrupt:
        from gandeng.cli.shell import EXIT_INTERRUPTED, tell
        from gandeng.words import say

        tell(say("shell.interrupted"))
        sys.exit(EXIT_INTERRUPTED)


def as_systemd_reads(environment: MutableMapping[str, str]) -> None:
    """Take our settings as systemd does, without what stands around a value: one file of settings, one meaning.

    Podman keeps quotes and spaces, a shell the end of a line of Windows; folders and databases were named so. A
    setting without a value is one that is not set.
    """
    for name in [name for name in environment if name.startswith(_OURS)]:
        value = environment[name].strip()
        if len(value) > 1 and value[0] in _QUOTES and value[0] == value[-1]:
            value = value[1:-1]
        if value:
            environment[name] = value
        else:
            del environment[name]

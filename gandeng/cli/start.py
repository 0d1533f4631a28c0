"""Where the command begins. What it loads takes seconds on a busy machine: whoever stops it meanwhile is told so."""

import sys


def main() -> None:
    """Load the commands and run one. Ctrl-C ends it in words from here on."""
    try:
        from gandeng.cli.main import main as run

        run()
    except KeyboardInterrupt:
        from gandeng.cli.shell import EXIT_INTERRUPTED, tell
        from gandeng.words import say

        tell(say("shell.interrupted"))
        sys.exit(EXIT_INTERRUPTED)

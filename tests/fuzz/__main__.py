"""`python -m tests.fuzz --seconds 60 [--only csv_results ...]`: fuzz every parser, one process each.

With atheris (`make fuzz` installs it) the search follows the branches it finds; what crashed a parser stays in
`fuzz-found/` and becomes a seed of `tests/fuzz/targets.py` with the fix. Where atheris cannot be had, the seeds are
mangled by Hypothesis for as long.
"""

import argparse
import importlib.util
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

FOUND = Path("fuzz-found")
INPUT_BYTES_MAX = 1 << 16
TRIES = 200
_GRACE_SECONDS = 120


def main() -> int:
    """Exit 1 where a parser did anything but read or refuse."""
    asked = arguments()
    if asked.target:
        fuzz(asked.target, asked.seconds, asked.corpus)
        return 0
    from tests.fuzz.targets import PARSERS

    failed = [name for name in asked.only or PARSERS if not fuzzed_alone(name, PARSERS[name].seeds, asked.seconds)]
    sys.stderr.write(f"failed: {', '.join(failed)}\n" if failed else "every parser read or refused what it got\n")
    return 1 if failed else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--seconds", type=int, default=60, help="for each parser")
    parser.add_argument("--only", nargs="+", help="these parsers alone (names in tests/fuzz/targets.py)")
    parser.add_argument("--target", help=argparse.SUPPRESS)
    parser.add_argument("--corpus", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def fuzzed_alone(name: str, seeds: Iterable[bytes], seconds: int) -> bool:
    """In a process of its own, since a fuzzer ends its process; True where nothing was found."""
    FOUND.mkdir(exist_ok=True)
    sys.stderr.write(f"{name}: {seconds} s\n")
    with tempfile.TemporaryDirectory(prefix="gandeng-corpus-") as corpus:
        for number, seed in enumerate(seeds):
            (Path(corpus) / f"seed-{number}").write_bytes(seed)
        words = ["--target", name, "--seconds", str(seconds), "--corpus", corpus]
        try:
            ended = subprocess.run(
                [sys.executable, "-m", "tests.fuzz", *words], check=False, timeout=seconds + _GRACE_SECONDS
            )
        except subprocess.TimeoutExpired:
            return False
    return ended.returncode == 0


def fuzz(name: str, seconds: int, corpus: Path) -> None:
    """Search until the time is up; what is found ends the process."""
    if importlib.util.find_spec("atheris") is None:
        mangle_for(name, seconds)
        return
    import atheris  # type: ignore[import-not-found, import-untyped, unused-ignore]

    with atheris.instrument_imports(include=["gandeng"]):
        from tests.fuzz.targets import PARSERS

    options = [f"-max_total_time={seconds}", f"-max_len={INPUT_BYTES_MAX}", "-timeout=20", "-verbosity=1"]
    options += [f"-artifact_prefix={FOUND / name}-", str(corpus)]
    atheris.Setup([sys.argv[0], *options], PARSERS[name].target)
    atheris.Fuzz()


def mangle_for(name: str, seconds: int) -> None:
    """Without atheris: the seeds, mangled until the time is up."""
    from tests.fuzz.targets import PARSERS
    from tests.fuzz.test_mangled import mangle

    until = time.monotonic() + seconds
    while time.monotonic() < until:
        mangle(PARSERS[name], TRIES)


if __name__ == "__main__":
    sys.exit(main())

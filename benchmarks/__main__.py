"""`python -m benchmarks`: measure, print ratios beside their targets."""

import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from benchmarks import report
from benchmarks.measure import TaskFailed
from benchmarks.suite import BENCHMARKS, NotEqual, Session

ROWS, QUICK_ROWS = 10_000_000, 10_000
CACHE = Path(tempfile.gettempdir()) / "gandeng-benchmarks"


def main(
    rows: Annotated[int, typer.Option(help="Families, payments and result rows.", min=2_000)] = ROWS,
    only: Annotated[list[str] | None, typer.Option(help=f"Benchmarks to run: {', '.join(BENCHMARKS)}.")] = None,
    quick: Annotated[bool, typer.Option(help=f"{QUICK_ROWS:,} rows, once, no Spark: does the machinery run?")] = False,
    rounds: Annotated[int, typer.Option(help="How often each task is run; the quickest counts.", min=1)] = 2,
    cache: Annotated[Path, typer.Option(help="Where the generated files are kept.")] = CACHE,
    write: Annotated[bool, typer.Option(help="Write benchmarks/results.json and docs/benchmarks.md.")] = False,
) -> None:
    """Measure everything, or what is named. Exit 1 where results differ or a task fails, 0 where a ratio misses."""
    unknown = sorted(set(only or []) - set(BENCHMARKS))
    if unknown:
        raise typer.BadParameter(", ".join(unknown), param_hint="--only")
    session = Session(cache, QUICK_ROWS if quick else rows, 1 if quick else rounds, tell=_tell)
    chosen = only or [name for name in BENCHMARKS if not (quick and name == "spark")]
    failed = [name for name in BENCHMARKS if name in chosen and not _ran(name, session)]
    report.show(session.rows, session.measured, session.targets)
    if write:
        report.write(session.rows, session.measured, session.targets)
    raise typer.Exit(1 if failed else 0)


def _ran(name: str, session: Session) -> bool:
    """Run one benchmark; one that breaks does not take the others along."""
    _tell(f"== {name}")
    try:
        BENCHMARKS[name](session)
    except (NotEqual, TaskFailed) as error:
        _tell(f"{name} failed: {error}")
        return False
    return True


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    typer.run(main)

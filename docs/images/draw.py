"""Draws the pictures of README.md from a finished demo: `make demo`, then `.venv/bin/python docs/images/draw.py`.

Needs pdftoppm (poppler-utils) on the machine. Writes terminal.svg and minutes.png beside this file.
"""

import re
import subprocess
import tempfile
from io import StringIO
from pathlib import Path

from rich.console import Console

from gandeng.cli import reconcile as command
from gandeng.runs.reconcile import reconcile

HERE = Path(__file__).parent
DEMO = HERE.parents[1] / "demo"
RECAPITULATION = "2"
"""The page of the minutes that shows the figures by outcome, district and channel."""


def main() -> None:
    """Reconcile the demo's files once more for the tables; take the page from the minutes it wrote."""
    (HERE / "terminal.svg").write_text(terminal(), encoding="utf-8")
    minutes, page = DEMO / "5-minutes" / "minutes.pdf", ["-f", RECAPITULATION, "-l", RECAPITULATION]
    subprocess.run(  # noqa: S603
        ["pdftoppm", "-r", "84", *page, "-gray", "-singlefile", "-png", minutes, HERE / "minutes"],  # noqa: S607
        check=True,
    )


def terminal() -> str:
    """What the demo says at its end, as SVG without a font to fetch."""
    console = Console(record=True, width=120, highlight=False, file=StringIO())
    command.results_console = lambda: console
    with tempfile.TemporaryDirectory() as folder:
        results = sorted((DEMO / "4-reports").glob("results-*"))
        run = reconcile(DEMO / "2-entitlement" / "payments.csv", results, Path(folder) / "run")
    command.show_reconciliation(run)
    svg = console.export_svg(title="make demo", unique_id="gandeng")
    fonts_gone = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return re.sub(r"<!--.*?-->\s*", "", fonts_gone.replace("Fira Code, monospace", "monospace"), flags=re.DOTALL)


if __name__ == "__main__":
    main()

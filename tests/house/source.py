"""The code and the files of the repository, for the tests that read them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "gandeng"


def repository_files() -> list[Path]:
    """Every file that is, or would be, in the repository; where there is no git, every file that is no by-product."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        return [path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]
    ours = ("gandeng", "tests", "docs", "requirements", "benchmarks")
    return [path for name in ours for path in (ROOT / name).rglob("*") if path.is_file() and path.suffix != ".pyc"]


def text_of(path: Path) -> str | None:
    """None for a file that is no text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


@cache
def modules() -> dict[Path, ast.Module]:
    """Every module of the product, tests left out, by path."""
    paths = [path for path in sorted(PACKAGE.rglob("*.py")) if "tests" not in path.parts]
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call with the last part of what is called: `print` of `console.print(...)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id, node
            elif isinstance(node.func, ast.Attribute):
                yield node.func.attr, node

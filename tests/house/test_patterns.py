"""No pattern takes long over a long text (docs/threats.md, V3): 100,000 letters cost as their number is.

Every pattern of the code is found by reading it, as it is used: `search` and its like try each place of a text, `match`
and `fullmatch` only the first. Each is given long texts of its own letters, repeated, with one at the end that fits
nowhere.
"""

import ast
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

CODE = Path(__file__).parents[2] / "gandeng"
FROM_THE_START = {"match", "fullmatch"}
ANYWHERE = {"search", "sub", "subn", "split", "findall", "finditer"}
SHORT, LONG = 12_500, 100_000
ENOUGH = 0.02
"""Seconds below which nothing is asked: 100,000 letters in less cost nobody anything, and noise would speak."""
NEVER = 20
"""Seconds after which it is taken to go on for ever."""
OURS = {"engine/standalone.py:62"}
"""Patterns given to a function, over a log of our own."""
WORST = 24
"""Eight times the text may take eight times as long, three times that on a busy machine; the square of it is 64."""


@dataclass(frozen=True)
class Used:
    """A pattern and one way it is used."""

    where: str
    pattern: str
    flags: int
    way: str


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(CODE.rglob("*.py")):
        if "tests" not in path.parts and "migrations" not in path.parts:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def called(node: ast.AST, name: str) -> bool:
    """`re.<name>(…)`."""
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name
        and isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
    )  # fmt: skip


def text_of(node: ast.AST, known: dict[str, str]) -> str | None:
    """The text of a pattern as written: one text, texts put together, with names of texts of the module in them."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Constant) and isinstance(node.value, bytes):
        return node.value.decode("latin-1")
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.JoinedStr):
        parts = [text_of(one.value if isinstance(one, ast.FormattedValue) else one, known) for one in node.values]
        return None if None in parts else "".join(part for part in parts if part)
    return None


def flags_of(node: ast.Call) -> int:
    told = [each for one in [*node.args[1:], *(word.value for word in node.keywords)] for each in ast.walk(one)]
    return sum(getattr(re, each.attr).value for each in told if isinstance(each, ast.Attribute) and each.attr.isupper())


def uses() -> list[Used]:
    found: list[Used] = []
    for path, tree in modules():
        where = str(path.relative_to(CODE))
        known = {
            target.id: str(one.value.value) for one in tree.body if isinstance(one, ast.Assign)
            for target in one.targets
            if isinstance(target, ast.Name) and isinstance(one.value, ast.Constant) and isinstance(one.value.value, str)
        }  # fmt: skip
        for node in ast.walk(tree):
            if called(node, "compile"):
                found += of_call(where, node, known, ways_of(node, tree))
            else:
                found += [each for way in FROM_THE_START | ANYWHERE if called(node, way)
                          for each in of_call(where, node, known, [way])]  # fmt: skip
    return found


def ways_of(compiled: ast.AST, tree: ast.Module) -> list[str]:
    """How the module uses a pattern by its name; as it uses any, where it has none."""
    names = [
        target.id for one in ast.walk(tree) if isinstance(one, ast.Assign) and one.value is compiled
        for target in one.targets if isinstance(target, ast.Name)
    ]  # fmt: skip
    ways = [
        one.attr for one in ast.walk(tree)
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id in names
    ]  # fmt: skip
    anybody = {one.attr for one in ast.walk(tree) if isinstance(one, ast.Attribute)}
    return ways or (["search"] if anybody & (ANYWHERE - {"split"}) else ["fullmatch"])


def of_call(where: str, node: ast.AST, known: dict[str, str], ways: list[str]) -> list[Used]:
    assert isinstance(node, ast.Call)
    text = text_of(node.args[0], known)
    if text is None:
        return [Used(f"{where}:{node.lineno}", "", 0, "unread")]
    way = "search" if any(one in ANYWHERE for one in ways) else "fullmatch"
    return [Used(f"{where}:{node.lineno}", text, flags_of(node), way)]


def texts(pattern: str, length: int) -> Iterator[str]:
    """Long runs of the letters a pattern speaks of, of pairs of them, and of what people type."""
    spoken = sorted({*re.sub(r"\\[a-zA-Z]", "", pattern)} & {*" .,-_/:;@'\"+<>!="})
    letters = ["a", "A", "0", "9", " ", "\t", "\n", "é", *spoken]
    pairs = [one + other for one in ("a", "0", " ") for other in letters if one != other]
    for piece in [*letters, *pairs, "0 0-", "a.a ", "<!---->", "<!--"]:
        run = (piece * (length // len(piece) + 1))[:length]
        yield run
        yield run[:-1] + "\0"


@contextmanager
def stopped_after(limit: float) -> Iterator[None]:
    """Patterns ask for signals while they run."""

    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def seconds(used: Used, text: str) -> float:
    compiled = re.compile(used.pattern, used.flags)
    begun = time.process_time()
    try:
        with stopped_after(NEVER):
            if used.way == "search":
                for _ in compiled.finditer(text):
                    pass
            else:
                compiled.fullmatch(text)
                compiled.match(text)
    except TimeoutError:
        return float("inf")
    return time.process_time() - begun


def slow(used: Used) -> str:
    """A text over which it grows faster than the text; "" for none."""
    for short, long in zip(texts(used.pattern, SHORT), texts(used.pattern, LONG), strict=True):
        before = seconds(used, short)
        if before == float("inf"):
            return f"{short[:6]!r} ...: for ever"
        if before * 8 < ENOUGH and seconds(used, long) < ENOUGH:
            continue
        before, took = max(before, seconds(used, short), 1e-4), min(seconds(used, long), seconds(used, long))
        if took > ENOUGH and took / before > WORST:
            return f"{short[:6]!r} ...: {before:.4f} s, eight times as long {took:.4f} s"
    return ""


@pytest.fixture(scope="module")
def found():
    """Read by the process that tries them: every process collects."""
    return uses()


def test_patterns_are_found_and_read(found):
    assert len({(one.pattern, one.flags, one.way) for one in found if one.way != "unread"}) > 40
    assert {one.where for one in found if one.way == "unread"} == OURS


def test_no_pattern_takes_long_over_a_long_text(found):
    once = {(one.pattern, one.flags, one.way): one for one in found if one.way != "unread"}
    assert [f"{one.where}: {told}" for one in once.values() if (told := slow(one))] == []


@pytest.mark.parametrize("pattern", [r"(a+)+b", r"\s+$", r"(?:<!--.*?-->\s*)*<html", r"[0-9]+(?:[ .-]?[0-9]+)*x"])
def test_a_slow_pattern_is_found(pattern, monkeypatch):
    monkeypatch.setattr(f"{__name__}.NEVER", 1)
    assert slow(Used("here", pattern, 0, "search"))

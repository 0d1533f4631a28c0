"""Sentences for people live in gandeng/words alone, and every code that is used has one."""

import ast
import re

import pytest

from gandeng.words import sentences, topics
from tests.house.source import PACKAGE, calls, modules

CODES = {f"{topic}.{code}" for topic in topics() for code in sentences("id", topic)}
OF_FAULTS = {"refuse": 0, "note": 0, "Fault": 0}
"""Calls whose argument of that place is the code of a fault."""

SHOWN = {
    "print",
    "echo",
    "secho",
    "tell",
    "stop",
    "write_string",
    "BadParameter",
    "add_column",
    "add_task",
    "Option",
    "Argument",
}
"""Calls that put words before a person."""

_SENTENCE = re.compile(r"[^\W\d_]{2,} +[^\W\d_]{2,}")
_NOT_SHOWN = {"instruction_pain001.py", "instruction_csv.py"}
"""Write standard messages and columns of a bank's layout, not words of ours."""


def pattern_of(node: ast.JoinedStr) -> re.Pattern[str]:
    parts = [re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in node.values]
    return re.compile("".join(parts))


def starts_with_a_word(node: ast.JoinedStr) -> bool:
    """`f"outcomes.{kind}"`, not `f"{prefix}{name}"`, which would mean every sentence there is."""
    first = node.values[0]
    return isinstance(first, ast.Constant) and len(str(first.value)) > 3


def said() -> list[tuple[str, ast.expr]]:
    return [
        (f"{path.relative_to(PACKAGE)}:{call.lineno}", call.args[0])
        for path, tree in modules().items()
        for name, call in calls(tree)
        if name == "say" and call.args
    ]


def test_every_sentence_that_is_said_is_written() -> None:
    literal = {(place, node.value) for place, node in said() if isinstance(node, ast.Constant)}
    assert len(literal) > 100
    assert [(place, code) for place, code in literal if code not in CODES] == []


def test_every_family_of_sentences_has_members() -> None:
    """`say(f"outcomes.{kind}")`: some sentence must be meant."""
    families = [(place, pattern_of(node)) for place, node in said() if isinstance(node, ast.JoinedStr)]
    assert families
    assert [place for place, pattern in families if not any(map(pattern.fullmatch, CODES))] == []


@pytest.mark.parametrize("package", ["files", "runs"])
def test_every_fault_has_a_sentence(package: str) -> None:
    missing = [
        (path.name, code)
        for path, tree in modules().items()
        if path.is_relative_to(PACKAGE / package) and path.name != "explain.py"
        for name, call in calls(tree)
        if name in OF_FAULTS and call.args and isinstance(call.args[0], ast.Constant)
        if isinstance(code := call.args[0].value, str) and (code if "." in code else f"faults.{code}") not in CODES
    ]
    assert missing == []


def test_every_refusal_of_payments_has_a_sentence() -> None:
    codes = [
        (path.name, code.value)
        for path, tree in modules().items()
        if path.is_relative_to(PACKAGE / "payments") or path.is_relative_to(PACKAGE / "reconciliation")
        for name, call in calls(tree)
        if name in ("Refused", "sentence") and call.args and isinstance(code := call.args[0], ast.Constant)
    ]
    assert len(codes) > 40
    assert [(place, code) for place, code in codes if f"payments_refused.{code}" not in CODES] == []


def test_nothing_is_shown_in_words_of_its_own() -> None:
    """No literal that reads like a sentence is given to what shows things to people."""
    own = [
        f"{path.relative_to(PACKAGE)}:{call.lineno}: {text.value}"
        for path, tree in modules().items()
        if path.name not in _NOT_SHOWN
        for name, call in calls(tree)
        if name in SHOWN
        for given in [*call.args, *(keyword.value for keyword in call.keywords)]
        for text in [given, *(given.values if isinstance(given, ast.JoinedStr) else [])]
        if isinstance(text, ast.Constant) and isinstance(text.value, str) and _SENTENCE.search(text.value)
    ]
    assert own == []


def test_every_sentence_is_used() -> None:
    """A code stands in the code as it is, by its last part, or as a member of a family such as `f"totals_{what}"`."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in modules())
    literals = set(re.findall(r"[A-Za-z0-9_.]+", source))
    families = [
        pattern_of(node)
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr) and starts_with_a_word(node)
    ]
    unused = [
        code
        for code in CODES
        if not {code, code.partition(".")[2]} & literals
        and not any(family.fullmatch(name) for family in families for name in (code, code.partition(".")[2]))
    ]
    assert sorted(unused) == []

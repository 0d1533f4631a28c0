"""What the app says: one table a language, of the same keys; nothing it says stands elsewhere."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings

APP = Path(__file__).parents[3] / "frontend" / "field"
CODE = sorted([*APP.glob("*.js"), *APP.glob("screens/*.js")])
CALLED = re.compile(r'"([a-z_]+(?:\.[A-Za-z_]+)?)"')
BUILT = re.compile(r"`([a-z_]+\.)(?:\w*)\$\{")
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')


def table(language: str) -> dict[str, str]:
    """Of a language."""
    told: dict[str, str] = json.loads((APP / "words" / f"{language}.json").read_text(encoding="utf-8"))
    return told


def code() -> str:
    """All of the app, without its comments."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in CODE)
    return re.sub(r"(?m)(^|\s)//.*$", "", text)


def facts(sentence: str) -> set[str]:
    """What stands in braces, in every form of it."""
    return set(re.findall(r"\{(\w+)\}", sentence))


def test_there_is_a_table_for_every_language_of_the_site():
    assert {path.stem for path in (APP / "words").glob("*.json")} == set(dict(settings.LANGUAGES))


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES if code != "id"])
def test_both_tables_have_the_same_keys_and_facts(language):
    own, other = table("id"), table(language)
    assert list(own) == list(other)
    assert [key for key in own if facts(own[key]) != facts(other[key])] == []
    assert [key for key, words in other.items() if not words.strip()] == []
    assert [key for key, words in own.items() if "|" in words] == [], "Indonesian has one form"


def test_every_key_is_said_and_every_key_said_is_there():
    own, told = set(table("id")), code()
    built = tuple(BUILT.findall(told))
    asked = set(re.findall(r'\bt\("([^"]+)"', told)) | (set(CALLED.findall(told)) & own)
    assert asked - own == set()
    assert [key for key in sorted(own - asked) if not key.startswith(built)] == []


def test_no_sentence_stands_in_the_code():
    """Nothing that begins as a sentence does, and has words."""
    assert [one for one in LITERAL.findall(code()) if re.match(r"[A-Z]\w+ \w", one)] == []

"""Both languages say the same things, and whatever the code asks for is there."""

import re
from pathlib import Path
from string import Formatter

import pytest

import gandeng
from gandeng.words import LANGUAGES, sentences, topics

ASKED = re.compile(r"\bsay\(\s*\"([a-z_]+)\.([A-Za-z0-9_]+)\"")
"""Codes the code names outright; those it puts together are asked for in the tests of their packages."""


def braces(sentence):
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("topic", topics())
def test_both_languages_have_the_same_codes_and_braces(topic):
    indonesian, english = (sentences(lang, topic) for lang in LANGUAGES)
    assert indonesian.keys() == english.keys()
    assert {code: braces(text) for code, text in indonesian.items()} == {
        code: braces(text) for code, text in english.items()
    }


def test_every_code_that_is_asked_for_has_its_sentence():
    root = Path(gandeng.__file__).parent
    asked = {match for path in root.rglob("*.py") for match in ASKED.findall(path.read_text(encoding="utf-8"))}
    assert len(asked) > 100
    assert {f"{topic}.{code}" for topic, code in asked if code not in sentences("id", topic)} == set()

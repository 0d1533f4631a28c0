import re
import string
from pathlib import Path

import pytest

from gandeng.words import LANGUAGES, language, say, sentences, topics


def braces(sentence: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(sentence) if field is not None}


def test_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GANDENG_LANG", raising=False)
    assert say("shell.total") == "Jumlah"
    monkeypatch.setenv("GANDENG_LANG", "en")
    assert say("shell.total") == "Total"


@pytest.mark.parametrize("chosen", ["EN", "En"])
def test_a_language_may_be_named_in_capitals(monkeypatch: pytest.MonkeyPatch, chosen: str) -> None:
    monkeypatch.setenv("GANDENG_LANG", chosen)
    assert language() == "en"


@pytest.mark.parametrize("chosen", ["", "fr", "../en"])
def test_another_language_is_indonesian(monkeypatch: pytest.MonkeyPatch, chosen: str) -> None:
    monkeypatch.setenv("GANDENG_LANG", chosen)
    assert language() == "id"


def test_facts_are_text_and_never_looked_into() -> None:
    assert say("shell.reading", step="{0.__class__}").endswith("{0.__class__}")


@pytest.mark.parametrize("code", ["shell.nobody_wrote_this", "shell", "nothing.here", ""])
def test_it_refuses_a_code_nobody_wrote(code: str) -> None:
    with pytest.raises((KeyError, FileNotFoundError)):
        say(code)


@pytest.mark.parametrize("topic", topics())
def test_both_languages_have_the_same_codes_and_braces(topic: str) -> None:
    ours, theirs = (sentences(lang, topic) for lang in LANGUAGES)
    assert ours.keys() == theirs.keys()
    assert {code: braces(sentence) for code, sentence in ours.items()} == {
        code: braces(sentence) for code, sentence in theirs.items()
    }


def test_the_table_of_topics_has_each_of_them_once() -> None:
    page = Path(__file__).parents[1].joinpath("README.md").read_text(encoding="utf-8")
    rows = page.partition("| topics | used by |")[2].partition("##")[0].splitlines()[2:]
    assert sorted(topic for row in rows if row for topic in re.findall(r"`(\w+)`", row.split("|")[1])) == list(topics())


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("topic", topics())
def test_every_sentence_says_something_in_named_facts(lang: str, topic: str) -> None:
    for code, sentence in sentences(lang, topic).items():
        assert isinstance(code, str), code
        assert isinstance(sentence, str), code
        assert sentence.strip(), code
        assert all(fact.isidentifier() for fact in braces(sentence)), code

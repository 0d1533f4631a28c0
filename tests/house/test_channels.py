"""Whoever carries money stands wherever its channel is named: a bank that is new is forgotten nowhere."""

import pytest

from gandeng.core.channels import CHANNELS
from gandeng.files import profiles
from gandeng.files.instruction_layouts import layout_of
from gandeng.files.iso20022_rows import agents
from gandeng.simulation.bank_files import HABITS
from gandeng.words import LANGUAGES, sentences


def test_reports_orders_messages_and_invented_files_know_them_all():
    assert sorted(profiles.names()) == sorted(CHANNELS)
    assert {profiles.load(name).channel for name in profiles.names()} == set(CHANNELS)
    assert [layout_of(channel).columns for channel in CHANNELS]
    assert set(agents()) == set(HABITS) == set(CHANNELS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_name_them_all(language):
    told = [sentences(language, "details")["channel_unknown"], *sentences(language, "instruct").values()]
    lists = [words for words in told if "MANDIRI" in words]
    assert len(lists) == 2
    assert [channel for channel in CHANNELS for words in lists if channel not in words] == []
    papers = sentences(language, "minutes")
    assert {name.removeprefix("channel_") for name in papers if name.startswith("channel_")} == set(CHANNELS)

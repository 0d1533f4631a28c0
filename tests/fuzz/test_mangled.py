"""Sound files with a few bytes changed, cut, doubled or put in: read, or refused with words; nothing else."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import PARSERS, Fuzzed

CHEAP, COSTLY = 100, 20
"""Tries: costly parsers make a folder and open a database each time."""

_COSTLY = {"csv_payments", "csv_results", "xlsx", "policy"}
_NASTY = (
    *(bytes([sign]) for sign in b'\0"\n\r,;\t<>&-{'),
    *(b"]]>", b"<!DOCTYPE x>", b"1e9", b"9" * 20, b"=1+1", b": ", b"!!python/object"),
    *(b"\xff\xfe", b"\xef\xbb\xbf", "\u202e".encode(), "１".encode()),
)


@st.composite
def mangled(draw: st.DrawFn, seeds: tuple[bytes, ...]) -> bytes:
    """A seed after one to four changes."""
    data = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(data)))
        kind = draw(st.sampled_from(["change", "cut", "drop", "double", "insert"]))
        length = draw(st.integers(1, 12))
        if kind == "change":
            data[place : place + 1] = bytes([draw(st.integers(0, 255))])
        elif kind == "cut":
            del data[place:]
        elif kind == "drop":
            del data[place : place + length]
        elif kind == "double":
            data[place:place] = data[place : place + length]
        else:
            data[place:place] = draw(st.sampled_from(_NASTY))
    return bytes(data)


def mangle(fuzzed: Fuzzed, tries: int) -> None:
    """Also what `python -m tests.fuzz` does where atheris cannot be had."""

    @settings(deadline=None, max_examples=tries, database=None, suppress_health_check=list(HealthCheck))
    @given(data=mangled(fuzzed.seeds))
    def tried(data: bytes) -> None:
        fuzzed.target(data)

    tried()


@pytest.mark.parametrize("name", PARSERS)
def test_seeds_are_read(name: str) -> None:
    assert PARSERS[name].seeds
    for seed in PARSERS[name].seeds:
        PARSERS[name].target(seed)


@pytest.mark.parametrize("name", PARSERS)
def test_mangled_input_is_read_or_refused(name: str) -> None:
    mangle(PARSERS[name], COSTLY if name in _COSTLY else CHEAP)

"""The key file in shares: enough of them give it back, and nothing else does."""

import itertools
import stat
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandeng.audit import key_shares
from gandeng.audit.key_shares import NotAShare, SharesDoNotFit, join, read, split, write
from gandeng.audit.sealing import make_keys


def test_it_works(tmp_path):
    make_keys(tmp_path / "keys.json")
    content = (tmp_path / "keys.json").read_bytes()
    paths = write(split(content, shares=5, needed=3), tmp_path / "shares")
    assert len(paths) == 5
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
    for three in itertools.combinations(paths, 3):
        assert join([read(path) for path in three]) == content


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=400), st.integers(2, 6), st.data())
def test_any_that_are_enough_give_it_back_and_fewer_do_not(content, shares, data):
    needed = data.draw(st.integers(2, shares))
    made = data.draw(st.permutations(split(content, shares=shares, needed=needed)))
    assert join(made[: data.draw(st.integers(needed, shares))]) == content
    with pytest.raises(SharesDoNotFit):
        join(made[: needed - 1])


def test_it_refuses_shares_that_do_not_belong_together():
    one, other = (split(b"kunci", shares=3, needed=2) for _ in range(2))
    turned = bytes([bytes.fromhex(one[1].share)[0] ^ 1]).hex() + one[1].share[2:]
    wrong = [
        [one[0], other[1]], [one[0], one[0]], [one[0], replace(one[1], share=turned)],
        [one[0], replace(one[1], number=3)], [replace(each, needed=3, shares=4) for each in one],
        [replace(each, needed=1) for each in one[:1]], [replace(each, splitting="00000000") for each in one[:2]],
        [one[0], replace(one[1], share="aa")],
    ]  # fmt: skip
    for shares in wrong:
        with pytest.raises(SharesDoNotFit):
            join(shares)


@pytest.mark.parametrize("numbers", [(1, 1), (3, 1), (2, 3), (21, 2)])
def test_it_refuses_numbers_that_make_no_sense(numbers):
    shares, needed = numbers
    with pytest.raises(ValueError, match="of"):
        split(b"kunci", shares=shares, needed=needed)


@pytest.mark.parametrize("text", ["", "[]", "{}", "\x00", '{"form": "x"}', "null"])
def test_it_refuses_what_is_no_share(tmp_path, text):
    path = tmp_path / "share.json"
    path.write_text(text)
    with pytest.raises(NotAShare):
        read(path)


def test_a_share_is_never_written_over_another(tmp_path):
    made = split(b"kunci", shares=2, needed=2)
    write(made, tmp_path)
    with pytest.raises(FileExistsError):
        write(made, tmp_path)


def test_a_share_says_nothing_of_the_key_it_is_part_of():
    """Neither the content nor, whatever the content, the same bytes twice."""
    told = [part.share for _ in range(20) for part in split(b"rahasia", shares=2, needed=2)]
    assert len(set(told)) == len(told)
    assert all(b"rahasia".hex() not in part for part in told)
    assert key_shares.FORM == "gandeng-key-share-1", "another form is another number"

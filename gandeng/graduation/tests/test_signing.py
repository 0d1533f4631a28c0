"""A signature is what its points draw, and nothing else."""

import json

import pytest

from gandeng.graduation.signing import NoSignature, drawn
from gandeng.graduation.tests.factories import STROKES


def test_it_works():
    made = drawn(STROKES)
    assert made.jpeg.startswith(b"\xff\xd8\xff")
    assert (made.width, made.height) == (600, 240)
    assert drawn(STROKES).sha256 == made.sha256, "the same strokes are the same picture"
    assert drawn(STROKES.replace("330", "300")).sha256 != made.sha256


@pytest.mark.parametrize(
    "sent",
    [
        "", "x", "{}", "[]", "[[]]", "[[[1,2]]]", "[[[1,2,3]]]", '[[["a","b"]]]', "[" * 3000, "null", "7",
        "[[[NaN,1],[1,1],[2,2],[3,3],[4,4],[5,5],[6,6],[7,7]]]", "[[[true,1],[1,1]]]",
        json.dumps([[[1, 1]] * 4001]), json.dumps([[[1, 1]]] * 81), "1" * 90_000,
    ],
)  # fmt: skip
def test_it_refuses_what_draws_nothing(sent):
    with pytest.raises(NoSignature):
        drawn(sent)


def test_points_beyond_the_pad_stay_at_its_edge():
    assert drawn(json.dumps([[[-5, 9e9], [1e6, 3], [4, 4], [5, 5], [6, 6], [7, 7], [8, 8], [9, 9]]])).width == 600

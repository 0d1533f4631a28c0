"""Draws and what they allow to say, against counting every sample; and facilitators who take a part, planted."""

import random
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product

import pytest

from gandeng.core.sampling import (
    Assumed,
    at_most,
    drawn,
    frame_digest,
    marked,
    marks_from,
    rank_of,
)

SEED = bytes(range(32))
ASSUMED = Assumed(background_permille=20, false_alarm_permille=10, sure_permille=950)
ASKED = 14


def test_it_works():
    keys = [f"keluarga-{n}" for n in range(40)]
    first = drawn(SEED, keys, ASKED)
    assert len(first) == ASKED and first == drawn(SEED, reversed(keys * 2), ASKED), "the same whoever draws"
    assert drawn(bytes(32), keys, ASKED) != first
    assert drawn(SEED, keys[:5], ASKED) == sorted(keys[:5], key=lambda key: rank_of(SEED, key)), "fewer than 14: all"
    assert drawn(SEED, keys, 20)[:ASKED] == first, "more of the same order"


def test_the_order_is_the_digest_of_seed_and_key():
    """As anybody computes it: printf with the seed's bytes, then the key, through sha256sum."""
    from hashlib import sha256

    assert rank_of(SEED, "a") == sha256(SEED + b"a").hexdigest()
    assert frame_digest(["b", "a"]) == sha256(b"a\nb").hexdigest() == frame_digest(("a", "b"))


def test_every_key_has_the_same_chance():
    taken = dict.fromkeys("abcdefghij", 0)
    for n in range(4000):
        for key in drawn(n.to_bytes(32, "big"), taken, 3):
            taken[key] += 1
    assert all(abs(count - 1200) < 150 for count in taken.values()), taken


@pytest.mark.parametrize("families", range(1, 9))
def test_the_bound_is_what_counting_every_sample_gives(families):
    for asked, sure in product(range(families + 1), (500, 800, 950)):
        for troubled in range(asked + 1):
            assert at_most(families, asked, troubled, sure) == _counted(families, asked, troubled, sure)


def _counted(families, asked, troubled, sure):
    """The largest number of bad ones under which so few are in more than 1 - sure of all samples."""
    fits = []
    for bad in range(troubled, families - (asked - troubled) + 1):
        samples = [sum(one < bad for one in sample) for sample in combinations(range(families), asked)]
        share = Fraction(sum(count <= troubled for count in samples), len(samples))
        if share > Fraction(1000 - sure, 1000):
            fits.append(bad)
    return max(fits)


def test_the_bound_errs_in_at_most_one_of_twenty():
    """Over all samples of 12 families of which some are bad, the bound is below the truth in at most 5 %."""
    for bad in range(13):
        wrong = [
            at_most(12, 4, sum(one < bad for one in sample), 950) < bad for sample in combinations(range(12), 4)
        ]  # fmt: skip
        assert Fraction(sum(wrong), len(wrong)) <= Fraction(1, 20), bad


def test_asking_all_says_all_and_asking_none_says_nothing():
    assert at_most(30, 30, 3, 950) == 3 and at_most(30, 0, 0, 950) == 30


@pytest.mark.parametrize("asked", range(9))
def test_the_mark_is_what_counting_every_answer_gives(asked):
    for background, alarm, looks in product((0, 20, 100, 300), (10, 50), (1, 2)):
        assumed = Assumed(background, alarm, 950)
        share = Fraction(background, 1000)
        chance = [Fraction(0)] * (asked + 2)
        for answers in product((0, 1), repeat=asked):
            weight = Fraction(1)
            for one in answers:
                weight *= share if one else 1 - share
            chance[sum(answers)] += weight
        rare = [k for k in range(asked + 2) if sum(chance[k:]) * looks <= Fraction(alarm, 1000)]
        assert marks_from(asked, assumed, looks) == max(min(rare), 0 if asked else 1)


def test_nobody_is_marked_without_trouble_or_without_being_asked():
    assert not marked(0, 0, ASSUMED) and not marked(14, 0, Assumed(0, 10, 950)) and marked(14, 1, Assumed(0, 10, 950))
    assert [marks_from(n, ASSUMED) for n in (14, 28, 42, 56)] == [3, 4, 4, 5], "the table of the page"
    assert not marked(2, 2, Assumed(200, 10, 950)), "two of two is not rare enough there"


# Planted: 400 facilitators, 20 of whom take a part from a fifth of their families and more.


@dataclass
class _Year:
    """What one simulated year came to."""

    seen_at_once: int
    found: int
    honest_marked: list[int]
    """Per stage."""
    honest: int


def _year(seed, background=20):
    """Four stages of 14; trouble told of by chance, and by every drawn family a part was taken from."""
    chance, facilitators = random.Random(seed), 400
    taking = set(chance.sample(range(facilitators), 20))
    told = dict.fromkeys(range(facilitators), (0, 0))
    seen, honest_marked = set(), []
    for stage in range(4):
        for each in told:
            families = [f"{each}-{n}" for n in range(chance.randint(200, 320))]
            share = chance.choice((200, 250, 300, 400)) if each in taking else 0
            cut = set(chance.sample(families, -(-len(families) * share // 1000)))
            asked = drawn(chance.randbytes(32), families, ASKED)
            bad = sum(key in cut or chance.randrange(1000) < background for key in asked)
            if stage == 0 and bad and each in taking:
                seen.add(each)
            told[each] = (told[each][0] + len(asked), told[each][1] + bad)
        at_mark = {each for each, (asked, bad) in told.items() if marked(asked, bad, ASSUMED)}
        honest_marked.append(len(at_mark - taking))
    return _Year(len(seen), len(at_mark & taking), honest_marked, facilitators - len(taking))


def test_those_who_take_a_part_are_found_and_the_honest_are_not():
    years = [_year(seed) for seed in range(3)]
    for year in years:
        assert year.found >= 19, "of 20, within the year"
        assert year.seen_at_once >= 18, "of 20, at least one family tells of it in the first stage"
    looks = sum(len(year.honest_marked) * year.honest for year in years)
    assert 100 * sum(sum(year.honest_marked) for year in years) <= looks, "at most 1 % of the honest at a look"
    assert 100 * sum(year.honest_marked[-1] for year in years) <= sum(year.honest for year in years), "nor at the last"


def test_more_honest_trouble_than_assumed_shows_in_the_count_of_signs():
    """The one percent holds at the stated background and not beyond it: the page says which share it assumes."""
    beyond = _year(5, background=60)
    assert 100 * beyond.honest_marked[-1] > beyond.honest

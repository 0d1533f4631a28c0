"""Duplicate search: people of a registry who look like one person, and how seldom chance alone makes two so alike.

The rules and their numbers are those of docs/algorithms/duplicates.md. What is found is a question for a person to
answer, never a decision: nobody is struck off by it.
"""

from collections.abc import Mapping
from typing import Any

from gandeng.core.calculation import Calculation, Check, Step
from gandeng.core.duplicates_names import WORDS_MAX, known_words, name_steps
from gandeng.core.duplicates_pairs import CROWD, PLACES, pair_steps, people_steps
from gandeng.core.duplicates_tables import (
    ALIKE,
    COUNTS,
    KNOWN_WORDS,
    PEOPLE,
    WORD_PLACES,
    BornAlike,
    NameAlike,
    PlaceAlike,
)

ONE_IN_AT_LEAST = 1_000
"""Pairs are given from this strength on (our proposal).

A registry of 350.000 people then has by chance at most about 175 pairs of each way of being alike (measured: 195 of all
ways together), a dozen or two for each of its districts to look at, while two who agree in a name, a day and a village
are far beyond it unless all three are common.
"""

PEOPLE_AT_LEAST = 20_000
"""Chance is reckoned as among so many people where there are fewer (our proposal).

Of three hundred people two may have a name nobody else has: that does not make it a name of one in 150. Days alone on
which somebody who lives can have been born are some 25.000.
"""

TIMES_CLOSE = 5
"""A name has about so many near it that are as frequent (our proposal)."""

TIMES_SLIP = 40
"""A birth date has about so many days within one slip that a living person can have (our proposal): seven or eight
others for the last digit of year, month and day each, some fifteen for the remaining digits, the swapped ones."""

TIMES_OTHER_SEX = 25
"""Sex is seldom written wrong (our proposal: once in 25), so two of different sex are so much rarer one person."""


def duplicates(
    *, one_in_at_least: int = ONE_IN_AT_LEAST, crowd: int = CROWD, people_at_least: int = PEOPLE_AT_LEAST
) -> Calculation:
    """Pairs of people who look like one person, with the counts that say how seldom strangers do.

    Reads   people       everybody who could be paid for, member_id unique, one village a family
            known_words  titles and abbreviations
            word_places  places of words that are read
    Gives   alike        each pair once, where `one_in` of its counts is at least `one_in_at_least`
    Fails   where a member is listed twice or a family lives in two villages
    Source  docs/algorithms/duplicates.md; the figures in it are proposals
    """
    return Calculation(
        name="duplicates",
        reads=(PEOPLE, KNOWN_WORDS, WORD_PLACES),
        steps=(
            *name_steps(),
            *people_steps(crowd),
            *pair_steps(),
            *_counted(),
            *_weighed(one_in_at_least, people_at_least),
        ),
        checks=(
            Check(
                "every member is listed once",
                "select member_id from people group by member_id having count(*) > 1",
            ),
            Check(
                "every family lives in one village",
                """select family_id from placed group by family_id
                    having min(coalesce(village, '')) <> max(coalesce(village, ''))""",
            ),
            Check(
                "every pair is given once",
                "select member_id, other_member_id from alike group by member_id, other_member_id having count(*) > 1",
            ),
        ),
        gives=(ALIKE,),
        parameters={
            "known_words": known_words(),
            "word_places": tuple((place,) for place in range(1, WORDS_MAX + 1)),
        },
    )


def one_in(name_people: int, born_people: int, place_people: int, times: int, people: int) -> int:
    """One person in so many has a stranger who looks that alike by chance; the bigger, the stronger the pair.

    Strangers to expect beside a person are place_people x (name_people / people) x (born_people / people) x times; this
    is one over that, rounded down. `people` are all there are, or PEOPLE_AT_LEAST.
    """
    return people * people // (name_people * born_people * place_people * times)


def strength(row: Mapping[str, Any]) -> int:
    """`one_in` of a row of `alike`."""
    return one_in(*(row[count] for count in COUNTS))


def _counted() -> tuple[Step, ...]:
    """How many people have a name, were born in a year, live in a place."""
    return (
        Step("spelling_people", "select spelling, count(*) as people from told group by spelling"),
        Step(
            "names_counted",
            """select n.name, s.people, r.people as rarest_people, n.words from names n
                join spelling_people s on s.spelling = n.spelling
                join (select w.name, min(c.people) as people from name_words w
                    join word_people c on c.spelling = w.spelling group by w.name) r on r.name = n.name""",
            stored=True,
        ),
        Step(
            "year_people",
            "select substring(born, 1, 4) as year, count(*) as people from placed group by substring(born, 1, 4)",
        ),
        *(
            Step(f"{place}_people", f"select {place}, count(*) as people from placed group by {place}")
            for place in PLACES.values()
        ),
    )


def _weighed(one_in_at_least: int, people_at_least: int) -> tuple[Step, ...]:
    """From `kept` to `alike`: the counts of each pair, and the pairs that are strong enough."""
    joined = " ".join(
        f"left join {place}_people {place}_of on {place}_of.{place} = p.{place}" for place in PLACES.values()
    )
    in_place = " ".join(f"when k.place_alike = '{place}' then {column}_of.people" for place, column in PLACES.items())
    counts = ", ".join(COUNTS)
    return (
        Step(
            "weighed",
            f"""select k.family_id, k.member_id, k.other_family_id, k.other_member_id, k.name_alike, k.born_alike,
                k.place_alike, k.same_sex,
                case when k.name_alike = '{NameAlike.PART}' and n.words < o.words then n.rarest_people
                    when k.name_alike = '{NameAlike.PART}' then o.rarest_people
                    when n.people > o.people then n.people else o.people end as name_people,
                case when k.born_alike = '{BornAlike.YEAR}' then y.people
                    when d.people > e.people then d.people else e.people end as born_people,
                case {in_place} when k.place_alike = '{PlaceAlike.NATION}' then everybody.people
                    else coalesce({_smallest_place()}, everybody.people) end as place_people,
                cast({_times()} as bigint) as times,
                case when everybody.people < {people_at_least:d} then {people_at_least:d} else everybody.people end
                    as people
                from kept k join placed p on p.person = k.person
                join names_counted n on n.name = k.name join names_counted o on o.name = k.other_name
                join day_people d on d.born = k.born join day_people e on e.born = k.other_born
                join year_people y on y.year = substring(k.born, 1, 4) {joined} cross join everybody""",
            stored=True,
        ),
        Step(
            "alike",
            f"""select family_id, member_id, other_family_id, other_member_id, name_alike, born_alike, place_alike,
                same_sex, {counts} from weighed where {_strong(one_in_at_least)}""",
            stored=True,
        ),
    )


def _smallest_place() -> str:
    """SQL: people of the smallest place that is known of a family; two of one family are never stronger than that."""
    return ", ".join(f"{place}_of.people" for place in PLACES.values())


def _times() -> str:
    """SQL: the product of the multipliers that apply."""
    return f"""case when name_alike = '{NameAlike.CLOSE}' then {TIMES_CLOSE:d} else 1 end
        * case when born_alike = '{BornAlike.SLIP}' then {TIMES_SLIP:d} else 1 end
        * case when same_sex then 1 else {TIMES_OTHER_SEX:d} end"""


def _strong(one_in_at_least: int) -> str:
    """SQL: `one_in` is at least that, from 1 on.

    All factors together outgrow a bigint, so what is too common already is told by fewer of them. At the strength we
    propose this reaches to 40 million people, 5 million in one province; beyond, the engine stops with an error.
    """
    squared, two = "people * people", "name_people * born_people"
    three = f"{two} * place_people"
    return f"""case when {two} * {one_in_at_least:d} > {squared} then false
        when place_people = people then {two} * {one_in_at_least:d} * times <= people
        when {three} > {squared} then false when {three} * times > {squared} then false
        else {three} * times * {one_in_at_least:d} <= {squared} end"""

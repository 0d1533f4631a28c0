"""Who is looked at beside whom, and how alike they are: from people and names to `compared`.

Nobody is compared with everybody. Each block is a join on what two people must share to be worth a look; the pairs of
all blocks together are exactly those the page docs/algorithms/duplicates.md promises to find.
"""

from gandeng.core.calculation import Step
from gandeng.core.duplicates_names import WORDS_MAX
from gandeng.core.duplicates_tables import BornAlike, NameAlike, PlaceAlike

CROWD = 100
"""A word or a birth date is rare while at most so many people have it, or one in a hundred of all (our proposal).

A commoner one is no reason to look: it would lay everybody called Siti beside one another, or everybody whose unknown
birth date somebody wrote as 1 January 1900.
"""

LETTERS_FOR_ONE, LETTERS_FOR_TWO = 5, 12
"""Names of so many letters may differ by one letter, by two, and still be CLOSE (our proposal)."""

PARENT_YEARS = 12
"""Within a family, people born so many years apart are parent and child, whatever they are called."""

_LENGTHS = {
    PlaceAlike.VILLAGE: 10,
    PlaceAlike.SUB_DISTRICT: 6,
    PlaceAlike.DISTRICT: 4,
    PlaceAlike.PROVINCE: 2,
}
PLACES = {place: place.value.lower() for place in _LENGTHS}
"""Columns of the places people can have in common, the smallest first."""


def people_steps(crowd: int) -> tuple[Step, ...]:
    """`told`: people with a name that can be read, numbered in the order of member_id; what is rare among them.

    A place that the code does not reach down to is NULL: nobody lives in the same unknown village.
    """
    places = ", ".join(
        f"case when length(code) >= {length:d} then substring(code, 1, {length:d}) end as {PLACES[place]}"
        for place, length in _LENGTHS.items()
    )
    return (
        Step(
            "placed",
            f"""select row_number() over (order by member_id) as person, family_id, member_id, name, birth_date,
                translate(cast(birth_date as string), '-', '') as born, sex, {places}
                from (select *, translate(village_code, '.', '') as code from people) coded""",
            stored=True,
        ),
        Step(
            "told",
            """select p.person, p.family_id, p.member_id, p.name, p.birth_date, p.born, substring(p.born, 1, 4) as year,
                substring(p.born, 5, 4) as day_of_year, p.sex, p.village, p.sub_district, p.district, p.province,
                n.words, n.spelling, n.run
                from placed p join names n on n.name = p.name""",
            stored=True,
        ),
        Step("everybody", "select count(*) as people from people", stored=True),
        Step(
            "word_people",
            """select w.spelling, count(*) as people
                from placed p join name_words w on w.name = p.name group by w.spelling""",
            stored=True,
        ),
        Step("day_people", "select born, count(*) as people from placed group by born", stored=True),
        Step("rare_words", f"select c.spelling from word_people c cross join everybody e where {_rare(crowd)}"),
        Step("rare_days", f"select c.born from day_people c cross join everybody e where {_rare(crowd)}"),
    )


def _rare(crowd: int) -> str:
    return f"c.people <= {crowd:d} or c.people * 100 <= e.people"


def pair_steps() -> tuple[Step, ...]:
    """`compared`: one row per pair that is looked at, with how name, birth date and place are alike."""
    names, born = f"{_NAME_ALIKE} <> ''", f"{_BORN_ALIKE} <> ''"
    blocks = (
        _block("same_name_same_day", "told", "b.spelling = a.spelling and b.birth_date = a.birth_date", "true"),
        _block(
            "same_day_in_district",
            "(select t.* from told t join rare_days r on r.born = t.born)",
            "b.birth_date = a.birth_date and b.district = a.district",
            names,
        ),
        Step(
            "told_by_rare_word",
            """select t.*, w.spelling as word from told t join name_words w on w.name = t.name
                join rare_words r on r.spelling = w.spelling""",
        ),
        _block("rare_word_same_day", "told_by_rare_word", "b.word = a.word and b.birth_date = a.birth_date", names),
        *(
            _block(
                f"same_{key}_in_{within}", "told", f"b.{key} = a.{key} and b.{within} = a.{within}{also}", also_alike
            )
            for key in ("year", "day_of_year")
            for within, also, also_alike in (
                ("district", " and b.spelling = a.spelling", born),
                ("village", "", f"{born} and {names}"),
            )
        ),
    )
    looked_at = " union ".join(f"select person, other from {step.name}" for step in blocks if step.stored)
    return (
        *blocks,
        Step("looked_at", looked_at, stored=True),
        Step(
            "compared",
            f"""select a.person, b.person as other, a.family_id, a.member_id, b.family_id as other_family_id,
                b.member_id as other_member_id, a.born, b.born as other_born, a.name, b.name as other_name,
                {_NAME_ALIKE} as name_alike, {_BORN_ALIKE} as born_alike, {_place_alike()} as place_alike,
                a.sex = b.sex as same_sex
                from looked_at l join told a on a.person = l.person join told b on b.person = l.other""",
        ),
        Step("kept", f"select * from compared where place_alike <> 'FAMILY' or {_ONE_CHILD_TWICE}", stored=True),
    )


def _block(name: str, people: str, on: str, alike: str) -> Step:
    return Step(
        name,
        f"""select a.person, b.person as other from {people} a join {people} b on {on} and a.person < b.person
            where {alike}""",
        stored=True,
    )


_ONE_CHILD_TWICE = f"""(name_alike = '{NameAlike.SAME}' and same_sex
    and abs(cast(substring(born, 1, 4) as bigint) - cast(substring(other_born, 1, 4) as bigint)) < {PARENT_YEARS:d})"""
"""Within a family: brothers share words, twins a day and half a name; nobody calls two children of his the same."""


def _holds_words_of(longer: str, shorter: str) -> str:
    """SQL: every word of the shorter name stands in the longer."""
    words = (f"split_part({shorter}.spelling, ' ', {place:d})" for place in range(2, WORDS_MAX + 1))
    holds = f"instr(' ' || {longer}.spelling || ' ', ' ' || {{}} || ' ') > 0"
    rest = " and ".join(f"({word} = '' or {holds.format(word)})" for word in words)
    return f"{shorter}.words < {longer}.words and {holds.format(f"split_part({shorter}.spelling, ' ', 1)")} and {rest}"


def _near(text: str) -> str:
    """SQL: two texts are a letter or two apart, by the length of the shorter."""
    letters = f"case when length(a.{text}) < length(b.{text}) then length(a.{text}) else length(b.{text}) end"
    may_differ = f"case when {letters} >= {LETTERS_FOR_TWO:d} then 2 when {letters} >= {LETTERS_FOR_ONE:d} then 1 end"
    return f"""(abs(length(a.{text}) - length(b.{text})) <= {may_differ}
        and levenshtein(a.{text}, b.{text}) <= {may_differ})"""


_NAME_ALIKE = f"""case when a.spelling = b.spelling then '{NameAlike.SAME}'
    when {_holds_words_of("a", "b")} or {_holds_words_of("b", "a")} then '{NameAlike.PART}'
    when {_near("spelling")} or {_near("run")} then '{NameAlike.CLOSE}' else '' end"""
"""SQL: how the names of a and b are alike, '' where they are not."""


def _digit(person: str, place: int) -> str:
    return f"substring({person}.born, {place:d}, 1)"


_DIGITS_DIFFER = " + ".join(
    f"case when {_digit('a', place)} = {_digit('b', place)} then 0 else 1 end" for place in range(1, 9)
)
_CROSSED = " or ".join(
    f"({_digit('a', place)} = {_digit('b', place + 1)} and {_digit('a', place + 1)} = {_digit('b', place)}"
    f" and {_digit('a', place)} <> {_digit('a', place + 1)})"
    for place in (1, 2, 3, 5, 6, 7)
)
_DAY_IS_MONTH = "b.day_of_year = substring(a.born, 7, 2) || substring(a.born, 5, 2)"
_BORN_ALIKE = f"""case when a.born = b.born then '{BornAlike.SAME}'
    when {_DIGITS_DIFFER} = 1 or {_DIGITS_DIFFER} = 2 and ({_CROSSED}) or a.year = b.year and {_DAY_IS_MONTH}
        then '{BornAlike.SLIP}'
    when a.year = b.year and (a.day_of_year = '0101' or b.day_of_year = '0101') then '{BornAlike.YEAR}' else '' end"""
"""SQL: how the birth dates of a and b are alike, '' where they are not."""


def _place_alike() -> str:
    places = " ".join(f"when a.{column} = b.{column} then '{place}'" for place, column in PLACES.items())
    return f"case when a.family_id = b.family_id then '{PlaceAlike.FAMILY}' {places} else '{PlaceAlike.NATION}' end"

"""Doubles planted among honest people, each labelled with what was done to it; shares no code with the search."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import cycle
from random import Random

ELSEWHERE = ("VILLAGE", "SUB_DISTRICT", "DISTRICT", "PROVINCE")
SHARED_DIGITS = {"VILLAGE": 13, "SUB_DISTRICT": 8, "DISTRICT": 5, "PROVINCE": 2}
"""Length of a dotted village code's beginning that two villages share."""

_OTHER_VOWEL = {"a": "i", "i": "u", "u": "a", "e": "a", "o": "i"}
_SHORT = {"Muhammad": ("M.", "Moh.", "Muh", "MHD"), "Abdul": ("Abd.", "ABD"), "Siti": ("St.", "ST")}
_SPELT = (
    ("u", "oe"), ("j", "dj"), ("c", "tj"), ("sy", "sj"), ("f", "v"), ("f", "p"), ("z", "j"), ("sy", "s"), ("i", "y"),
    ("t", "th"), ("d", "dh"), ("nor", "noor"), ("h", "kh"), ("m", "mm"), ("s", "ss"),
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    family_id: str
    member_id: str
    name: str
    birth_date: date
    sex: str
    village_code: str


def _spelling(person: Person, chance: Random) -> Person | None:
    """Some letters as others write them, and capitals."""
    can = [(old, new) for old, new in _SPELT if old in person.name.lower()]
    name = person.name.lower()
    for old, new in chance.sample(can, min(2, len(can))):
        name = name.replace(old, new, 1)
    return replace(person, name=name.upper()) if can else None


def _letter(person: Person, chance: Random) -> Person:
    """One letter another one, missing or too much."""
    place, letter = chance.randrange(len(person.name)), chance.choice("abcdefghijklmnoprstuwy")
    kept = chance.choice((place, place + 1))
    return replace(person, name=person.name[:place] + chance.choice((letter, "")) + person.name[kept:])


def _words_swapped(person: Person, chance: Random) -> Person | None:
    words = person.name.split()
    return replace(person, name=", ".join(reversed(words))) if len(words) > 1 else None


def _word_left_out(person: Person, chance: Random) -> Person | None:
    words = person.name.split()
    return replace(person, name=chance.choice(words)) if len(words) > 1 else None


def _joined(person: Person, chance: Random) -> Person | None:
    return replace(person, name=person.name.replace(" ", "")) if " " in person.name else None


def _abbreviated(person: Person, chance: Random) -> Person | None:
    first, *rest = person.name.split()
    return replace(person, name=" ".join([chance.choice(_SHORT[first]), *rest])) if first in _SHORT and rest else None


def _titled(person: Person, chance: Random) -> Person:
    return replace(person, name=f"{'Hj.' if person.sex == 'F' else 'H.'} {person.name}")


def _day_for_month(person: Person, chance: Random) -> Person | None:
    day, month = person.birth_date.day, person.birth_date.month
    can = day <= 12 and day != month
    return replace(person, birth_date=person.birth_date.replace(day=month, month=day)) if can else None


def _digit(person: Person, chance: Random) -> Person | None:
    text = person.birth_date.strftime("%Y%m%d")
    place = chance.randrange(2, 8)
    try:
        wrong = date.fromisoformat(text[:place] + chance.choice("0123456789") + text[place + 1 :])
    except ValueError:
        return None
    return replace(person, birth_date=wrong) if wrong != person.birth_date and wrong.year < 2024 else None


def _first_january(person: Person, chance: Random) -> Person:
    return replace(person, birth_date=person.birth_date.replace(day=1, month=1))


def _sex(person: Person, chance: Random) -> Person:
    return replace(person, sex="M" if person.sex == "F" else "F")


KINDS: dict[str, Callable[[Person, Random], Person | None]] = {
    "told again": lambda person, _: person,
    "spelling": _spelling,
    "title": _titled,
    "abbreviation": _abbreviated,
    "words swapped": _words_swapped,
    "words joined": _joined,
    "one letter": _letter,
    "word left out": _word_left_out,
    "day for month": _day_for_month,
    "one digit": _digit,
    "1 January": _first_january,
    "sex": _sex,
}


@dataclass(frozen=True)
class Planted:
    """The doubles, and for (member_id, double's member_id) what was done to it and where it lives."""

    people: list[Person]
    labels: dict[tuple[str, str], tuple[str, str]]


def plant(honest: Iterable[Person], villages: tuple[str, ...], *, each: int, seed: int) -> Planted:
    """`each` doubles of every kind in every place of ELSEWHERE, of people drawn from `honest` in order."""
    chance, source = Random(seed), iter(honest)
    planted = Planted([], {})
    for kind, change in KINDS.items():
        for place in ELSEWHERE:
            made = 0
            while made < each:
                person = next(source)
                double = change(person, chance)
                village = _village(person.village_code, place, villages, chance)
                if double is None or village is None:
                    continue
                made += 1
                no = f"X{len(planted.people):06d}"
                planted.people.append(replace(double, family_id=no, member_id=f"{no}-1", village_code=village))
                planted.labels[person.member_id, f"{no}-1"] = (kind, place)
    return planted


def _village(home: str, place: str, villages: tuple[str, ...], chance: Random) -> str | None:
    """A village whose smallest common place with `home` is `place`."""
    if place == "VILLAGE":
        return home
    nearer = ELSEWHERE[ELSEWHERE.index(place) - 1]
    can = _around(home[: SHARED_DIGITS[place]], home[: SHARED_DIGITS[nearer]], villages)
    return chance.choice(can) if can else None


@cache
def _around(place: str, nearer: str, villages: tuple[str, ...]) -> list[str]:
    """Villages of a place that do not lie in the nearer one."""
    return [other for other in villages if other.startswith(place) and not other.startswith(nearer)]


def families_again(families: Iterable[list[Person]], villages: tuple[str, ...], *, count: int, seed: int) -> Planted:
    """Whole families told twice, the second time in another village of their sub-district."""
    chance, planted = Random(seed), Planted([], {})
    for family in families:
        village = _village(family[0].village_code, "SUB_DISTRICT", villages, chance)
        if village is None or not count:
            continue
        count -= 1
        for person in family:
            again = replace(person, family_id=f"Y{person.family_id}", member_id=f"Y{person.member_id}")
            planted.people.append(replace(again, village_code=village))
            planted.labels[person.member_id, again.member_id] = ("whole family", "SUB_DISTRICT")
    return planted


def twins(children: Iterable[Person]) -> list[Person]:
    """A twin for each, named as twins are: another vowel at the end, another word, a word more."""
    names: tuple[Callable[[Person], str], ...] = (
        lambda child: re.sub("[aiueo](?=[^aiueo]*$)", lambda last: _OTHER_VOWEL[last[0]], child.name),
        lambda child: f"{child.name.split()[0]} Kembar",
        lambda child: f"{child.name} Kedua",
    )
    return [
        replace(child, member_id=f"T{child.member_id}", name=name(child))
        for child, name in zip(children, cycle(names), strict=False)
    ]

"""The duplicate search read from its page literally: everybody beside everybody, sharing no code."""

import re
import unicodedata
from collections import Counter
from itertools import combinations, pairwise

from rapidfuzz.distance import Hamming, Levenshtein

from tests.engines.duplicates_planted import Person

TITLES = {
    "H", "HJ", "HAJI", "HAJJI", "HAJJAH", "HAJAH", "ALM", "ALMH", "ALMARHUM", "ALMARHUMAH", "DRS", "DRA", "DR", "IR",
    "KH", "TGK", "TN", "NY", "SDR", "SDRI", "BIN", "BINTI",
}  # fmt: skip
STANDS_FOR = {
    "MUHAMMAD": r"M|MD|[MH]*M[UO]C?H|MHD|M[UO]HD|M[UO](H|CH|KH)AMM?AD|M[UO]HAMM?ED",
    "SITI": "STI?",
    "ABDUL": "ABDL?",
    "AHMAD": "AHM|ACH|AKH",
}
EXCHANGED = (
    "OE>U", "TJ>C", "DJ>J", "SJ>SY", "NJ>NY", "CH>H", "KH>H", "PH>P", "F>P", "V>P", "Q>K", "X>KS", "Z>J", "SY>S",
    "IE>I", "Y>I", "OO>U", "NOR>NUR",
)  # fmt: skip
WIDTH = {"VILLAGE": 10, "SUB_DISTRICT": 6, "DISTRICT": 4, "PROVINCE": 2}


def spelled(word: str) -> str:
    for exchange in EXCHANGED:
        word = word.replace(*exchange.split(">"))
    word = re.sub(r"(?<=[BCDGJKLMNPRSTW])H", "", word)
    return re.sub(r"([A-Z])\1+", r"\1", word).removesuffix("H")


def words(name: str) -> list[str]:
    """The name's words in one spelling, each once, as they come."""
    plain = "".join(sign for sign in unicodedata.normalize("NFD", name) if not unicodedata.combining(sign))
    spaced = re.sub(r"[-.,_/;:()&+\t\u00a0]", " ", plain).upper()
    letters = re.sub(r"[^A-Z ]", "", spaced).split()[:8]
    found = []
    for word in letters:
        if word not in TITLES:
            meant = next((full for full, short in STANDS_FOR.items() if re.fullmatch(short, word)), word)
            found.append(spelled(meant))
    return [word for word in dict.fromkeys(found) if word]


def near(one: str, other: str) -> bool:
    shorter = min(len(one), len(other))
    return shorter >= 5 and Levenshtein.distance(one, other) <= (2 if shorter >= 12 else 1)


def names_alike(one: list[str], other: list[str]) -> str | None:
    if not one or not other:
        return None
    if set(one) == set(other):
        return "SAME"
    if set(one) < set(other) or set(other) < set(one):
        return "PART"
    sorted_near = near(" ".join(sorted(one)), " ".join(sorted(other)))
    return "CLOSE" if sorted_near or near("".join(one), "".join(other)) else None


def born_alike(one: str, other: str) -> str | None:
    """Of two days as eight digits."""
    if one == other:
        return "SAME"
    neighbours = [other[:left] + other[right] + other[left] + other[right + 1 :] for left, right in pairwise(range(8))]
    del neighbours[3]  # the last digit of the year with the first of the month
    if Hamming.distance(one, other) == 1 or one in neighbours or one == other[:4] + other[6:] + other[4:6]:
        return "SLIP"
    return "YEAR" if one[:4] == other[:4] and "0101" in (one[4:], other[4:]) else None


def alike(people: list[Person], *, strangers: int, one_in_at_least: int, crowd: int) -> list[dict[str, object]]:
    """Rows of the table of that name, in the order of members; `strangers` live elsewhere and are like nobody."""
    world = _World(people, strangers, crowd)
    rows = []
    for one, other in combinations(sorted(people, key=lambda person: person.member_id), 2):
        row = world.pair(one, other)
        if row and _expected(row) * one_in_at_least <= world.size**2:
            rows.append(row)
    return rows


def _expected(row: dict[str, object]) -> int:
    product = 1
    for factor in ("name_people", "born_people", "place_people", "times"):
        product *= int(str(row[factor]))
    return product


class _World:
    """What is counted over all people, and the pairs among them."""

    def __init__(self, people: list[Person], strangers: int, crowd: int) -> None:
        self.size = len(people) + strangers
        self.words = {person.member_id: words(person.name) for person in people}
        self.born = {person.member_id: person.birth_date.strftime("%Y%m%d") for person in people}
        self.code = {person.member_id: person.village_code.replace(".", "") for person in people}
        self.of_name = Counter(frozenset(each) for each in self.words.values())
        self.of_word = Counter(word for each in self.words.values() for word in each)
        self.of_day = Counter(self.born.values())
        self.of_year = Counter(day[:4] for day in self.born.values())
        self.of_place = Counter(
            code[:width] for code in self.code.values() for width in WIDTH.values() if len(code) >= width
        )
        self.crowd = crowd

    def rare(self, people: int) -> bool:
        return people <= self.crowd or people * 100 <= self.size

    def pair(self, one: Person, other: Person) -> dict[str, object] | None:
        a, b = one.member_id, other.member_id
        name, born = names_alike(self.words[a], self.words[b]), born_alike(self.born[a], self.born[b])
        place = "FAMILY" if one.family_id == other.family_id else self.place(a, b)
        if name is None or born is None or not self.looked_at(a, b, name, born):
            return None
        apart = abs(one.birth_date.year - other.birth_date.year)
        if place == "FAMILY" and not (name == "SAME" and one.sex == other.sex and apart < 12):
            return None
        shorter = min((self.words[a], self.words[b]), key=len)
        counts = (self.of_name[frozenset(self.words[a])], self.of_name[frozenset(self.words[b])])
        days = max(self.of_day[self.born[a]], self.of_day[self.born[b]])
        times = (5 if name == "CLOSE" else 1) * (40 if born == "SLIP" else 1) * (1 if one.sex == other.sex else 25)
        return {
            "family_id": one.family_id,
            "member_id": a,
            "other_family_id": other.family_id,
            "other_member_id": b,
            "name_alike": name,
            "born_alike": born,
            "place_alike": place,
            "same_sex": one.sex == other.sex,
            "name_people": min(self.of_word[word] for word in shorter) if name == "PART" else max(counts),
            "born_people": self.of_year[self.born[a][:4]] if born == "YEAR" else days,
            "place_people": self.people_of(self.place(a, b) if place == "FAMILY" else place, a),
            "times": times,
            "people": self.size,
        }

    def place(self, a: str, b: str) -> str:
        for place, width in WIDTH.items():
            if len(self.code[a]) >= width <= len(self.code[b]) and self.code[a][:width] == self.code[b][:width]:
                return place
        return "NATION"

    def people_of(self, place: str, a: str) -> int:
        return self.size if place == "NATION" else self.of_place[self.code[a][: WIDTH[place]]]

    def looked_at(self, a: str, b: str, name: str, born: str) -> bool:
        place = self.place(a, b)
        in_district = place in ("VILLAGE", "SUB_DISTRICT", "DISTRICT")
        if place == "VILLAGE" or (in_district and name == "SAME"):
            return True
        rare_words = [word for word in self.words[a] if word in self.words[b] and self.rare(self.of_word[word])]
        rare_day = in_district and self.rare(self.of_day[self.born[a]])
        return born == "SAME" and (name == "SAME" or rare_day or bool(rare_words))

"""Tables the duplicate search reads and gives, and the words in them (docs/algorithms/duplicates.md)."""

from enum import StrEnum

from gandeng.core.tables import Column, Table, Type, columns


class NameAlike(StrEnum):
    """How alike two names are once their spelling is made one; the first that holds."""

    SAME = "SAME"  # the same words, in any order
    PART = "PART"  # all words of the shorter stand in the longer
    CLOSE = "CLOSE"  # a letter or two apart


class BornAlike(StrEnum):
    """How alike two birth dates are; the first that holds."""

    SAME = "SAME"
    SLIP = "SLIP"  # day and month swapped, one digit wrong, or two neighbouring digits swapped
    YEAR = "YEAR"  # the same year, and one of them says 1 January


class PlaceAlike(StrEnum):
    """The smallest thing two people have in common of family and places, the nearest first."""

    FAMILY = "FAMILY"
    VILLAGE = "VILLAGE"
    SUB_DISTRICT = "SUB_DISTRICT"
    DISTRICT = "DISTRICT"
    PROVINCE = "PROVINCE"
    NATION = "NATION"


PEOPLE = Table(
    "people",
    "one row per person who could be paid for",
    (
        *columns(Type.TEXT, "family_id", "member_id", "name"),
        Column("birth_date", Type.DATE),
        *columns(Type.TEXT, "sex", "village_code"),
    ),
)
LEFT_BEHIND = ("ENDED", "GRADUATED")
"""Families that are paid no more: a person in one of them and in another is no double payment."""

KNOWN_WORDS = Table(
    "known_words",
    "one row per title or abbreviation in names, and the word it stands for, '' for none",
    columns(Type.TEXT, "written", "means"),
)
WORD_PLACES = Table("word_places", "one row per word of a name that is read, from 1", (Column("place", Type.BIGINT),))
COUNTS = ("name_people", "born_people", "place_people", "times", "people")
"""Columns of `alike` that say how seldom chance makes a pair, in the order `one_in` takes them."""

ALIKE = Table(
    "alike",
    "one row per pair of people who look like one person, member_id < other_member_id",
    (
        *columns(Type.TEXT, "family_id", "member_id", "other_family_id", "other_member_id"),
        *columns(Type.TEXT, "name_alike", "born_alike", "place_alike"),
        Column("same_sex", Type.BOOLEAN),
        *columns(Type.BIGINT, *COUNTS),
    ),
)

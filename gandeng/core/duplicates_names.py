"""Spelling of names made one, so that SOEKARNO is SUKARNO and Moh. is Muhammad.

Every list below is ours, a proposal from how names are seen written in lists; none is a rule of anybody. What is made
one here never changes a name that is stored or shown: it only decides who is looked at beside whom.
"""

from string import ascii_lowercase, ascii_uppercase

from gandeng.core.calculation import Step

WORDS_MAX = 8
"""Words of a name that are read; what stands behind the eighth is not."""

TITLES = (
    "H", "HJ", "HAJI", "HAJJI", "HAJJAH", "HAJAH", "ALM", "ALMH", "ALMARHUM", "ALMARHUMAH", "DRS", "DRA", "DR", "IR",
    "KH", "TGK", "TN", "NY", "SDR", "SDRI", "BIN", "BINTI",
)  # fmt: skip
"""Words that say what somebody is, or whose child, not what she is called."""

ABBREVIATIONS = {
    "MUHAMMAD": (
        "M", "MD", "MUH", "MOH", "MOCH", "MUCH", "MHD", "MUHD", "MOHD", "MUHAMAD", "MUHAMMED", "MUHAMED", "MOHAMAD",
        "MOHAMMAD", "MOHAMED", "MOHAMMED", "MOCHAMAD", "MOCHAMMAD", "MUCHAMAD", "MUCHAMMAD", "MOKHAMAD", "MOKHAMMAD",
        "MUKHAMAD", "MUKHAMMAD",
    ),
    "SITI": ("ST", "STI"),
    "ABDUL": ("ABD", "ABDL"),
    "AHMAD": ("AHM", "ACH", "AKH"),
}  # fmt: skip
"""A word, and how else it is written."""

SPELLINGS = (
    ("OE", "U"), ("TJ", "C"), ("DJ", "J"), ("SJ", "SY"), ("NJ", "NY"), ("CH", "H"), ("KH", "H"), ("PH", "P"),
    ("F", "P"), ("V", "P"), ("Q", "K"), ("X", "KS"), ("Z", "J"), ("SY", "S"), ("IE", "I"), ("Y", "I"), ("OO", "U"),
    ("NOR", "NUR"),
)  # fmt: skip
"""Old spellings and letters that are exchanged, one after the other: what is written, what it becomes."""

_ACCENTED, _PLAIN = "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöùúûüý", "AAAAAACEEEEIIIINOOOOOUUUUY" * 2
_BETWEEN_WORDS = ".,-_/;:()&+\t\u00a0"
_CONSONANTS = "BCDGJKLMNPRSTW"


def known_words() -> tuple[tuple[object, ...], ...]:
    """KNOWN_WORDS: titles stand for no word, abbreviations for the one they shorten."""
    titles = tuple((title, "") for title in TITLES)
    return titles + tuple((written, word) for word, all_written in ABBREVIATIONS.items() for written in all_written)


def name_steps() -> tuple[Step, ...]:
    """From `people` to `names` (one row per name as written): its words made one in spelling, sorted and in order.

    A name without a letter A to Z, or of titles alone, has no row there and is like nobody's.
    """
    return (
        Step("written", f"select name, {_letters('name')} as letters from (select distinct name from people) given"),
        Step(
            "written_words",
            """select w.name, p.place, split_part(w.letters, ' ', cast(p.place as int)) as word
                from written w cross join word_places p""",
        ),
        Step(
            "spelled_words",
            f"""select word, {spelled("coalesce(k.means, word)")} as spelling
                from (select distinct word from written_words where word <> '') w
                left join known_words k on k.written = w.word""",
            stored=True,
        ),
        Step(
            "name_words",
            """select w.name, s.spelling, min(w.place) as place
                from written_words w join spelled_words s on s.word = w.word
                where s.spelling <> '' group by w.name, s.spelling""",
            stored=True,
        ),
        Step(
            "ordered_words",
            """select name, spelling, row_number() over (partition by name order by spelling) as sorted_place,
                row_number() over (partition by name order by place) as place from name_words""",
        ),
        Step(
            "names",
            f"""select name, count(*) as words, concat_ws(' ', {_in_order("sorted_place")}) as spelling,
                concat_ws('', {_in_order("place")}) as run from ordered_words group by name""",
            stored=True,
        ),
    )


def spelled(word: str) -> str:
    """SQL: a word of letters A to Z in the one spelling; '' stays ''."""
    for written, becomes in SPELLINGS:
        word = _replaced(word, written, becomes)
    for consonant in _CONSONANTS:
        word = _replaced(word, f"{consonant}H", consonant)
    for letter in ascii_uppercase * 2:
        word = _replaced(word, letter * 2, letter)
    return f"trim(replace({word} || ' ', 'H ', ' '))"


def _letters(name: str) -> str:
    """SQL: capitals A to Z and single spaces between words; every other sign is gone."""
    capitals = f"translate({name}, '{ascii_lowercase}{_ACCENTED}', '{ascii_uppercase}{_PLAIN}')"
    spaced = f"translate({capitals}, '{_BETWEEN_WORDS}', '{' ' * len(_BETWEEN_WORDS)}')"
    signs = f"translate({spaced}, '{ascii_uppercase} ', '')"
    clean = f"translate({spaced}, {signs}, '')"
    for _ in range(3):
        clean = _replaced(clean, "  ", " ")
    return f"trim({clean})"


def _replaced(text: str, written: str, becomes: str) -> str:
    return f"replace({text}, '{written}', '{becomes}')"


def _in_order(place: str) -> str:
    """SQL: the words of a name by a place they have, NULL for those it has not."""
    return ", ".join(f"max(case when {place} = {number:d} then spelling end)" for number in range(1, WORDS_MAX + 1))

"""Names as people spell them: one form for variants of Indonesian spelling, and keys that alike names share.

Used to suggest, never to decide: two people may share a name, and one person may spell hers in two ways.
"""

import re
from functools import lru_cache

_SPELLINGS = (
    ("OE", "U"), ("DJ", "J"), ("TJ", "C"), ("SJ", "SY"), ("NJ", "NY"), ("CH", "H"), ("KH", "H"), ("DH", "D"),
    ("TH", "T"), ("DZ", "Z"), ("GH", "G"), ("PH", "F"), ("V", "F"), ("Q", "K"), ("X", "KS"), ("OO", "U"),
    ("EE", "I"), ("Y", "I"), ("Z", "J"),
)  # fmt: skip
"""Old spelling, Arabic sounds and doubled vowels, in the order they are replaced."""

_WORDS = {
    **dict.fromkeys(("MUHAMAD", "MOHAMAD", "MOHAMED", "MUHAMED", "MOH", "MOHD", "MUH", "MHD", "MD"), "MUHAMAD"),
    **dict.fromkeys(("ST", "STI", "SITTI"), "SITI"),
    **dict.fromkeys(("ABD", "ABDL", "ABDOEL"), "ABDUL"),
    **dict.fromkeys(("NOR", "NUR", "NOOR"), "NUR"),
    **dict.fromkeys(("AHMD", "ACHMAD", "AKHMAD"), "AHMAD"),
}
_TITLES = {"H", "HJ", "HJH", "KH", "DRS", "DRA", "IBU", "BPK", "BAPAK", "ALM", "ALMH", "SDR", "SDRI", "NY", "TN"}
_JOINS = {"BIN", "BINTI", "BT", "BTE", "B"}
_NOT_LETTERS = re.compile(r"[^A-Z ]+")
_DOUBLED = re.compile(r"([A-Z])\1+")
_VOWELS = re.compile(r"[AEIOU]+")
_KEY_LENGTH = 4
_PIECE_LENGTH = 3


@lru_cache(maxsize=200_000)
def spelled(name: str) -> str:
    """`HJ. SITTI NOERHAYATI` -> `SITI NURHAIATI`: upper case, without titles, one form per variant."""
    words = _NOT_LETTERS.sub(" ", name.upper().replace("'", "").replace("`", "")).split()
    kept = [_word(word) for word in words if word not in _TITLES and word not in _JOINS]
    return " ".join(word for word in kept if word)


def _word(word: str) -> str:
    word = _WORDS.get(_DOUBLED.sub(r"\1", word), word)
    for old, new in _SPELLINGS:
        word = word.replace(old, new)
    return _DOUBLED.sub(r"\1", word)


def in_order(name: str) -> str:
    """The spelled name with its words in the order of the alphabet: which comes first makes no difference."""
    return " ".join(sorted(spelled(name).split()))


@lru_cache(maxsize=200_000)
def keys(spelled_name: str) -> frozenset[str]:
    """What alike names share at least one of: per word its consonants, its beginning and its end."""
    return frozenset(key for word in spelled_name.split() for key in _keys(word))


def _keys(word: str) -> tuple[str, str, str]:
    consonants = word[0] + _VOWELS.sub("", word[1:])
    return f"={consonants[:_KEY_LENGTH]}", f"<{word[:_PIECE_LENGTH]}", f">{word[-_PIECE_LENGTH:]}"

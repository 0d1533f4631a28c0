"""Identifiers and free text as documents show them: the last four digits, and nothing a typesetter cannot print."""

import re

HIDDEN = "••••"
_LONG_NUMBER = re.compile(r"(?<![0-9])[0-9]{8,}(?![0-9])")
_LOOKS_PRIVATE = re.compile(r"(?<![0-9])[0-9]{16}(?![0-9])|^[0-9]{10,}$")
_PRINTABLE = re.compile(r"[^\n\u0020-\u007e\u00a0-\u017f\u2010-\u2014\u2018-\u201d\u2022\u2026]")
_LONG_WORD = re.compile(r"\S{21,}")
_PIECE = re.compile(r"[^-_./+]{1,16}[-_./+]*|[-_./+]+")
MAY_BREAK = "\u200b"


def last_four(identifier: str) -> str:
    """`••••0001` of a NIK or account number; empty stays empty, four characters or fewer are hidden whole."""
    if not identifier:
        return ""
    return HIDDEN + (identifier[-4:] if len(identifier) > len(HIDDEN) else "")


def mask_text(text: str) -> str:
    """Free text of a bank with every number of eight digits or more cut to its last four."""
    return _LONG_NUMBER.sub(lambda match: last_four(match[0]), text)


def mask_code(text: str) -> str:
    """A code or id as it is, unless a NIK (16 digits) stands in it or it is nothing but a long number."""
    return mask_text(text) if _LOOKS_PRIVATE.search(text) else text


def printable(text: str) -> str:
    """Text the embedded font can set: other scripts and control characters become `?` (the data keep them)."""
    return _PRINTABLE.sub("?", text)


def breakable(text: str) -> str:
    """Printable text in which words longer than 20 characters may break, so that no cell overflows."""
    return _LONG_WORD.sub(lambda word: MAY_BREAK.join(_PIECE.findall(word[0])), printable(text))

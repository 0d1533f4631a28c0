"""The pieces a page is made of, as templates/minutes.typ lays them out: ready words only, no figures left to format."""

from collections.abc import Iterable, Sequence
from typing import Literal

from gandeng.documents.masking import breakable, printable
from gandeng.words import say

Block = dict[str, object]
"""`kind` and what that kind needs; plain JSON."""
Style = Literal["row", "words", "group", "total"]
Side = Literal["left", "right", "center"]
TEXT_SIZE = 9.0


def heading(text: str) -> Block:
    """A part of the document: `A. Dasar`."""
    return {"kind": "heading", "text": text}


def paragraph(text: str) -> Block:
    """Justified text."""
    return {"kind": "paragraph", "text": printable(text)}


def note(text: str) -> Block:
    """A small remark in italics."""
    return {"kind": "note", "text": printable(text)}


def digest_line(text: str) -> Block:
    """A digest on a line of its own, in monospace."""
    return {"kind": "digest", "text": text}


def items(texts: Iterable[str]) -> Block:
    """A numbered list."""
    return {"kind": "list", "items": [printable(text) for text in texts]}


def column(label: str, side: Side = "left", *, share: float | None = None, mono: bool = False) -> Block:
    """One column; `share` of the free width, or as wide as its widest cell."""
    return {"label": label, "align": side, "width": "auto" if share is None else str(share), "mono": mono}


def row(*cells: str, style: Style = "row") -> Block:
    """One row; `words` and `group` rows have one cell over the whole width."""
    return {"style": style, "cells": [breakable(cell) for cell in cells]}


def table(caption: str, columns: Sequence[Block], rows: Iterable[Block], *, size: float = TEXT_SIZE) -> Block:
    """A table whose header repeats on every page; `numbered` puts its number before the caption."""
    return {"kind": "figures", "caption": caption, "columns": list(columns), "rows": list(rows), "size": size}


def proof(texts: Iterable[str], signed: Iterable[str], qr: str, alt: str) -> Block:
    """Words beside a QR code; `qr` is SVG of our own making, `alt` what a blind reader is told of it."""
    return {
        "kind": "proof",
        "texts": [printable(text) for text in texts],
        "signed": [printable(text) for text in signed],
        "qr": qr,
        "alt": alt,
    }


def numbered(blocks: Iterable[Block]) -> list[Block]:
    """The blocks with `Tabel 1.` and so on before the captions, in order."""
    done: list[Block] = []
    count = 0
    for block in blocks:
        if block.get("caption"):
            count += 1
            block = {**block, "caption": say("minutes.caption", number=count, text=block["caption"])}
        done.append(block)
    return done

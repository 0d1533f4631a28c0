"""A facilitator's monthly report as PDF and as DOCX: the same blocks, ready words in, bytes out."""

import base64
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from gandeng.documents.masking import breakable
from gandeng.documents.typesetting import midnight, typeset

_OF_PAGES_KEPT = "Halaman {page} dari {pages}"
_PHOTO_CM = 13.0


@dataclass(frozen=True)
class Block:
    """A piece of the text; `rows` and `widths` (in cm) are of a table, `numeric` its columns of numbers from 0."""

    kind: Literal["heading", "subheading", "paragraph", "list", "table"]
    text: str = ""
    items: Sequence[str] = ()
    header: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    widths: Sequence[float] = ()
    numeric: Sequence[int] = ()


@dataclass(frozen=True)
class Paper:
    """All of it. `photos` are ids with captions, in order; `signer` is post, name and number."""

    title: str
    standing: str
    facts: Sequence[tuple[str, str]]
    blocks: Sequence[Block]
    place_and_day: str
    signer: tuple[str, str, str]
    annex: str
    photos: Sequence[tuple[str, str]]
    footer: str
    day: date
    language: str = field(default="id-ID")


def words_of(paper: Paper) -> Iterator[str]:
    """Every text of it in order: what both papers hold."""
    yield from (paper.title, paper.standing, *(text for pair in paper.facts for text in pair))
    for block in paper.blocks:
        yield from filter(None, (block.text, *block.items, *block.header))
        yield from (cell for row in block.rows for cell in row)
    yield from filter(None, (paper.place_and_day, *paper.signer))
    if paper.photos:
        yield paper.annex
        yield from (caption for _, caption in paper.photos)


def write_pdf(paper: Paper, pictures: Mapping[str, bytes]) -> bytes:
    """Tagged, for archives; the same paper and pictures (JPEG by id) give the same bytes."""
    return typeset("monthly_report", _told(paper, pictures), midnight(paper.day))


def _told(paper: Paper, pictures: Mapping[str, bytes]) -> dict[str, Any]:
    blocks = [
        {
            "kind": one.kind, "text": breakable(one.text), "items": [breakable(each) for each in one.items],
            "header": list(one.header), "rows": [[breakable(cell) for cell in row] for row in one.rows],
            "widths": list(one.widths), "numeric": list(one.numeric),
        }
        for one in paper.blocks
    ]  # fmt: skip
    return {
        "title": paper.title, "standing": paper.standing,
        "facts": [[key, breakable(text)] for key, text in paper.facts],
        "blocks": blocks, "place_and_day": paper.place_and_day, "signer": [breakable(each) for each in paper.signer],
        "annex": paper.annex, "footer": breakable(paper.footer), "of_pages": _OF_PAGES_KEPT,
        "date": [paper.day.year, paper.day.month, paper.day.day],
        "photos": [[_framed(pictures[key]), breakable(caption)] for key, caption in paper.photos if key in pictures],
    }  # fmt: skip


def _framed(jpeg: bytes) -> str:
    """A JPEG inside an SVG of its size: the one way to hand a picture to Typst without a file."""
    width, height = _size(jpeg)
    data = base64.b64encode(jpeg).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{width}" '
        f'height="{height}"><image width="{width}" height="{height}" xlink:href="data:image/jpeg;base64,{data}"/></svg>'
    )


def _size(jpeg: bytes) -> tuple[int, int]:
    from PIL import Image  # a heavy import for papers without pictures

    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as opened:
        return opened.size


def write_docx(paper: Paper, pictures: Mapping[str, bytes]) -> bytes:
    """The same, for those who go on working with it in a word processor."""
    document: Any = Document()
    _set_up(document, paper)
    document.add_heading(paper.title, level=0)
    document.add_paragraph(paper.standing)
    _table(document, [], paper.facts, (5, 11), ())
    for block in paper.blocks:
        _add(document, block)
    document.add_paragraph()
    for text in (paper.place_and_day, paper.signer[0], "", "", *paper.signer[1:]):
        document.add_paragraph(text).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    shown = [(pictures[key], caption) for key, caption in paper.photos if key in pictures]
    if shown:
        document.add_page_break()
        document.add_heading(paper.annex, level=1)
    for jpeg, caption in shown:
        picture = document.add_picture(io.BytesIO(jpeg), width=Cm(_PHOTO_CM))
        picture._inline.docPr.set("descr", caption)
        document.add_paragraph(caption)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _set_up(document: Any, paper: Paper) -> None:
    """Language, margins, and properties without a machine's name in them."""
    style = document.styles["Normal"]
    style.font.size = Pt(10.5)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), paper.language)
    style.element.get_or_add_rPr().append(language)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(2.4), Cm(2.2)
    section.footer.paragraphs[0].text = paper.footer
    instant = datetime(paper.day.year, paper.day.month, paper.day.day, tzinfo=UTC)
    core = document.core_properties
    core.title, core.author, core.comments, core.last_modified_by = paper.title, paper.signer[1], "", ""
    core.created = core.modified = instant
    core.language = paper.language


def _add(document: Any, block: Block) -> None:
    if block.kind in ("heading", "subheading"):
        document.add_heading(block.text, level=1 if block.kind == "heading" else 2)
    elif block.kind == "list":
        for item in block.items:
            document.add_paragraph(item, style="List Bullet")
    elif block.kind == "table":
        document.add_paragraph(block.text, style="Caption")
        _table(document, block.header, block.rows, block.widths, block.numeric)
    else:
        document.add_paragraph(block.text)


def _table(
    document: Any, header: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float], numeric: Sequence[int]
) -> None:
    """A grid; its head is repeated on every page."""
    everything = [*([header] if header else []), *rows]
    table = document.add_table(rows=len(everything), cols=len(widths), style="Table Grid")
    table.autofit = False
    for place, (line, texts) in enumerate(zip(table.rows, everything, strict=True)):
        for number, (cell, text) in enumerate(zip(line.cells, texts, strict=True)):
            cell.width = Cm(widths[number])
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(text)
            run.font.size, run.bold = Pt(9), bool(header) and place == 0
            if number in numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if header:
        mark = OxmlElement("w:tblHeader")
        mark.set(qn("w:val"), "true")
        table.rows[0]._tr.get_or_add_trPr().append(mark)
    document.add_paragraph()

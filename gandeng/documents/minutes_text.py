"""Minutes as ready words: one document per area and an annex, made of blocks for templates/minutes.typ."""

import hashlib
from collections.abc import Sequence

from gandeng.core.matching_tables import OUTCOMES
from gandeng.core.money import format_number, format_rupiah
from gandeng.documents.areas import Area
from gandeng.documents.blocks import (
    Block,
    column,
    digest_line,
    heading,
    items,
    note,
    numbered,
    paragraph,
    proof,
    row,
    table,
)
from gandeng.documents.figures import Figures
from gandeng.documents.masking import mask_text, printable
from gandeng.documents.minutes_data import Difference, FileDigest, MinutesData, Proof
from gandeng.documents.minutes_figures import figures_part
from gandeng.documents.numerals import date_in_words, long_date
from gandeng.documents.parties import Signatory, parties_block, signatories, signatures_block
from gandeng.documents.typesetting import qr_svg
from gandeng.words import language, say


def text_of(data: MinutesData, subjects: Sequence[Area]) -> Block:
    """The input of templates/minutes.typ: a document for each of `subjects`, then the annex of files.

    The figures of result rows belong to the whole run and stand in the first document.
    """
    documents = [_document(data, area, first=number == 0) for number, area in enumerate(subjects)]
    day = data.as_of
    return {
        "language": language(),
        "region": "ID",
        "date": [day.year, day.month, day.day],
        "title": say("minutes.title", stage=stage_name(data)),
        "of_pages": say("minutes.of_pages", page="{page}", pages="{pages}"),
        "of_sheets": say("minutes.of_sheets", page="{page}", pages="{pages}"),
        "documents": [*documents, _annex(data, subjects[0])],
    }


def stage_name(data: MinutesData) -> str:
    """`Tahap 2 Tahun 2024`; several, where the list holds several."""
    return ", ".join(say("minutes.stage", stage=cycle.stage, year=cycle.year) for cycle in data.cycles)


def _document(data: MinutesData, area: Area, *, first: bool) -> Block:
    kind = "recapitulation" if area.parts else "minutes"
    parties = signatories(area, data.office)
    blocks = [
        *_opening(data, area, parties, kind),
        *_basis(data),
        *_scope(data),
        *figures_part(area, data.dispositions if first else ()),
        *_differences(area),
        *_moved(data, area),
        *_files(data),
        heading(say("minutes.heading_closing")),
        signatures_block(parties, say("minutes.signed_at", place=_place(data), date=long_date(data.as_of))),
        *(_proof(data.proof) if data.proof and first else []),
    ]
    return _framed(data, area, kind, blocks)


def _framed(data: MinutesData, area: Area, kind: str, blocks: list[Block]) -> Block:
    level = area.level
    letterhead = [say(f"minutes.letterhead_{level}_{line}", area=area.name.upper()) for line in (1, 2)]
    return {
        "footer": say(f"minutes.footer_{kind}", stage=stage_name(data), area=area.name),
        "letterhead": [printable(line) for line in (*letterhead, data.office.address) if line],
        "title": [
            say(f"minutes.title_1_{kind}"),
            say("minutes.title_2"),
            stage_name(data).upper(),
        ],
        "number": say("minutes.number"),
        "blocks": numbered(blocks),
    }


def _proof(told: Proof) -> list[Block]:
    texts = [
        say("minutes.proof_code", code=told.code),
        say("minutes.proof_where", address=told.address),
        say("minutes.proof_digest", digest=told.digest),
    ]
    if told.certificate:
        texts.append(say("minutes.proof_certificate", certificate=told.certificate))
    return [
        heading(say("minutes.heading_proof")),
        proof(texts, told.signed, qr_svg(told.address), say("minutes.proof_qr", address=told.address)),
    ]


def _place(data: MinutesData) -> str:
    return data.office.place or say("minutes.blank")


def _opening(data: MinutesData, area: Area, parties: tuple[Signatory, ...], kind: str) -> list[Block]:
    day = long_date(data.as_of)
    of_what = "areas_provinces" if area.level == "nation" else "areas_districts"
    count = say(f"minutes.{of_what}", count=format_number(len(area.parts)))
    agreed = say(f"minutes.agreed_{kind}", stage=stage_name(data), area=area.name, areas=count, date=day)
    opening = say("minutes.opening", date_words=date_in_words(data.as_of), date=day, place=_place(data))
    return [paragraph(opening), parties_block(parties), paragraph(agreed)]


def _basis(data: MinutesData) -> list[Block]:
    guideline = data.office.guideline or say("minutes.blank")
    return [
        heading(say("minutes.heading_basis")),
        items(
            (
                say("minutes.basis_regulation"),
                say("minutes.basis_guideline", year=data.cycles[-1].year, guideline=guideline),
                say("minutes.basis_levels"),
            )
        ),
        note(say("minutes.office_note")),
    ]


def _scope(data: MinutesData) -> list[Block]:
    texts = [say(f"minutes.scope_{name}", stage=stage_name(data)) for name in ("payments", "results", "terms", "once")]
    return [heading(say("minutes.heading_scope")), items(texts)]


def _differences(area: Area) -> list[Block]:
    figures = area.figures
    count = figures.payments - figures.count("PAID")
    if not count:
        return [heading(say("minutes.heading_differences")), paragraph(say("minutes.differences_none"))]
    named = len(area.differences)
    blocks = [heading(say("minutes.heading_differences")), _kinds_table(figures)]
    if named:
        facts = {"count": format_number(count), "named": format_number(named)}
        blocks += [paragraph(say("minutes.differences_named", **facts)), _differences_table(area.differences)]
    if area.parts:
        blocks.append(paragraph(say("minutes.differences_below")))
    elif count > named:
        blocks.append(paragraph(say("minutes.differences_rest", count=format_number(count - named))))
    return blocks


def _moved(data: MinutesData, area: Area) -> list[Block]:
    """Nothing where nothing moved; of a recapitulation what its parts moved."""
    of_all = area.level == "nation"
    own = [each for each in data.moved if of_all or each.district.startswith(area.code)]
    if not own:
        return []
    columns = [
        column(say("minutes.column_district")),
        column(say("minutes.column_channel")),
        column(say("minutes.column_moved"), share=1),
        column(say("minutes.column_amount"), "right"),
    ]
    rows = [row(each.district, each.channel, each.what, format_rupiah(each.rupiah)) for each in own]
    return [paragraph(say("minutes.moved")), table(say("minutes.table_moved"), columns, rows, size=8)]


def _kinds_table(figures: Figures) -> Block:
    columns = [
        column(say("minutes.column_outcome")),
        column(say("minutes.column_families"), "right"),
        column(say("minutes.column_instructed"), "right"),
        column(say("minutes.column_do"), share=1),
    ]
    rows = [
        row(
            say(f"outcomes.{outcome}"),
            format_number(figures.count(outcome)),
            format_rupiah(figures.amount(outcome)),
            say(f"outcomes.{outcome}_do"),
        )
        for outcome in OUTCOMES
        if outcome != "PAID" and figures.count(outcome)
    ]
    return table(say("minutes.table_kinds"), columns, rows, size=8)


def _differences_table(differences: tuple[Difference, ...]) -> Block:
    columns = [
        column(say("minutes.column_no"), "right"),
        column(say("minutes.column_payment"), share=1.1),
        column(say("minutes.column_person"), share=1.2),
        column(say("minutes.column_channel")),
        column(say("minutes.column_outcome"), share=0.9),
        column(say("minutes.column_instructed"), "right"),
        column(say("minutes.column_net"), "right"),
        column(say("minutes.column_reason"), share=1.1),
    ]
    rows = [_difference_row(number, difference) for number, difference in enumerate(differences, start=1)]
    return table(say("minutes.table_differences"), columns, rows, size=7.5)


def _difference_row(number: int, difference: Difference) -> Block:
    return row(
        str(number),
        difference.payment_id,
        f"{difference.name}\n{difference.nik}",
        difference.channel,
        say(f"outcomes.{difference.outcome}"),
        format_rupiah(difference.amount),
        format_rupiah(difference.net),
        _why(difference),
    )


def _why(difference: Difference) -> str:
    """What the channel gave as its reason, and what was drawn though it was not there: the net does not tell."""
    told = difference.outcome == "INCONSISTENT" and difference.withdrawn
    drawn = say("minutes.drawn", withdrawn=format_rupiah(difference.withdrawn)) if told else ""
    return "; ".join(filter(None, (difference.reason, drawn)))


def _files(data: MinutesData) -> list[Block]:
    return [
        heading(say("minutes.heading_files")),
        paragraph(say("minutes.files")),
        digest_line(combined_digest(data)),
        paragraph(_calculated(data)),
    ]


def _calculated(data: MinutesData) -> str:
    facts = {name: data.versions.get(name) or say("minutes.unknown") for name in ("version", "engine", "policy_digest")}
    return say("minutes.calculated", version=facts["version"], engine=facts["engine"], policy=facts["policy_digest"])


def combined_digest(data: MinutesData) -> str:
    """SHA-256 over `<sha256>  <name>` lines in the annex's order, as `sha256sum FILE ... | sha256sum` gives it."""
    lines = "".join(f"{file.sha256}  {file.name}\n" for file in (*data.files_in, *data.files_out))
    return hashlib.sha256(lines.encode()).hexdigest()


def _annex(data: MinutesData, whole: Area) -> Block:
    columns = [
        column(say("minutes.column_file"), share=1),
        column(say("minutes.column_rows"), "right"),
        column(say("minutes.column_amount"), "right"),
        column(say("minutes.column_digest"), mono=True),
    ]
    blocks = [
        paragraph(say("minutes.files_annex")),
        digest_line(combined_digest(data)),
        table(say("minutes.files_in"), columns, [_file_row(file) for file in data.files_in], size=7.5),
        *_notes(data.files_in),
        table(say("minutes.files_out"), columns, [_file_row(file) for file in data.files_out], size=7.5),
        paragraph(_calculated(data)),
        note(say("minutes.files_self")),
    ]
    return _framed(data, whole, "annex", blocks)


def _notes(files: Sequence[FileDigest]) -> list[Block]:
    """What was not read of a file, or read differently than it looks: the figures are without it."""
    told = [say("shell.note", file=file.name, note=note) for file in files for note in file.notes]
    return [paragraph(say("minutes.files_notes")), items(map(mask_text, told))] if told else []


def _file_row(file: FileDigest) -> Block:
    rows = "" if file.rows is None else format_number(file.rows)
    rupiah = "" if file.rupiah is None else format_rupiah(file.rupiah)
    half = len(file.sha256) // 2
    return row(file.name, rows, rupiah, f"{file.sha256[:half]}\n{file.sha256[half:]}")

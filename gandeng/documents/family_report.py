"""Everything held about one family, typeset: ready words in, PDF out."""

import json
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

import typst

from gandeng.documents.masking import breakable
from gandeng.documents.minutes import PDF_STANDARDS


def write_family_report(paper: Mapping[str, Any], printed_at: datetime) -> bytes:
    """`paper` has the parts that `templates/family_report.typ` names, all text; the same words give the same bytes."""
    text = json.dumps(
        in_known_letters(paper) | {"date": [printed_at.year, printed_at.month, printed_at.day]}, ensure_ascii=False
    )
    return typst.compile(
        files(__package__).joinpath("templates", "family_report.typ").read_bytes(),
        ignore_system_fonts=True,
        sys_inputs={"data": text},
        pdf_standards=[*PDF_STANDARDS],
        timestamp=int(printed_at.timestamp()),
    )


def in_known_letters(told: Any) -> Any:
    """The same parts in letters the embedded font has."""
    if isinstance(told, str):
        return breakable(told)
    if isinstance(told, Mapping):
        return {name: in_known_letters(value) for name, value in told.items()}
    return [in_known_letters(each) for each in told]

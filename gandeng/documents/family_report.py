"""Everything held about one family, typeset: ready words in, PDF out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gandeng.documents.masking import breakable
from gandeng.documents.typesetting import typeset


def write_family_report(paper: Mapping[str, Any], printed_at: datetime) -> bytes:
    """`paper` has the parts that `templates/family_report.typ` names, all text; the same words give the same bytes."""
    told = in_known_letters(paper) | {"date": [printed_at.year, printed_at.month, printed_at.day]}
    return typeset("family_report", told, printed_at)


def in_known_letters(told: Any) -> Any:
    """The same parts in letters the embedded font has."""
    if isinstance(told, str):
        return breakable(told)
    if isinstance(told, Mapping):
        return {name: in_known_letters(value) for name, value in told.items()}
    return [in_known_letters(each) for each in told]

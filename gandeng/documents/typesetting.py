"""What every PDF of ours has in common: Typst, a template of this package, data as JSON, for archives and ears."""

import io
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import segno
import typst

PDF_STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
"""An archive must be able to read it in fifty years, a blind officer today."""
REGIONS = {"id": "ID", "en": "GB"}
"""Of the languages there are, for the language of the file."""
MASK: int | None = 3
"""One for all codes that are printed in numbers: looking for the best of the eight took longer than everything else."""


def midnight(day: date) -> datetime:
    """Of a paper that speaks of a day: the PDF bears that, not the moment it was made."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def typeset(template: str, data: Any, at: datetime, **more: str) -> bytes:
    """The PDF of `templates/<template>.typ`; the same data give the same bytes. `more` are further inputs of text."""
    return typst.compile(
        _template(template), ignore_system_fonts=True, sys_inputs=_inputs(data, more),
        pdf_standards=[*PDF_STANDARDS], timestamp=int(at.timestamp()),
    )  # fmt: skip


def typeset_often(template: str, data: Any, at: datetime) -> bytes:
    """The same of papers made in numbers: fonts are read and the template is understood once in a process."""
    made = _compiler().compile(
        _template(template), sys_inputs=_inputs(data, {}), pdf_standards=[*PDF_STANDARDS],
        timestamp=int(at.timestamp()), format="pdf",
    )  # fmt: skip
    return bytes(made)


def qr_svg(address: str, *, mask: int | None = None) -> str:
    """The address as SVG; without a mask the best is looked for."""
    drawn = io.BytesIO()
    segno.make_qr(address, error="m", mask=mask).save(drawn, kind="svg", xmldecl=False, border=2)
    return drawn.getvalue().decode()


def _inputs(data: Any, more: Mapping[str, str]) -> dict[str, str]:
    return {"data": json.dumps(data, ensure_ascii=False), **more}


@cache
def _template(name: str) -> bytes:
    return files(__package__).joinpath("templates", f"{name}.typ").read_bytes()


@cache
def _compiler() -> Any:
    return typst.Compiler(ignore_system_fonts=True)

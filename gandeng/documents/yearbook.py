"""The yearbook of achievements, typeset: ready words and photos in, PDF out."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gandeng.documents.family_report import in_known_letters
from gandeng.documents.typesetting import typeset


@dataclass(frozen=True)
class Picture:
    """A JPEG of that many points."""

    jpeg: bytes
    width: int
    height: int


def write_yearbook(paper: Mapping[str, Any], pictures: Mapping[str, Picture], made_at: datetime) -> bytes:
    """`paper` has the parts that `templates/yearbook.typ` names, all text; its photos are keys of `pictures`.

    The same words and photos give the same bytes.
    """
    data = in_known_letters(paper) | {"date": [made_at.year, made_at.month, made_at.day]}
    shown = {key: {"svg": _svg(one), "tall": one.height > one.width} for key, one in pictures.items()}
    return typeset("yearbook", data, made_at, pictures=json.dumps(shown))


def _svg(one: Picture) -> str:
    """The JPEG as it is, in a frame of text: so it travels without a file on disk, and stands in the PDF unchanged."""
    size = f'width="{one.width:d}" height="{one.height:d}"'
    coded = base64.b64encode(one.jpeg).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {one.width:d} {one.height:d}">'
        f'<image {size} href="data:image/jpeg;base64,{coded}"/></svg>'
    )

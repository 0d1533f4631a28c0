"""minutes.pdf: the Berita Acara Rekonsiliasi of every district, the recapitulations and the digests of all files."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from gandeng.documents.areas import Area, areas
from gandeng.documents.figures import prove
from gandeng.documents.minutes_data import FileDigest, MinutesData
from gandeng.documents.minutes_text import text_of
from gandeng.documents.typesetting import midnight, typeset

TOGETHER_MAX = 100
"""Districts one file holds; more (five pages and 14 MB of working memory each) go to a file per province."""


def write_minutes(data: MinutesData, path: Path, *, together_max: int = TOGETHER_MAX) -> tuple[Path, ...]:
    """Write the PDF; the same data give the same bytes (no clock, no font of the machine, no network).

    With more than `together_max` districts, `path` holds the recapitulations and `minutes-63.pdf` beside it the minutes
    of one province; the annex of `path` then lists those with their digests. Gives every file written, `path` last.
    Raises FiguresDisagree where a channel's outcomes do not add up to what it was instructed to pay.
    """
    for district in data.districts:
        for channel in district.channels:
            prove(channel.figures, f"{district.code} {channel.channel}")
    everything = areas(data)
    if len(data.districts) <= together_max:
        _write(data, everything, path)
        return (path,)
    by_province = _write_provinces(data, path)
    digests = tuple(FileDigest(each.name, hashlib.sha256(each.read_bytes()).hexdigest()) for each in by_province)
    recapitulations = [area for area in everything if area.parts]
    _write(replace(data, files_out=(*data.files_out, *digests)), recapitulations, path)
    return (*by_province, path)


def _write_provinces(data: MinutesData, path: Path) -> list[Path]:
    """One file per province beside `path`; result rows, which know no province, are told in `path` alone."""
    written = []
    for code in sorted({district.code[:2] for district in data.districts}):
        own = tuple(district for district in data.districts if district.code.startswith(code))
        one = replace(data, districts=own, dispositions=())
        written.append(path.with_name(f"{path.stem}-{code}{path.suffix}"))
        _write(one, areas(one), written[-1])
    return written


def _write(data: MinutesData, subjects: Sequence[Area], path: Path) -> None:
    path.write_bytes(typeset("minutes", text_of(data, subjects), midnight(data.as_of)))

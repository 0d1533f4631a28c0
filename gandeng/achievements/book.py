"""An edition in words: what consent covers that day, and nothing else. Never NIK, family card or a place below
sub-district."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from gandeng.accounts.context import region_name
from gandeng.achievements.models import Achievement
from gandeng.achievements.queries import named, story_of
from gandeng.documents.numerals import long_date
from gandeng.exports.tables import table_bytes
from gandeng.web.templatetags.gandeng import waktu

CSV_HEADER = (
    "nomor", "kabupaten_kota", "kecamatan", "jenis", "nama", "bidang", "tingkat", "prestasi", "tanggal", "pemberi",
    "sekolah", "cerita",
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One entry, as far as it may be told; empty text for what consent leaves out."""

    key: str
    district: str
    sub_district: str
    kind: str
    name: str
    field: str
    level: str
    what: str
    day: str
    giver: str
    school: str
    story: str
    photo: bool


@cache
def words() -> dict[str, Any]:
    """The sentences of the paper."""
    loaded: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("yearbook.yaml").read_text(encoding="utf-8"))
    return loaded


def told(one: Any) -> Told:
    """A candidate that comes in, cut to its consent."""
    agreed, village = one.consent, one.family.village_code
    return Told(
        key=str(one.pk), district=region_name(village[:4]), sub_district=region_name(village[:6]),
        kind=one.kind, name=named(one) if agreed.covers_name else "", field=str(one.get_field_display()),
        level=str(one.get_level_display() if one.level else one.get_standing_display()), what=one.what,
        day=long_date(one.achieved_on), giver=one.giver, school=one.school if agreed.covers_school else "",
        story=story_of(one) if agreed.covers_story else "", photo=agreed.covers_photo and one.photographed,
    )  # fmt: skip


def table_of(entries: Sequence[Told]) -> bytes:
    """The edition as CSV."""
    kinds = {str(kind): str(kind.label) for kind in Achievement.Kind}
    rows = [
        (
            place, one.district, one.sub_district, kinds[one.kind], one.name or words()["unnamed"][one.kind], one.field,
            one.level, one.what, one.day, one.giver, one.school, one.story,
        )
        for place, one in enumerate(entries, 1)
    ]  # fmt: skip
    return table_bytes(CSV_HEADER, rows)


def photo_names(entries: Sequence[Told]) -> dict[str, str]:
    """What the paper calls the photo of an entry, by its key: short, so that no letter is put between."""
    return {one.key: f"p{place}" for place, one in enumerate(entries, 1) if one.photo}


def by_district(entries: Iterable[Told]) -> list[list[Any]]:
    """Rows of [district, children, families], in the order of the book."""
    children: Counter[str] = Counter()
    families: Counter[str] = Counter()
    for one in entries:
        (children if one.kind == Achievement.Kind.CHILD else families)[one.district] += 1
    return [[name, children[name], families[name]] for name in dict.fromkeys(one.district for one in entries)]


def paper_of(province: str, year: int, number: int, as_of: datetime, entries: Sequence[Told]) -> Mapping[str, Any]:
    """Ready words for documents.yearbook."""
    said, name = words(), region_name(province)
    rows = by_district(entries)
    figures = [[one[0], str(one[1]), str(one[2]), str(one[1] + one[2])] for one in rows]
    whole = [sum(one[1] for one in rows), sum(one[2] for one in rows)]
    columns, photos = said["columns"], photo_names(entries)
    return {
        "title": said["title"], "subtitle": said["subtitle"],
        "edition": said["edition"].format(province=name, year=year, number=number),
        "as_of": said["as_of"].format(instant=waktu(as_of, "WIB")), "definition_heading": said["definition_heading"],
        "definition": said["definition"].format(year=year), "counts_heading": said["counts_heading"],
        "header": [columns[key] for key in ("district", "children", "families", "total")], "rows": figures,
        "whole": [columns["whole"], *map(str, whole), str(sum(whole))], "footer": said["footer"],
        "of_pages": said["of_pages"],
        "districts": [
            {
                "name": row[0],
                "entries": [_entry(one, photos.get(one.key, "")) for one in entries if one.district == row[0]],
            }
            for row in rows
        ],
    }  # fmt: skip


def _entry(one: Told, photo: str) -> dict[str, Any]:
    labels = words()["labels"]
    name = one.name or words()["unnamed"][one.kind]
    pairs = [
        (labels["day"], one.day), (labels["giver"], one.giver), (labels["school"], one.school),
    ]  # fmt: skip
    return {
        "name": name, "what": one.what, "mark": f"{one.field} · {one.level}",
        "place": labels["sub_district"].format(place=one.sub_district.removeprefix("Kecamatan ")),
        "pairs": [list(pair) for pair in pairs if pair[1]], "story": one.story,
        "photo": photo, "alt": words()["photo"].format(name=name),
    }  # fmt: skip

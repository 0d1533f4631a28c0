"""Bank and post report layouts as data: one YAML file each in `profiles/`, and a writer for the same layouts.

A profile maps a report's header onto the RESULT columns, its event words onto ours, says how its dates are written,
how long the channel's account numbers are and where control totals stand. All shipped ones are assumptions.
"""

import json
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from gandeng.core.channels import CHANNELS
from gandeng.core.matching_tables import EVENTS
from gandeng.core.money import format_number, format_rupiah
from gandeng.files.layouts import RESULTS

_STRICT = ConfigDict(strict=True, extra="forbid", frozen=True)
_EVENT_COLUMN, _AMOUNT_COLUMN, _DAY_COLUMN = "event", "amount", "occurred_on"
_WHOM = ("payment_id", "account_no", "nik")

WRITE_AMOUNT: dict[str, Callable[[int], str]] = {
    "plain": str,
    "dots": format_number,
    "rupiah": format_rupiah,
    "comma_decimals": lambda amount: f"{amount},00",
    "point_decimals": lambda amount: f"{amount}.00",
}
"""How a layout writes whole rupiah, by its `amount_style`."""


class Trailer(BaseModel):
    """The control totals' row: its first cell is `marker`; count and sum stand in those cells (0 is the first)."""

    model_config = _STRICT
    marker: Annotated[str, Field(min_length=1)]
    count_cell: Annotated[int, Field(ge=1, le=63)] | None = None
    sum_cell: Annotated[int, Field(ge=1, le=63)] | None = None


class Profile(BaseModel):
    """One report layout. `columns`: their header -> our column, in their order; `events`: their word -> our event."""

    model_config = _STRICT
    name: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]
    title: str
    basis: str
    channel: str | None = None
    delimiter: Literal[",", ";", "\t"] = ";"
    preamble: tuple[str, ...] = ()
    columns: dict[str, str]
    events: dict[str, str]
    date_format: Literal["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%Y%m%d", "%d%m%Y", "%d.%m.%Y"]
    amount_style: Literal["plain", "dots", "rupiah", "comma_decimals", "point_decimals"] = "plain"
    account_digits: Annotated[int, Field(ge=1, le=34)] | None = None
    trailer: Trailer | None = None

    @property
    def skip_rows(self) -> int:
        """Rows above the header."""
        return len(self.preamble)

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        ours = list(self.columns.values())
        if len(set(ours)) != len(ours) or not set(ours) <= set(RESULTS.names):
            raise ValueError("columns must name each RESULT column at most once")
        if not {_EVENT_COLUMN, _AMOUNT_COLUMN, _DAY_COLUMN} <= set(ours) or not set(ours) & set(_WHOM):
            raise ValueError("columns must give event, amount, occurred_on and one of payment_id, account_no, nik")
        if not set(self.events.values()) <= set(EVENTS):
            raise ValueError("events must map onto CREDIT, FAILURE, REVERSAL, WITHDRAWAL")
        if ("channel" in ours) == (self.channel is not None) or self.channel not in (None, *CHANNELS):
            raise ValueError("the channel is one we know, or a column, not both")
        return self


class BadProfile(Exception):
    """A profile file that does not say what it must; `path` and the reasons."""

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path}: {reason}")


def names() -> tuple[str, ...]:
    """Every shipped profile, in order of name."""
    folder = files("gandeng.files").joinpath("profiles")
    return tuple(sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml")))


@cache
def load(name: str) -> Profile:
    """The shipped profile of that name; KeyError where there is none, BadProfile where its file is wrong."""
    if name not in names():
        raise KeyError(name)
    return parse(files("gandeng.files").joinpath("profiles", f"{name}.yaml").read_text(encoding="utf-8"), name)


def parse(text: str, path: str) -> Profile:
    """A profile from YAML text; `path` is only for the error."""
    try:
        return Profile.model_validate_json(_json(text))
    except (yaml.YAMLError, ValidationError, TypeError) as error:
        raise BadProfile(path, str(error)) from error


def _json(text: str) -> str:
    """By way of JSON, where lists may become tuples in strict mode; YAML's dates stay out of it."""
    return json.dumps(yaml.safe_load(text))


def folded(header: str) -> str:
    """A header cell as it is compared: no white space around or doubled within, no difference of case."""
    return " ".join(header.split()).casefold()


def detect(rows: Sequence[Sequence[str]]) -> Profile | None:
    """The profile whose header stands where it should in the first rows of a file; None where none does, or two do."""
    fitting = [profile for profile in map(load, names()) if _fits(profile, rows)]
    return fitting[0] if len(fitting) == 1 else None


def _fits(profile: Profile, rows: Sequence[Sequence[str]]) -> bool:
    if len(rows) <= profile.skip_rows:
        return False
    return {folded(name) for name in profile.columns} <= {folded(cell) for cell in rows[profile.skip_rows]}


def write_csv(results: pa.Table, profile: Profile, path: Path) -> None:
    """Write RESULT rows as that channel would send them, totals included.

    `results` has the RESULT columns; `amount` and `occurred_on` typed, or as text that is written as it stands
    (a damaged cell then counts as nothing in the sum, as for the reader). Events outside the profile's words stay.
    """
    words = {ours: theirs for theirs, ours in reversed(profile.events.items())}
    columns = {theirs: _written(results[ours], ours, profile, words) for theirs, ours in profile.columns.items()}
    with path.open("wb") as file:
        for line in (*profile.preamble, profile.delimiter.join(profile.columns)):
            file.write(f"{line}\n".encode())
        options = pa.csv.WriteOptions(include_header=False, delimiter=profile.delimiter, quoting_style="needed")
        pa.csv.write_csv(pa.table(columns), file, options)
        if profile.trailer is not None:
            file.write(f"{_trailer_line(results, profile, profile.trailer)}\n".encode())


def _written(column: pa.ChunkedArray, ours: str, profile: Profile, words: dict[str, str]) -> pa.ChunkedArray:
    """One column in the profile's own words and forms; NULL is an empty cell."""
    if ours == _EVENT_COLUMN:
        return _mapped(column, lambda event: words.get(event, str(event)))
    if pa.types.is_integer(column.type):
        return _mapped(column, WRITE_AMOUNT[profile.amount_style])
    if pa.types.is_date(column.type):
        return pc.fill_null(pc.strftime(column, format=profile.date_format), "")
    return pc.fill_null(column.cast(pa.string()), "")


def _mapped(column: pa.ChunkedArray, word: Callable[[Any], str]) -> pa.Array:
    """Each distinct value once."""
    coded = column.combine_chunks().dictionary_encode()
    spoken = pa.array([word(value) for value in coded.dictionary.to_pylist()], pa.string())
    return pc.fill_null(pc.take(spoken, coded.indices), "")


def _trailer_line(results: pa.Table, profile: Profile, trailer: Trailer) -> str:
    cells = [""] * len(profile.columns)
    cells[0] = trailer.marker
    if trailer.count_cell is not None:
        cells[trailer.count_cell] = str(results.num_rows)
    if trailer.sum_cell is not None:
        cells[trailer.sum_cell] = WRITE_AMOUNT[profile.amount_style](_total(results[_AMOUNT_COLUMN]))
    return profile.delimiter.join(cells)


def _total(amounts: pa.ChunkedArray) -> int:
    from gandeng.files.normalise import readable_total

    if pa.types.is_integer(amounts.type):
        return int(pc.sum(amounts).as_py() or 0)
    return readable_total(amounts)

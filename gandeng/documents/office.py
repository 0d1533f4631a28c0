"""Settings of the office that signs: data with defaults, each name a line to fill in by hand until it is known."""

from importlib.resources import files
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from gandeng.core.faults import Fault, FileRefused

Level = Literal["district", "province", "nation"]
Role = Literal[
    "social_office_head",
    "protection_division_head",
    "district_coordinator",
    "province_coordinator",
    "directorate_official",
    "channels",
]


class _Setting(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Person(_Setting):
    """Who signs; `number` is the civil servant's or employee's number."""

    name: str = ""
    number: str = ""


class Office(_Setting):
    """One office's settings; `people` by `<area code>/<role or channel>`, the nation's code being `ID`."""

    guideline: str = ""
    place: str = ""
    address: str = ""
    signatories: dict[Level, list[Role]]
    people: dict[str, Person] = {}

    def person(self, area: str, role: str) -> Person:
        """Who holds the role in that area, or a person without a name."""
        return self.people.get(f"{area}/{role}", Person())


def load_office(path: Path | None = None) -> Office:
    """The settings in `path`, else those shipped. Raises FileRefused with every fault (`office_setting`)."""
    text = (path or files(__package__).joinpath("office.yaml")).read_text(encoding="utf-8")
    try:
        return Office.model_validate(yaml.safe_load(text))
    except ValidationError as error:
        where = [".".join(str(part) for part in fault["loc"]) for fault in error.errors()]
        raise FileRefused(str(path), [Fault("office_setting", column=column) for column in where]) from error

"""The dated figures: one YAML file each, every value with its source; a figure without one does not load."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from gandeng.core.faults import Fault
from gandeng.policy.sources import UNSOURCED, Grade, Source, faults_of, keys_of, load_sources
from gandeng.policy.wording import Wording

FOLDER = Path(__file__).parent

Value = Annotated[int, Field(ge=0)] | str | tuple[Annotated[int, Field(ge=0)], ...] | tuple[str, ...] | None


class Unit(StrEnum):
    """What a value counts."""

    RUPIAH = "rupiah"
    YEARS = "years"
    MONTHS = "months"
    DAYS = "days"
    MEMBERS = "members"
    PREGNANCIES = "pregnancies"
    STAGE = "stage number"
    PERCENT = "percent"
    CODE = "code"
    COMPONENTS = "components"
    FAMILIES = "families"
    VISITS = "visits"


class Period(StrEnum):
    """What a value is for."""

    YEAR = "year"
    STAGE = "stage"
    MONTH = "month"


class Use(StrEnum):
    """Who reads the figure; `evidence` is shown and applied nowhere."""

    ENTITLEMENT = "entitlement"
    RECONCILIATION = "reconciliation"
    CASELOAD = "caseload"
    COMMITMENT = "commitment"
    EVIDENCE = "evidence"


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Entry(_Strict):
    """A value from its day on; null ends the rule. `source` names keys of sources.yaml, or says `unsourced`."""

    value: Value
    source: str
    grade: Annotated[Grade, Field(strict=False)]
    note: Wording | None = None

    @model_validator(mode="after")
    def _says_where_from(self) -> Self:
        if (self.source == UNSOURCED) != (self.grade is Grade.UNSOURCED):
            raise ValueError("source_and_grade")
        if self.source == UNSOURCED and self.note is None:
            raise ValueError("unsourced_without_note")
        return self


class Conflict(_Strict):
    """Another figure that says otherwise: shown, never resolved in silence."""

    with_: Annotated[str, Field(alias="with")]
    source: str
    note: Wording


class Figure(_Strict):
    """One figure over time; days in order."""

    description: Wording
    unit: Annotated[Unit, Field(strict=False)]
    use: Annotated[Use, Field(strict=False)]
    period: Annotated[Period | None, Field(strict=False)] = None
    values: dict[date, Entry]
    conflicts: Annotated[tuple[Conflict, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _is_in_order_and_unit(self) -> Self:
        if not self.values or any(later <= earlier for earlier, later in pairwise(self.values)):
            raise ValueError("days_not_in_order")
        if any(not _fits(self.unit, entry.value) for entry in self.values.values()):
            raise ValueError("value_not_of_unit")
        return self


@dataclass(frozen=True)
class Dated:
    """A figure's value in force on a day."""

    value: int | str | tuple[int, ...] | tuple[str, ...]
    source: str
    grade: Grade
    since: date
    note: Wording | None = None

    @property
    def unsourced(self) -> bool:
        """True where nobody has shown where the value comes from."""
        return self.grade is Grade.UNSOURCED


class PolicyBroken(Exception):
    """The policy folder cannot be used; `faults` names every fault, `column` of each the figure."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__(", ".join(f"{fault.column}: {fault.code}" for fault in faults))


@dataclass(frozen=True)
class Figures:
    """All figures by name (`benefit/primary_school`), and the register of sources."""

    by_name: Mapping[str, Figure]
    sources: Mapping[str, Source]

    def on(self, name: str, day: date) -> Dated | None:
        """The value in force on `day`; None before the first and after a rule has ended. KeyError: no such figure."""
        since = max((start for start in self.by_name[name].values if start <= day), default=None)
        if since is None:
            return None
        entry = self.by_name[name].values[since]
        if entry.value is None:
            return None
        return Dated(entry.value, entry.source, entry.grade, since, entry.note)

    def conflicts(self) -> Iterator[tuple[str, Conflict]]:
        """Every figure that another one contradicts, and how."""
        for name, figure in self.by_name.items():
            for conflict in figure.conflicts:
                yield name, conflict


@cache
def load_figures(folder: Path = FOLDER) -> Figures:
    """Read and prove every figure of the folder; raises PolicyBroken with all faults at once."""
    sources, faults = load_sources(folder)
    by_name: dict[str, Figure] = {}
    for path in sorted(folder.glob("*/*.yaml")):
        name = path.relative_to(folder).with_suffix("").as_posix()
        try:
            by_name[name] = Figure.model_validate(read_yaml(path))
        except ValidationError as error:
            faults.extend(faults_of(name, error))
        except (yaml.YAMLError, ValueError, TypeError, RecursionError):  # a 13th month, a mapping as a key, a pit
            faults.append(Fault("policy.unreadable", column=name))
    faults.extend(_loose_ends(by_name, sources))
    if faults:
        raise PolicyBroken(faults)
    return Figures(by_name, sources)


def read_yaml(path: Path) -> Any:
    """A YAML file in which no key stands twice."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_OnceLoader)  # noqa: S506 (a SafeLoader)


class _OnceLoader(yaml.CSafeLoader):
    """A day written twice is a slip of the pen, not a newer value; lists become tuples."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if len(set(keys)) < len(keys):
            raise yaml.constructor.ConstructorError(None, None, "a key stands twice", node.start_mark)
        return super().construct_mapping(node, deep=deep)


def _tuple(loader: yaml.CSafeLoader, node: yaml.SequenceNode) -> tuple[Any, ...]:
    return tuple(loader.construct_sequence(node, deep=True))


_OnceLoader.add_constructor("tag:yaml.org,2002:seq", _tuple)


def _fits(unit: Unit, value: object) -> bool:
    if value is None:
        return True
    if unit is Unit.CODE:
        return isinstance(value, str)
    if unit is Unit.COMPONENTS:
        return isinstance(value, tuple) and all(isinstance(item, str) for item in value)
    if isinstance(value, tuple):
        return unit is Unit.RUPIAH and all(isinstance(item, int) for item in value)
    return isinstance(value, int)


def _loose_ends(by_name: Mapping[str, Figure], sources: Mapping[str, Source]) -> Iterator[Fault]:
    """Sources the register does not have, grades none of the sources has, conflicts with figures that are not there."""
    for name, figure in by_name.items():
        for day, entry in figure.values.items():
            keys = keys_of(entry.source)
            unknown = [key for key in keys if key not in sources]
            if unknown:
                facts = {"day": day.isoformat(), "source": ", ".join(unknown)}
                yield Fault("policy.unknown_source", column=name, facts=facts)
            elif keys and entry.grade not in {sources[key].grade for key in keys}:
                facts = {"day": day.isoformat(), "grade": entry.grade.value, "source": entry.source}
                yield Fault("policy.grade_of_no_source", column=name, facts=facts)
        for conflict in figure.conflicts:
            if conflict.with_ not in by_name:
                yield Fault("policy.conflict_with_nothing", column=name, facts={"other": conflict.with_})

"""The register of sources: what a figure's source key stands for, and how far it can be trusted."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from pydantic_core import ErrorDetails

from gandeng.core.faults import Fault
from gandeng.policy.wording import Wording

UNSOURCED = "unsourced"


class Grade(StrEnum):
    """Reliability of a source, best first; G is public code of the field: how people work, not what the rules are."""

    REGULATION = "A"
    NATIONAL = "B"
    REGIONAL = "C"
    PORTAL = "D"
    FIELD_CODE = "G"
    UNSOURCED = "U"


class Source(BaseModel):
    """A page somebody read: its title as published, and what we say about it (its day, or what it is)."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    grade: Annotated[Grade, Field(strict=False)]
    title: str = ""
    about: Wording | None = None
    address: str

    @model_validator(mode="after")
    def _has_a_name(self) -> Self:
        if not self.title and self.about is None:
            raise ValueError("source_without_name")
        return self

    def said(self, lang: str | None = None) -> str:
        """Title and what we say about it, in `lang`; without it in the language chosen."""
        about = "" if self.about is None else self.about.said(lang)
        return f"{self.title} ({about})" if self.title and about else self.title or about


_REGISTER = TypeAdapter(dict[str, Source])


def keys_of(source: str) -> tuple[str, ...]:
    """`W19, W20` names two; `unsourced` none."""
    return () if source == UNSOURCED else tuple(key.strip() for key in source.split(","))


def load_sources(folder: Path) -> tuple[Mapping[str, Source], list[Fault]]:
    """The register in `folder`, and what is wrong with it."""
    try:
        return _REGISTER.validate_python(
            yaml.load((folder / "sources.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        ), []
    except (OSError, yaml.YAMLError, UnicodeDecodeError):
        return {}, [Fault("policy.unreadable", column="sources")]
    except ValidationError as error:
        return {}, faults_of("sources", error)[:1]


def faults_of(name: str, error: ValidationError) -> list[Fault]:
    """Every entry of the file that is not valid: where it stands, and a code of what is wrong with it."""
    return [
        Fault("policy.invalid", column=name, facts={"where": ".".join(map(str, at["loc"])), "what": _what(at)})
        for at in error.errors()
    ]


def _what(at: ErrorDetails) -> str:
    """Our own code where one of our checks refused, else pydantic's."""
    return str(at["ctx"]["error"]) if at["type"] == "value_error" else at["type"]

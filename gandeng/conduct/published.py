"""What is published about conduct: prohibitions and the ladder of sanctions, each with its source (published.yaml)."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict

from gandeng.policy.figures import read_yaml
from gandeng.policy.wording import Wording

_FILE = Path(__file__).with_name("published.yaml")
OTHER = "OTHER"
"""A prohibition of the office's own code that the published list does not have."""
UNFOUNDED = "UNFOUNDED"


class Fact(BaseModel):
    """One prohibition or one step of the ladder, and who published it."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    fact: Wording
    source: Wording


@cache
def _told() -> dict[str, Any]:
    told: Any = read_yaml(_FILE)
    sources = {key: Wording.model_validate(words) for key, words in told["sources"].items()}

    def facts(rows: Mapping[str, Any]) -> dict[str, Fact]:
        return {
            key: Fact(fact=Wording.model_validate(row["fact"]), source=sources[row["source"]])
            for key, row in rows.items()
        }

    return {"prohibitions": facts(told["prohibitions"]), "sanctions": facts(told["sanctions"])}


def prohibitions() -> Mapping[str, Fact]:
    """By code, in the order of the file."""
    found: Mapping[str, Fact] = _told()["prohibitions"]
    return found


def sanctions() -> Mapping[str, Fact]:
    """By code, the mildest first."""
    found: Mapping[str, Fact] = _told()["sanctions"]
    return found


def prohibition_words(code: str) -> str:
    """As screens name it."""
    found = prohibitions().get(code)
    return found.fact.said() if found else _("Larangan lain dalam kode etik")


def outcome_words(code: str) -> str:
    """As screens name what was decided; empty for nothing."""
    if code == UNFOUNDED:
        return _("Tidak terbukti")
    found = sanctions().get(code)
    return found.fact.said() if found else ""

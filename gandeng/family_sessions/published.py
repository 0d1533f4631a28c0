"""Modules and sessions, each with who published it (published.yaml)."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict

from gandeng.policy.figures import read_yaml
from gandeng.policy.wording import Wording

_FILE = Path(__file__).with_name("published.yaml")
LOCAL = "LOKAL"


class Module(BaseModel):
    """One module; without sessions where none was found published."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    name: Wording
    source: Wording
    sessions: Mapping[str, Wording]


@cache
def modules() -> Mapping[str, Module]:
    """By code, in the order of the file."""
    told = read_yaml(_FILE)
    sources = told["sources"]
    return {
        code: Module.model_validate({**row, "source": sources[row["source"]]}) for code, row in told["modules"].items()
    }


@cache
def sessions() -> tuple[str, ...]:
    """Codes a meeting may have, in order: of sessions, and of modules that have none."""
    return tuple(code for module, told in modules().items() for code in (told.sessions or {module: told.name}))


FREE = frozenset({"6", LOCAL})
"""Modules without sessions: what was talked about is written out."""


def module_of(code: str) -> str:
    """`1.2` is of module `1`."""
    return code.partition(".")[0]


def module_name(code: str) -> str:
    """As screens name it."""
    name = modules()[code].name.said()
    return name if code == LOCAL else _("Modul %(number)s: %(name)s") % {"number": code, "name": name}


def session_name(code: str, topic: str = "") -> str:
    """As screens name it; what was written out stands instead of what is not published."""
    if code in FREE:
        return f"{module_name(code)}: {topic}" if topic else module_name(code)
    return f"{code} {modules()[module_of(code)].sessions[code].said()}"

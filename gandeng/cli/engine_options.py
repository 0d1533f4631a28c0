"""The options of every command that calculates."""

import re
from enum import StrEnum
from typing import Annotated

import typer

from gandeng.engine import MEMORY_LIMIT
from gandeng.words import say


class EngineName(StrEnum):
    """Engines to choose from."""

    DUCKDB = "duckdb"
    SPARK = "spark"


def _memory(text: str) -> str:
    if re.fullmatch(r"[1-9][0-9]*(MB|GB)", text, re.IGNORECASE) is None:
        raise typer.BadParameter(say("shell.bad_memory", value=text), param_hint="--memory")
    return text


def require_spark(engine: EngineName, master: str | None) -> None:
    """A cluster is named for Spark alone. Raises typer.BadParameter: nobody waits for one that is not used."""
    if master is not None and engine is not EngineName.SPARK:
        raise typer.BadParameter(say("shell.master_without_spark"), param_hint="--master")


EngineOption = Annotated[EngineName, typer.Option("--engine", help=say("shell.help_engine"))]
MasterOption = Annotated[str | None, typer.Option("--master", help=say("shell.help_master"))]
MemoryOption = Annotated[str, typer.Option("--memory", help=say("shell.help_memory"), callback=_memory)]
DEFAULT_MEMORY = MEMORY_LIMIT

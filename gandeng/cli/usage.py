"""A command line that was not understood, in our words: what was wrong with it, and what is asked for instead."""

import re
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from typer._click.exceptions import (
    BadOptionUsage,
    BadParameter,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
    UsageError,
)
from typer.core import TyperArgument, TyperGroup, TyperOption

from gandeng.cli.shell import tell
from gandeng.words import say

_TYPED = re.compile(r"'(.*?)'|\s\((.*)\)", re.DOTALL)
"""What was typed, where a message of the library alone has it."""


class Commands(TyperGroup):
    """All commands of `gandeng`. The library tells of a wrong command line in English; this tells it by `words`."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command and end with its exit code; without `standalone_mode` all is left to whoever calls."""
        if not extra.get("standalone_mode", True):
            return super().main(*args, **extra)
        try:
            code = super().main(*args, **extra | {"standalone_mode": False})
        except NoArgsIsHelpError as error:  # the help has been shown
            sys.exit(error.exit_code)
        except UsageError as error:
            tell(_sentence(error), *_form(error))
            sys.exit(error.exit_code)
        sys.exit(code)


def _form(error: UsageError) -> list[str]:
    if error.ctx is None:
        return []
    usage = " ".join(error.ctx.get_usage().removeprefix("Usage: ").split())
    return [say("usage.form", usage=usage), say("usage.more", command=error.ctx.command_path)]


def _sentence(error: UsageError) -> str:
    match error:
        case MissingParameter(param=TyperOption() | TyperArgument() as param):
            return say("usage.missing", name=_name(param), help=param.help or "")
        case BadParameter(param_hint=None, param=TyperOption() | TyperArgument() as param):
            return say("usage.bad_value", name=_name(param), value=_value(error), wanted=_wanted(param))
        case BadParameter():
            return f"{error.param_hint}: {error.message}" if error.param_hint else error.message
        case NoSuchOption():
            return _unknown("option", error.option_name, error.possibilities or ())
        case BadOptionUsage():
            code = "needs_value" if "requires" in error.message else "takes_none"
            return say(f"usage.{code}", name=error.option_name)
    return _unknown_word(error, _typed(error.message))


def _unknown_word(error: UsageError, word: str) -> str:
    """A command that is none, or a word too many."""
    commands = error.ctx.command.commands if error.ctx and isinstance(error.ctx.command, TyperGroup) else {}
    return (
        _unknown("command", word, get_close_matches(word, commands)) if commands else say("usage.too_much", words=word)
    )


def _unknown(what: str, name: str, near: Sequence[str]) -> str:
    return say(f"usage.no_such_{what}{'_near' if near else ''}", name=name, near=", ".join(near))


def _typed(message: str) -> str:
    found = _TYPED.search(message)
    return next(filter(None, found.groups()), "") if found else message


def _value(error: BadParameter) -> str:
    cause = error.__cause__
    return str(cause.errors()[0]["input"]) if isinstance(cause, ValidationError) else _typed(error.message)


def _name(param: TyperOption | TyperArgument) -> str:
    return " / ".join(param.opts) if isinstance(param, TyperOption) else param.display_name_raw.upper()


def _wanted(param: TyperOption | TyperArgument) -> str:
    """What the option takes, in words."""
    kind = param.type_descriptor
    low, high = kind.parameter_info.min, kind.parameter_info.max
    if kind.choices is not None:
        return say("usage.one_of", choices=", ".join(map(str, kind.choices)))
    if kind.is_datetime:
        return say("usage.a_day")
    if kind.is_path:
        return say(f"usage.a_{kind.path_type}")
    bounds = "between" if None not in (low, high) else "at_least" if high is None and low is not None else "number"
    return say(f"usage.{bounds}", low=low, high=high)

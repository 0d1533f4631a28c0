"""What the library says of a command, in our words: the frame of its help, and what is asked for instead of a command
line that was not understood."""

import re
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

import typer
from pydantic import ValidationError
from typer._click import Command, HelpFormatter, Parameter
from typer._click.exceptions import (
    BadOptionUsage,
    BadParameter,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
    UsageError,
)
from typer.core import TyperArgument, TyperGroup, TyperOption

from gandeng.cli.shell import EXIT_INTERRUPTED, stop, tell
from gandeng.words import say

_TYPED = re.compile(r"'(.*?)'|\s\((.*)\)", re.DOTALL)
"""What was typed, where a message of the library alone has it."""
_ADDED = {"help": "help_help", "install_completion": "help_install", "show_completion": "help_completion"}


class _Form(HelpFormatter):
    """The line that says how a command is typed."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """As the library writes it, behind our word."""
        super().write_usage(prog, args, prefix or f"{say('usage.usage')} ")


class _Context(typer.Context):
    formatter_class = _Form

    def make_formatter(self) -> HelpFormatter:
        """Where help is shown, and there alone: loading what draws it takes 0.1 s."""
        from typer import rich_utils

        rich_utils.ARGUMENTS_PANEL_TITLE = say("usage.arguments")
        rich_utils.OPTIONS_PANEL_TITLE = say("usage.options")
        rich_utils.COMMANDS_PANEL_TITLE = say("usage.commands")
        rich_utils.REQUIRED_LONG_STRING = say("usage.required")
        rich_utils.DEFAULT_STRING = say("usage.default", value="{}")
        return super().make_formatter()


def _frame(command: Command) -> None:
    """Put what the library writes around the help of a command, and of those in it, into our words."""
    command.context_class = _Context
    command.options_metavar = say("usage.any_options")
    if isinstance(command, TyperGroup):
        command.subcommand_metavar = say("usage.a_command")
        for each in command.commands.values():
            _frame(each)
    _explain(command.get_params(_Context(command)))


def _explain(options: Sequence[Parameter]) -> None:
    """Those the library adds to ours."""
    for option in options:
        if option.name in _ADDED and isinstance(option, TyperOption):
            option.help = say(f"usage.{_ADDED[option.name]}")


class Commands(TyperGroup):
    """All commands of `gandeng`. The library tells of a wrong command line in English; this tells it by `words`."""

    def __init__(self, *args: Any, **extra: Any) -> None:
        super().__init__(*args, **extra)
        _frame(self)

    def get_params(self, ctx: Any) -> Any:
        """Also those that are added once all commands are there."""
        params = super().get_params(ctx)
        _explain(params)
        return params

    def invoke(self, ctx: Any) -> Any:
        """Run one; whoever stops it is told so, also where it calculates nothing."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise stop(EXIT_INTERRUPTED, say("shell.interrupted")) from None

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
    usage = " ".join(error.ctx.get_usage().removeprefix(say("usage.usage")).split())
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

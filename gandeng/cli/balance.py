"""`gandeng balance`: who accompanies which village, before and after, with the proven gap."""

from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from gandeng.balancing.problem import Band, Wish
from gandeng.balancing.refusals import CannotBalance
from gandeng.cli.balance_shown import show_balance, tell_rest
from gandeng.cli.shell import EXIT_REFUSED, errors_told, steps_shown, stop, tell
from gandeng.core.region_code import Level, RegionCode, UnreadableRegionCode
from gandeng.files.intake import explain_fault
from gandeng.policy import load_figures
from gandeng.runs.balance import BalanceFiles, Question, WhatIf
from gandeng.runs.balance import balance as run_balance
from gandeng.runs.balance_tables import Format
from gandeng.words import language, say

NORM = "caseload/families_ideal"
EXIT_USAGE = 2


def _file(name: str) -> typer.models.OptionInfo:
    option = f"--{name}"
    info: typer.models.OptionInfo = typer.Option(option, help=say(f"balance.help_{name}"))
    return info


def balance(
    facilitators: Annotated[Path, _file("facilitators")],
    out: Annotated[Path, typer.Option("--out", help=say("balance.help_out"))],
    assignments: Annotated[Path | None, _file("assignments")] = None,
    villages: Annotated[Path | None, _file("villages")] = None,
    families: Annotated[Path | None, _file("families")] = None,
    locks: Annotated[Path | None, _file("locks")] = None,
    skills: Annotated[Path | None, _file("skills")] = None,
    needs: Annotated[Path | None, _file("needs")] = None,
    leave: Annotated[Path | None, _file("leave")] = None,
    region: Annotated[str | None, typer.Option("--region", help=say("balance.help_region"))] = None,
    moves_max: Annotated[
        float | None, typer.Option("--moves-max", min=0, max=100, help=say("balance.help_moves_max"))
    ] = None,
    others: Annotated[
        bool, typer.Option("--alternatives/--no-alternatives", help=say("balance.help_alternatives"))
    ] = True,
    norm: Annotated[int | None, typer.Option("--norm", min=1, help=say("balance.help_norm"))] = None,
    alarm: Annotated[int | None, typer.Option("--alarm", min=1, help=say("balance.help_alarm"))] = None,
    even: Annotated[float, typer.Option("--even", min=0, max=100, help=say("balance.help_even"))] = 1.0,
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help=say("balance.help_as_of"))] = None,
    more_families: Annotated[int, typer.Option("--more-families", help=say("balance.help_more_families"))] = 0,
    more_people: Annotated[
        int, typer.Option("--more-facilitators", min=0, max=10_000, help=say("balance.help_more_people"))
    ] = 0,
    without: Annotated[list[str] | None, typer.Option("--without", help=say("balance.help_without"))] = None,
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, help=say("balance.help_seconds"))] = 120.0,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help=say("balance.help_workers"))] = 2,
    form: Annotated[Format, typer.Option("--format", help=say("balance.help_format"))] = "parquet",
) -> None:
    """Balance; tables by district, of choices and of needs go to stdout."""
    if villages is None and families is None and assignments is None:
        raise typer.BadParameter(say("balance.no_counts"), param_hint="--villages")
    norm_families, norm_words = _norm(norm, as_of)
    question = Question(
        norm=norm_families,
        wish=Wish(even=_bands(even), alarm=alarm),
        share=None if moves_max is None else moves_max / 100,
        others=others,
        seconds=seconds,
        region=None if region is None else _region(region),
        what_if=WhatIf(more_families, more_people, frozenset(without or ())),
    )
    files = BalanceFiles(facilitators, villages, families, assignments, locks, skills, needs, leave)
    with errors_told():
        try:
            with steps_shown() as progress:
                run = run_balance(files, out, question, form=form, workers=workers, progress=progress)
        except CannotBalance as error:
            words = [explain_fault(fault) for fault in error.faults]
            raise stop(EXIT_REFUSED, say("balance.refused", count=len(words)), *words) from None
        show_balance(run, question)
        tell(norm_words, *([] if alarm is None else [say("balance.alarm_given", alarm=alarm)]))
        tell_rest(run, out, form)


def _bands(factor: float) -> tuple[Band, ...]:
    return tuple(Band(one.share, one.price * factor) for one in Wish().even)


def _norm(given: int | None, as_of: datetime | None) -> tuple[int, str]:
    """The norm and where it is from; the clock is read here and nowhere below."""
    if given is not None:
        return given, say("balance.norm_given", norm=given)
    day = (as_of or datetime.now(ZoneInfo("Asia/Jakarta"))).date()
    dated = load_figures().on(NORM, day)
    if dated is None or not isinstance(dated.value, int):
        raise stop(EXIT_USAGE, say("balance.norm_missing", day=day.isoformat()))
    facts = {"norm": dated.value, "since": dated.since.isoformat()}
    if dated.unsourced:
        note = getattr(dated.note, language()) if dated.note else ""
        return dated.value, say("balance.norm_unsourced", note=note, **facts)
    return dated.value, say("balance.norm_sourced", source=dated.source, grade=dated.grade.value, **facts)


def _region(text: str) -> RegionCode:
    try:
        code = RegionCode.parse(text)
    except UnreadableRegionCode:
        code = None
    if code is None or code.level not in (Level.PROVINCE, Level.DISTRICT):
        raise typer.BadParameter(say("balance.bad_region", value=text), param_hint="--region")
    return code


balance.__doc__ = say("balance.help")

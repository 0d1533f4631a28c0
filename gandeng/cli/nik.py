"""`gandeng nik`: what a NIK says, and how it differs from the record. Differences are warnings, never a refusal."""

from datetime import date, datetime, timedelta, timezone
from typing import Annotated, Literal

import typer
from rich.table import Table

from gandeng.cli.shell import results_console
from gandeng.core.faults import Fault
from gandeng.core.nik import NikReading, UnreadableNik, explain_nik, masked, read_nik
from gandeng.core.region_code import Level, RegionCode, UnreadableRegionCode
from gandeng.regions import places
from gandeng.words import say

JAKARTA = timezone(timedelta(hours=7))
Sex = Literal["F", "M"]


def nik(
    number: Annotated[str, typer.Argument(metavar="NIK", help=say("nik.help_nik"))],
    born: Annotated[str | None, typer.Option("--born", help=say("nik.help_born"))] = None,
    sex: Annotated[str | None, typer.Option("--sex", help=say("nik.help_sex"))] = None,
    region: Annotated[str | None, typer.Option("--region", help=say("nik.help_region"))] = None,
) -> None:
    """Explain one NIK on stdout; exit code 0 whatever it says, 2 for text that is no NIK."""
    try:
        known = read_nik(number)
    except UnreadableNik:
        raise typer.BadParameter(say("nik.unreadable"), param_hint="NIK") from None
    reading = explain_nik(
        known,
        birth_date=_day(born),
        sex=_sex(sex),
        region=_region(region),
        region_name=places.name_of,
        today=datetime.now(JAKARTA).date(),
    )
    _show(reading)


nik.__doc__ = say("nik.help")


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(say("nik.bad_born", value=text), param_hint="--born") from None


def _sex(text: str | None) -> Sex | None:
    match (text or "").upper():
        case "":
            return None
        case "F":
            return "F"
        case "M":
            return "M"
        case _:
            raise typer.BadParameter(say("nik.bad_sex", value=text), param_hint="--sex")


def _region(text: str | None) -> RegionCode | None:
    try:
        return None if text is None else RegionCode.parse(text)
    except UnreadableRegionCode:
        raise typer.BadParameter(say("nik.bad_region", value=text), param_hint="--region") from None


def _show(reading: NikReading) -> None:
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_row(say("nik.nik"), masked(reading.nik))
    table.add_row(say("nik.region"), _region_words(reading))
    table.add_row(say("nik.birth_date"), _date_words(reading.birth_dates))
    table.add_row(say("nik.sex"), _sex_word(reading.sex))
    table.add_row(say("nik.serial"), reading.serial)
    out = results_console()
    out.print(table)
    for warning in reading.warnings:
        out.print(f"! {_sentence(warning)}", markup=False, soft_wrap=True)
    if not reading.warnings:
        out.print(say("nik.no_warnings"))


def _region_words(reading: NikReading) -> str:
    """Code and names from the sub-district up; a code of old with what it became."""
    if reading.region is None:
        return say("nik.unknown")
    follower = None if places.place(reading.region) else places.successor(reading.region)
    now = follower.code if follower else reading.region
    names = [name for level in (3, 2, 1) if (name := places.name_of(now.above(Level(level))))]
    words = f"{reading.region.dotted()} {', '.join(names) or say('nik.unknown')}"
    return f"{words} ({say('nik.code_now', code=now.dotted())})" if follower else words


def _date_words(days: tuple[date, ...]) -> str:
    months = say("nik.months").split(",")
    words = [say("nik.date", day=one.day, month=months[one.month - 1], year=one.year) for one in days]
    match words:
        case []:
            return say("nik.no_date")
        case [only]:
            return only
        case [first, second, *_]:
            return say("nik.either", first=first, second=second)
    return ""


def _sex_word(sex: str) -> str:
    return say("nik.woman") if sex == "F" else say("nik.man")


def _sentence(warning: Fault) -> str:
    """The warning in words; codes and ISO dates among its facts become names and written dates."""
    facts = {name: str(value) for name, value in warning.facts.items()}
    match warning.code:
        case "sex_differs":
            facts = {name: _sex_word(value) for name, value in facts.items()}
        case "date_differs":
            facts["stored"] = _date_words((date.fromisoformat(facts["stored"]),))
        case "region_differs":
            facts["lives_in"] = places.name_of(RegionCode.parse(facts["lives_in"])) or facts["lives_in"]
    return say(f"nik.{warning.code}", **facts)

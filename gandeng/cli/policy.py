"""`gandeng policy`: show the dated figures with their sources, and check the files they stand in."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Annotated, NoReturn
from zoneinfo import ZoneInfo

import typer
from rapidfuzz import process
from rich.markup import escape
from rich.table import Table

from gandeng.cli.shell import results_console, told
from gandeng.core.cycle import Cycle
from gandeng.core.faults import Fault
from gandeng.core.money import format_rupiah
from gandeng.policy import Figures, PolicyBroken, PolicyGap, benefit_policy, load_figures
from gandeng.policy.figures import Entry, Figure, Unit
from gandeng.policy.sources import UNSOURCED, Grade, keys_of
from gandeng.words import language, say, sentences

YEARS = range(2017, 2027)
TRIED_STAGES = 2

app = typer.Typer(no_args_is_help=True, help=say("policy.help"), rich_markup_mode="markdown")


@app.command(help=say("policy.help_show") + "\n\n" + say("policy.help_show_examples"))
def show(
    on: Annotated[str | None, typer.Option(help=say("policy.help_on"), metavar="DATE")] = None,
    year: Annotated[int | None, typer.Option(help=say("policy.help_year"), min=YEARS[0], max=YEARS[-1])] = None,
    figure: Annotated[str | None, typer.Option(help=say("policy.help_figure"))] = None,
) -> None:
    """Print the figures in force on a day, in a year, or one figure over time."""
    if on is not None and year is not None:
        _stop(say("policy.one_of_both"))
    figures = _loaded()
    names = _names(figures, figure)
    if year is not None:
        first, last, title = date(year, 1, 1), date(year, 12, 31), say("policy.title_year", year=year)
    elif on is None and figure is not None:
        first, last, title = date.min, date.max, say("policy.title_figure")
    else:
        first = last = _day(on)
        title = say("policy.title_on", day=first.isoformat())
    rows = [(name, day, entry) for name in names for day, entry in _between(figures.by_name[name], first, last)]
    if not rows:
        _stop(say("policy.nothing_in_force", figure=figure) if figure else say("policy.no_figure_in_force"))
    console = results_console()
    console.print(_table(figures, title, rows))
    console.print(say("policy.grades"), soft_wrap=True)
    in_force = {name for name, *_ in rows}
    for sentence in _conflicts(figures, in_force, lambda other: any(_between(other, first, last))):
        console.print(escape(sentence), soft_wrap=True)


@app.command(help=say("policy.help_check") + "\n\n" + say("policy.help_check_examples"))
def check() -> None:
    """Load every figure, calculate every year's policy, list what is unsourced or contradicted."""
    figures = _loaded()
    faults = list(_gaps(figures))
    if faults:
        _broken(faults)
    console = results_console()
    console.print(say("policy.check_good", figures=len(figures.by_name), sources=len(figures.sources)))
    unsourced = [
        say("policy.unsourced_line", figure=name, since=day.isoformat(), note=_note(entry))
        for name, figure in figures.by_name.items()
        for day, entry in figure.values.items()
        if entry.grade is Grade.UNSOURCED
    ]
    conflicts = list(_conflicts(figures, set(figures.by_name)))
    for title, lines in (("unsourced_title", unsourced), ("conflicts_title", conflicts)):
        console.print("\n" + say(f"policy.{title}", count=len(lines)))
        for line in lines:
            console.print(f"  {escape(line)}", soft_wrap=True)


def code_in_words(code: str) -> str:
    """A code that is a figure's value (a component, a rounding) in words; the code itself where nobody wrote any."""
    components = sentences(language(), "explain")
    return sentences(language(), "policy").get(f"code_{code}") or components.get(f"component_{code}", code)


def _loaded() -> Figures:
    try:
        return load_figures()
    except PolicyBroken as broken:
        _broken(broken.faults)


def _gaps(figures: Figures) -> Iterator[Fault]:
    """What keeps a year from 2017 to 2026 from being calculated."""
    for year in YEARS:
        for stage in range(1, TRIED_STAGES + 1):
            try:
                benefit_policy(Cycle(year, stage), figures=figures)
            except PolicyGap as gap:
                yield Fault(gap.fault.code, column=Cycle(year, stage).key, facts=gap.fault.facts)


def _broken(faults: list[Fault]) -> NoReturn:
    errors = told()
    errors.print(say("policy.check_bad", count=len(faults)), soft_wrap=True)
    for fault in faults:
        sentence = say(fault.code, **_with_reason(fault))
        errors.print(escape(say("policy.fault_line", figure=fault.column, sentence=sentence)), soft_wrap=True)
    raise typer.Exit(1)


def _with_reason(fault: Fault) -> dict[str, object]:
    """The facts, with words for what is wrong with an invalid entry where somebody wrote them."""
    facts: dict[str, object] = dict(fault.facts)
    if "what" in facts:
        facts["where"] = facts["where"] or say("policy.whole_file")
        facts["what"] = sentences(language(), "policy").get(f"what_{facts['what']}", facts["what"])
    return facts


def _stop(sentence: str) -> NoReturn:
    told().print(escape(sentence), soft_wrap=True)
    raise typer.Exit(2)


def _names(figures: Figures, wanted: str | None) -> list[str]:
    """The figure of that name, else those that begin so; stops with similar names where there is none."""
    if wanted is None:
        return list(figures.by_name)
    if wanted in figures.by_name:
        return [wanted]
    names = [name for name in figures.by_name if name.startswith(wanted)]
    if not names:
        near = ", ".join(name for name, *_ in process.extract(wanted, list(figures.by_name), limit=3))
        _stop(say("policy.unknown_figure", figure=wanted, near=near))
    return names


def _day(text: str | None) -> date:
    """The day asked for; today in Jakarta where none is."""
    if text is None:
        return datetime.now(ZoneInfo("Asia/Jakarta")).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        _stop(say("policy.unreadable_day", day=text))


def _between(figure: Figure, first: date, last: date) -> Iterator[tuple[date, Entry]]:
    """Values in force on some day of the span; an end of a rule shows only within it."""
    days = list(figure.values)
    for day, until in zip(days, [*days[1:], date.max], strict=True):
        ended_before = figure.values[day].value is None and (day < first or first == last)
        if day <= last and (until > first or until == date.max) and not ended_before:
            yield day, figure.values[day]


def _table(figures: Figures, title: str, rows: list[tuple[str, date, Entry]]) -> Table:
    table = Table(title=title, title_justify="left")
    for column in ("figure", "value", "since", "grade", "source"):
        table.add_column(say(f"policy.column_{column}"), overflow="fold", no_wrap=column in ("since", "grade"))
    told: set[str] = set()
    for name, day, entry in rows:
        style = "bold yellow" if entry.grade is Grade.UNSOURCED else None
        figure = figures.by_name[name]
        named = name if name in told else f"{name}\n[dim]{escape(figure.description.said())}[/dim]"
        told.add(name)
        value = _value(figure, entry)
        table.add_row(named, value, day.isoformat(), entry.grade.value, _source(figures, entry), style=style)
    return table


def _source(figures: Figures, entry: Entry) -> str:
    if entry.grade is Grade.UNSOURCED:
        return escape(say("policy.unsourced", note=_note(entry)))
    titles = "; ".join(f"{key} {figures.sources[key].said()}" for key in keys_of(entry.source))
    return escape(f"{titles}. {_note(entry)}" if entry.note else titles)


def _note(entry: Entry) -> str:
    return entry.note.said() if entry.note else ""


def _value(figure: Figure, entry: Entry) -> str:
    if entry.value is None:
        return say("policy.ended")
    items = entry.value if isinstance(entry.value, tuple) else (entry.value,)
    shown = [code_in_words(item) if isinstance(item, str) else _number(figure, item) for item in items]
    unit = figure.unit.value.split(maxsplit=1)[0]
    value = say(f"policy.unit_{unit}", value=", ".join(shown))
    return say(f"policy.per_{figure.period.value}", value=value) if _is_money(figure) and figure.period else value


def _number(figure: Figure, value: int) -> str:
    return format_rupiah(value) if _is_money(figure) else str(value)


def _is_money(figure: Figure) -> bool:
    return figure.unit is Unit.RUPIAH


def _conflicts(figures: Figures, names: set[str], stands: Callable[[Figure], bool] = lambda _: True) -> Iterator[str]:
    """What contradicts the figures named; another figure does where it stands too."""
    for name, conflict in figures.conflicts():
        other = figures.by_name.get(conflict.with_)
        if name in names and (other is None or stands(other)):
            facts = {"figure": name, "other": conflict.with_, "note": conflict.note.said()}
            unsourced = conflict.source == UNSOURCED
            yield say("policy.conflict", **facts, source=say("policy.no_source") if unsourced else conflict.source)

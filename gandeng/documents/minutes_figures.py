"""Part C of the minutes: figures by outcome, area, channel and disposition, in numbers and in words."""

from collections.abc import Sequence

from gandeng.core.matching_tables import DISPOSITIONS, OUTCOMES
from gandeng.core.money import format_number, format_rupiah
from gandeng.documents.areas import Area
from gandeng.documents.blocks import Block, column, heading, note, paragraph, row, table
from gandeng.documents.figures import Figures
from gandeng.documents.minutes_data import BY_EVENT, DispositionFigures
from gandeng.documents.numerals import in_words, rupiah_in_words
from gandeng.words import say


def figures_part(area: Area, dispositions: tuple[DispositionFigures, ...]) -> list[Block]:
    """Everything of part C; `dispositions` belong to the whole run, so only its first document shows them."""
    return [
        heading(say("minutes.heading_figures")),
        outcomes_table(area.figures),
        paragraph(identity(area.figures)),
        *([areas_table(area)] if area.parts else []),
        channels_table(area),
        paragraph(balance(area.figures)),
        channel_outcomes_table(area),
        *([rows_table(dispositions), note(say("minutes.rows_note"))] if dispositions else []),
    ]


def outcomes_table(figures: Figures) -> Block:
    """Families and instructed rupiah by outcome, each amount in words too."""
    rows = [_outcome_row(outcome, figures) for outcome in OUTCOMES]
    rows.append(row(say("minutes.total"), *_in_numbers_and_words(figures.payments, figures.instructed), style="total"))
    return table(say("minutes.table_outcomes"), _outcome_columns(), rows, size=8.5)


def _outcome_columns() -> list[Block]:
    return [
        column(say("minutes.column_outcome")),
        column(say("minutes.column_families"), "right"),
        column(say("minutes.column_instructed"), "right"),
        column(say("minutes.column_words"), share=1),
    ]


def _outcome_row(outcome: str, figures: Figures) -> Block:
    return row(say(f"outcomes.{outcome}"), *_in_numbers_and_words(figures.count(outcome), figures.amount(outcome)))


def _in_numbers_and_words(families: int, amount: int) -> tuple[str, str, str]:
    return format_number(families), format_rupiah(amount), rupiah_in_words(amount)


def identity(figures: Figures) -> str:
    """The sentence that what was instructed equals the sum of the outcomes; `prove` has made sure of it."""
    return say(
        "minutes.identity",
        families=format_number(figures.payments),
        families_words=in_words(figures.payments),
        instructed=format_rupiah(figures.instructed),
        instructed_words=rupiah_in_words(figures.instructed),
        families_sum=format_number(sum(figures.counts.values())),
        instructed_sum=format_rupiah(sum(figures.amounts.values())),
    )


def balance(figures: Figures) -> str:
    """The sentence on net, difference, withdrawn and not yet, or more than there was."""
    left = figures.net - figures.withdrawn
    amounts = {
        "net": figures.net,
        "gap": figures.instructed - figures.net,
        "withdrawn": figures.withdrawn,
        "left": abs(left),
    }
    numbers = {name: format_rupiah(amount) for name, amount in amounts.items()}
    words = {f"{name}_words": rupiah_in_words(amount) for name, amount in amounts.items()}
    return say("minutes.balance" if left >= 0 else "minutes.balance_overdrawn", **numbers, **words)


def areas_table(area: Area) -> Block:
    """One row per district of a province, or per province of the nation."""
    columns = [column(say(f"minutes.column_area_{area.level}"), share=1), *_flow_columns()]
    rows = [row(part.name, *_flow(part.figures)) for part in area.parts]
    rows.append(row(say("minutes.total"), *_flow(area.figures), style="total"))
    return table(say(f"minutes.table_areas_{area.level}"), columns, rows, size=8)


def channels_table(area: Area) -> Block:
    """One row per channel, instructed and net in words beneath."""
    columns = [column(say("minutes.column_channel"), share=1), *_flow_columns()]
    rows: list[Block] = []
    for channel in area.channels:
        rows += [row(channel.channel, *_flow(channel.figures)), _flow_words(channel.figures)]
    rows += [row(say("minutes.total"), *_flow(area.figures), style="total"), _flow_words(area.figures)]
    return table(say("minutes.table_channels"), columns, rows, size=8)


def _flow_columns() -> list[Block]:
    names = ("families", "instructed", "net", "withdrawn", "not_withdrawn")
    return [column(say(f"minutes.column_{name}"), "right") for name in names]


def _flow(figures: Figures) -> list[str]:
    amounts = (figures.instructed, figures.net, figures.withdrawn, figures.net - figures.withdrawn)
    return [format_number(figures.payments), *map(format_rupiah, amounts)]


def _flow_words(figures: Figures) -> Block:
    instructed, net = rupiah_in_words(figures.instructed), rupiah_in_words(figures.net)
    return row(say("minutes.words_instructed_net", instructed=instructed, net=net), style="words")


def channel_outcomes_table(area: Area) -> Block:
    """Per channel the outcomes that occur."""
    rows: list[Block] = []
    for channel in area.channels:
        rows.append(row(channel.channel, style="group"))
        rows += [_outcome_row(outcome, channel.figures) for outcome in OUTCOMES if channel.figures.count(outcome)]
    return table(say("minutes.table_channel_outcomes"), _outcome_columns(), rows, size=8)


def rows_table(dispositions: tuple[DispositionFigures, ...]) -> Block:
    """Result rows by disposition, what each means beneath; rupiah by event, as no two events add up."""
    columns = [
        column(say("minutes.column_disposition"), share=1),
        *(column(say(f"minutes.column_{name}"), "right") for name in ("rows", *BY_EVENT)),
    ]
    rows: list[Block] = []
    for line in sorted(dispositions, key=lambda line: DISPOSITIONS.index(line.disposition), reverse=True):
        rows.append(row(say(f"outcomes.{line.disposition}"), *_counted([line])))
        rows.append(row(say(f"outcomes.{line.disposition}_means"), style="words"))
    rows.append(row(say("minutes.total"), *_counted(dispositions), style="total"))
    return table(say("minutes.table_rows"), columns, rows, size=8)


def _counted(lines: Sequence[DispositionFigures]) -> list[str]:
    sums = (sum(line.by_event[name] for line in lines) for name in BY_EVENT)
    return [format_number(sum(line.rows for line in lines)), *map(format_rupiah, sums)]

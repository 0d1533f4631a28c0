"""What `gandeng balance` shows: districts before and after, choices along the way, how many people are needed."""

from collections.abc import Sequence
from pathlib import Path

from rich.table import Table

from gandeng.balancing.answer import Balance
from gandeng.cli.shell import results_console, right_aligned, tell
from gandeng.core.money import format_number
from gandeng.files.intake import explain_note
from gandeng.runs.balance import BalanceRun, Question
from gandeng.runs.balance_tables import ALTERNATIVES, HAND_OVERS
from gandeng.runs.reconcile_documents import district_name
from gandeng.words import say

NOTES_SHOWN = 20


def show_balance(run: BalanceRun, question: Question) -> None:
    """Three tables on stdout; the middle one where there are choices."""
    console = results_console()
    console.print(_districts(run.chosen))
    if question.others:
        console.print(_choices(run.along, question))
    console.print(_needs(run, question))


def tell_rest(run: BalanceRun, out: Path, form: str) -> None:
    """What the gap means, what was stopped by the clock, notes, where to look."""
    tell(say("balance.gap_means"))
    stopped = sorted({one.district.dotted() for each in run.along for one in each if one.stopped})
    if stopped:
        tell(say("balance.stopped", districts=", ".join(stopped)))
    for source, note in run.notes[:NOTES_SHOWN]:
        tell(say("shell.note", file=source or out.name, note=explain_note(note)))
    if len(run.notes) > NOTES_SHOWN:
        tell(say("faults.and_more", count=len(run.notes) - NOTES_SHOWN))
    names = {"file": f"{HAND_OVERS.name}.{form}", "other": f"{ALTERNATIVES.name}.{form}"}
    tell(say("shell.written_to", folder=out), say("balance.next", out=out, **names))


def _districts(chosen: Sequence[Balance]) -> Table:
    table = Table(title=say("balance.title"), title_justify="left")
    table.add_column(say("balance.column_district"))
    columns = ("families", "people", "most", "deviation", "median", "moved", "gap", "seconds")
    right_aligned(table, *(say(f"balance.column_{name}") for name in columns))
    for one in chosen:
        before, after = one.before, one.after
        table.add_row(
            district_name(one.district.dotted()),
            format_number(after.families),
            format_number(after.people),
            f"{format_number(before.most)} → {format_number(after.most)}",
            f"{_tenths(before.deviation / 100)} → {_tenths(after.deviation / 100)}",
            f"{_tenths(before.median_metres / 1000)} → {_tenths(after.median_metres / 1000)}",
            format_number(one.moved + one.forced),
            _percent(one.gap),
            _tenths(one.seconds),
        )
    return table


def _choices(along: Sequence[tuple[Balance, ...]], question: Question) -> Table:
    """Sums over all districts; each has the same choices in the same order."""
    table = Table(title=say("balance.alternatives_title"), title_justify="left")
    table.add_column(say("balance.column_limit"))
    right_aligned(
        table, *(say(f"balance.column_{name}") for name in ("moved", "most", "cost", "bound", "gap", "saving"))
    )
    shares = sorted(set(question.shares), key=lambda share: float("inf") if share is None else share)
    for share in shares:
        picked = [_of(each, share) for each in along]
        cost, bound = sum(one.cost for one in picked), sum(one.bound for one in picked)
        today = sum(one.cost_today for one in picked)
        words = "balance.limit_any" if share is None else "balance.limit_share"
        table.add_row(
            say(words, percent="" if share is None else _tenths(share * 100).removesuffix(",0")),
            format_number(sum(one.moved + one.forced for one in picked)),
            format_number(max(one.after.most for one in picked)),
            format_number(round(cost)),
            format_number(int(bound)),
            _percent((cost - bound) / cost if cost else 0.0),
            _percent((today - cost) / today if today else 0.0),
        )
    return table


def _of(each: tuple[Balance, ...], share: float | None) -> Balance:
    limit = None if share is None else int(share * each[0].after.families)
    return next(one for one in each if one.moves_max == limit)


def _needs(run: BalanceRun, question: Question) -> Table:
    table = Table(title=say("balance.staffing_title"), title_justify="left")
    table.add_column(say("balance.column_district"))
    names = ["families", "people", "load", "lacking_norm"]
    names += [] if question.wish.alarm is None else ["lacking_alarm"]
    right_aligned(table, *(say(f"balance.column_{name}") for name in names))
    for one in run.staffing:
        load = _tenths(one.families / one.people) if one.people else ""
        figures = [format_number(one.families), format_number(one.people), load, format_number(one.lacking_norm)]
        figures += [] if one.lacking_alarm is None else [format_number(one.lacking_alarm)]
        table.add_row(district_name(one.district.dotted()), *figures)
    return table


def _tenths(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


def _percent(share: float) -> str:
    return f"{share * 100:.2f} %".replace(".", ",")

"""`gandeng retention`: how long what is kept, what is past its time, and ending it."""

from typing import Annotated

import typer
from rich.table import Table

from gandeng.cli.shell import EXIT_REFUSED, results_console, stop, tell
from gandeng.office import running
from gandeng.words import say


def retention(
    apply: Annotated[bool, typer.Option("--apply", help=say("retention.help_apply"))] = False,
) -> None:
    """Every class with its period; with --apply what is past its time ends."""
    running.set_up()
    from gandeng.privacy.disposing import dispose, look
    from gandeng.privacy.retention import PeriodsBroken

    try:
        if apply:
            ended = {name: count for name, count in dispose().items() if count}
            tell(*(say("retention.ended", class_name=_class(name), count=count) for name, count in ended.items()))
            if not ended:
                tell(say("retention.nothing"))
        table = Table(*(say(f"retention.{name}") for name in ("class", "period", "due", "oldest", "source")))
        for one in look():
            oldest = f"{one.due.oldest:%Y-%m-%d}" if one.due.oldest else ""
            if not one.done:
                table.add_row(_class(one.name), say("retention.not_built"), "", "", "")
            elif one.period is None:
                kept = say("retention.proposed", days=one.proposal_days)
                count = say("retention.would", count=one.due.count)
                table.add_row(_class(one.name), kept, count, oldest, say("retention.unsourced"))
            else:
                kept = say("retention.days", days=one.period.days)
                table.add_row(_class(one.name), kept, str(one.due.count), oldest, one.period.source)
    except PeriodsBroken as broken:
        raise stop(EXIT_REFUSED, say("retention.broken", reason=broken)) from None
    results_console().print(table)


def _class(name: str) -> str:
    return say(f"retention.class_{name}")

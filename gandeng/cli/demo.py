"""`gandeng demo`: one stage of a synthetic province, from its families to the minutes, on files and as a site."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from gandeng.cli.entitle import rupiah_by_district
from gandeng.cli.reconcile import show_reconciliation
from gandeng.cli.shell import errors_told, next_step, results_console, steps_shown, tell
from gandeng.cli.simulate import do_not_fit
from gandeng.core.cycle import Cycle
from gandeng.core.money import format_number, format_rupiah
from gandeng.engine import parquet
from gandeng.office.try_out import close_site, open_site
from gandeng.runs.entitle import PAYMENTS_CSV, entitle
from gandeng.runs.instruct import instruct
from gandeng.runs.reconcile import reconcile
from gandeng.runs.reconcile_documents import write_documents
from gandeng.simulation.plan import FamiliesDoNotFit
from gandeng.simulation.registry import simulate_registry
from gandeng.simulation.results import simulate_results
from gandeng.words import say

CYCLE = Cycle(2024, 2)
AS_OF = date(2024, 9, 19)
SENT = datetime(2024, 5, 15, 8, 0, tzinfo=timezone(timedelta(hours=7)))
SEED = 63

REGISTRY, DUE, ORDERS, REPORTS, RECONCILIATION = ("1-registry", "2-entitlement", "3-orders", "4-reports", "5-minutes")
SITE = "6-site"


def demo(
    out: Annotated[Path, typer.Option("--out", help=say("demo.help_out"))] = Path("demo"),
    families: Annotated[int | None, typer.Option("--families", min=1, help=say("demo.help_families"))] = None,
    site: Annotated[bool, typer.Option("--site/--no-site", help=say("demo.help_site"))] = True,
) -> None:
    """Go through the stage on files, the report goes to stdout; then open a site filled with the same province."""
    with errors_told():
        close_site(out / SITE)
        _families(out, families)
        payments = _due(out)
        _orders(out, payments)
        _reports(out, payments)
        _reconciled(out, payments)
        tell(next_step("demo.look", out=out, payment=_worth_a_look(out)))
        if site:
            _site(out)


def stop(
    out: Annotated[Path, typer.Option("--out", help=say("demo.help_out"))] = Path("demo"),
) -> None:
    """Stop the site a demo left running."""
    tell(say("demo.stopped" if close_site(out / SITE) else "demo.nothing_ran"))


def _site(out: Path) -> None:
    waiting: list[str] = []
    with steps_shown() as progress:
        address = open_site(out / SITE, partial(_fill, out, progress.rows, waiting))
    tell(next_step("demo.site", address=address, out=out), *waiting)


def _fill(out: Path, progress: Callable[[str, int, int], None], waiting: list[str]) -> None:
    """`waiting` gets a line per file that has not come, for whoever wants to send it. Django is loaded only here."""
    from gandeng.home.filling import fill

    for path, typed in fill(out / REGISTRY, sorted((out / REPORTS).glob("results-*")), progress).items():
        rows, rupiah = format_number(typed.rows), format_rupiah(typed.rupiah)
        waiting.append(say("demo.not_come", path=path, rows=rows, rupiah=rupiah))


def _families(out: Path, families: int | None) -> None:
    try:
        with steps_shown() as progress:
            made = simulate_registry(
                out / REGISTRY,
                region="63",
                families=families,
                seed=SEED,
                progress=partial(progress.rows, say("demo.families")),
            )
    except FamiliesDoNotFit as error:
        raise do_not_fit(error) from None
    counts = {name: format_number(made.rows(name)) for name in ("families", "members", "facilitators")}
    tell(say("demo.families_made", villages=format_number(made.villages), **counts))


def _due(out: Path) -> Path:
    folder = out / REGISTRY
    with steps_shown() as progress:
        run = entitle(
            folder / "families.parquet", folder / "members.parquet", out / DUE,
            cycle=CYCLE, verdicts=folder / "verdicts.parquet", progress=progress,
        )  # fmt: skip
    results_console().print(rupiah_by_district(run))
    return out / DUE / PAYMENTS_CSV


def _orders(out: Path, payments: Path) -> None:
    with steps_shown() as progress:
        report = instruct(payments, out / ORDERS, created=SENT, progress=progress.rows)
    tell(say("demo.orders_made", files=format_number(len(report.files)), payments=format_number(report.rows)))


def _reports(out: Path, payments: Path) -> None:
    with steps_shown() as progress:
        made = simulate_results(
            payments, out / REPORTS, seed=SEED, progress=partial(progress.rows, say("demo.reports"))
        )
    tell(say("demo.reports_made", files=format_number(len(made.files))))


def _reconciled(out: Path, payments: Path) -> None:
    results = sorted((out / REPORTS).glob("results-*"))
    with steps_shown() as progress:
        papers = partial(write_documents, as_of=AS_OF, engine="duckdb", progress=progress)
        run = reconcile(payments, results, out / RECONCILIATION, documents=papers, progress=progress)
    show_reconciliation(run)


def _worth_a_look(out: Path) -> str:
    """A payment that came back, whose story is worth telling."""
    outcomes = parquet(out / RECONCILIATION / "outcomes.parquet")
    with duckdb.connect() as con:
        found = con.execute(
            f"""select payment_id from {outcomes}
                order by outcome = 'RETURNED' desc, outcome <> 'PAID' desc, payment_id limit 1"""
        ).fetchall()
    return str(found[0][0])


demo.__doc__ = say("demo.help")

"""`gandeng explain`: one payment's story as plain text."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from gandeng.cli.policy import code_in_words
from gandeng.cli.shell import EXIT_REFUSED, errors_told, results_console, stop
from gandeng.core.faults import Fault
from gandeng.core.matching_tables import EVENTS
from gandeng.core.money import format_number, format_rupiah
from gandeng.documents.exceptions import keys_in_words
from gandeng.documents.masking import last_four, mask_text
from gandeng.documents.numerals import long_date
from gandeng.policy.entitlement import Basis
from gandeng.runs.explain import Entitlement, NotExplained, Row, Story
from gandeng.runs.explain import explain as tell
from gandeng.words import say

_REASON_CODE = re.compile(r"\bF(?:0[1-9]|1[0-9]|2[0-4])\b")
"""Codes F01 to F24 of why a disbursement failed (words/*/outcomes.yaml), where a channel's reason names one."""


def explain(
    payment_id: Annotated[str, typer.Argument(help=say("explain.help_payment"))],
    run: Annotated[Path, typer.Option(help=say("explain.help_run"))],
    entitle: Annotated[Path | None, typer.Option(help=say("explain.help_entitle"))] = None,
    files: Annotated[bool, typer.Option("--files/--no-files", help=say("explain.help_files"))] = True,
) -> None:
    """Print the story; what is missing from it goes to stderr with exit code 1 where there is none at all."""
    with errors_told():
        try:
            story = tell(payment_id, run, entitle, read_files=files)
        except NotExplained as error:
            raise stop(EXIT_REFUSED, *map(_fault, error.faults)) from None
    console = results_console()
    for part in parts(story):
        console.print(part if isinstance(part, Table) else Text(part), soft_wrap=not isinstance(part, Table))


explain.__doc__ = say("explain.help") + "\n\n" + say("explain.help_examples")


def parts(story: Story) -> Iterator[str | Table]:
    """The story in reading order, texts and tables; nothing of it holds a full identifier."""
    yield say("explain.title", payment_id=story.payment_id)
    if story.warnings:
        yield "\n" + say("explain.heading_warnings")
        yield from (f"! {_fault(fault)}" for fault in story.warnings)
    yield "\n" + say("explain.heading_amount")
    yield from [say("explain.no_entitle")] if story.entitlement is None else _amount(story.entitlement)
    yield "\n" + say("explain.heading_instructed")
    yield from _instructed(story)
    yield "\n" + say("explain.heading_rows")
    yield from _rows(story)
    yield "\n" + say("explain.heading_outcome")
    yield from _outcome(story.outcome)
    yield "\n" + say("explain.heading_do")
    yield from _what_to_do(story)


def _fault(fault: Fault) -> str:
    return say(f"explain.{fault.code}", **fault.facts)


def _rupiah(row: Row, name: str) -> str:
    value = row.get(name)
    return "" if value is None else format_rupiah(int(str(value)))


def _day(value: object) -> str:
    return long_date(value) if isinstance(value, date) else ""


def _table(prefix: str, *columns: tuple[str, bool]) -> Table:
    """A table with words for its columns; `True` marks a column of numbers."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name, numeric in columns:
        table.add_column(say(f"{prefix}{name}"), justify="right" if numeric else "left", overflow="fold")
    return table


def _amount(entitlement: Entitlement) -> Iterator[str | Table]:
    family = entitlement.family
    facts = {name: str(family[name]) for name in ("family_id", "cycle", "months")}
    members = format_number(int(str(family["members_counted"])))
    yield say("explain.family", **facts, members=members, amount=_rupiah(family, "amount"))
    columns = (("member", False), ("component", False), ("rate", True), ("amount", True), ("why", False))
    table = _table("explain.column_", *columns)
    for member in entitlement.members:
        component = say(f"explain.component_{member['component'] or 'none'}")
        numbers = _rupiah(member, "rate"), _rupiah(member, "amount")
        table.add_row(Text(str(member["member_id"])), component, *numbers, say(f"explain.why_{member['why']}"))
    yield table
    yield _arithmetic(entitlement)
    if entitlement.bases:
        yield say("explain.sources")
        yield from (f"- {_basis(basis)}" for basis in entitlement.bases)


def _arithmetic(entitlement: Entitlement) -> str:
    """The sum as a reader would check it."""
    counted = sum(int(str(member["amount"])) for member in entitlement.members if member["counted"])
    fixed = int(str(entitlement.family.get("fixed_amount") or 0))
    total = _rupiah(entitlement.family, "amount")
    return say("explain.arithmetic", members_amount=format_rupiah(counted), fixed=format_rupiah(fixed), amount=total)


def _basis(basis: Basis) -> str:
    value = basis.dated.value
    shown = ", ".join(map(_item, value)) if isinstance(value, tuple) else _item(value)
    facts = {"figure": basis.figure, "value": shown, "since": long_date(basis.dated.since)}
    if basis.dated.unsourced:
        return say("explain.source_unsourced", **facts, note=basis.dated.note.said() if basis.dated.note else "")
    return say("explain.source", **facts, source=basis.dated.source, grade=basis.dated.grade.value)


def _item(value: int | str) -> str:
    return format_number(value) if isinstance(value, int) else code_in_words(value)


def _instructed(story: Story) -> Iterator[str]:
    outcome = story.outcome
    facts = {name: str(outcome[name]) for name in ("family_id", "channel", "district_code", "stage")}
    yield say("explain.instructed", **facts, amount=_rupiah(outcome, "amount"))
    if story.instructed is not None:
        listed = {name: str(story.instructed[name]) for name in ("name", "nik", "account_no")}
        account = last_four(listed["account_no"]) or say("explain.no_account")
        yield say("explain.collector", name=listed["name"], nik=last_four(listed["nik"]), account_no=account)
    if story.entitlement is not None:
        code = "amount_agrees" if _as_entitled(story, story.entitlement) else "amount_differs"
        yield say(f"explain.{code}", entitled=_rupiah(story.entitlement.family, "amount"))


def _as_entitled(story: Story, entitlement: Entitlement) -> bool:
    return bool(entitlement.family["amount"] == story.outcome["amount"])


def _rows(story: Story) -> Iterator[str | Table]:
    if not story.rows:
        yield say("explain.no_rows")
    else:
        columns = ("file", False), ("row", True), ("event", False), ("rupiah", True), ("day", False)
        table = _table("explain.column_", *columns, ("disposition", False), ("detail", False))
        of = story.outcome["payment_id"]
        for row in story.rows:
            place = Text(str(row["source"])), format_number(int(str(row["row"])))
            disposition = say(f"outcomes.{row['disposition']}")
            table.add_row(
                *place, _event(row), _rupiah(row, "amount"), _day(row["occurred_on"]), disposition, _why(row, of)
            )
        yield table
    if not story.all_files_read:
        yield say("explain.rows_unread")


def _event(row: Row) -> Text:
    event = str(row["event"] or "")
    return Text(say(f"outcomes.{event}") if event in EVENTS else mask_text(event))


def _why(row: Row, payment_id: object) -> Text:
    """How it was matched, to another payment perhaps, what was found, and what the bank gave as its reason."""
    told = []
    if row["matched_by"]:
        keys = keys_in_words(str(row["evidence"])) if row["evidence"] else ""
        evidence = say("outcomes.evidence_some", keys=keys) if keys else say("outcomes.evidence_none")
        told.append(say("explain.matched", key=keys_in_words(str(row["matched_by"])), evidence=evidence))
        if row["payment_id"] != payment_id:
            told.insert(0, say("explain.of_another", payment_id=row["payment_id"]))
    told += [mask_text(str(row[name])) for name in ("detail", "reason") if row[name]]
    return Text("; ".join(told))


def _outcome(outcome: Row) -> Iterator[str]:
    kind = str(outcome["outcome"])
    yield say("explain.outcome", outcome=say(f"outcomes.{kind}"), means=say(f"outcomes.{kind}_means"))
    yield say(
        "explain.sums",
        **{name: _rupiah(outcome, name) for name in ("credited", "reversed", "net", "withdrawn")},
        amount=_rupiah(outcome, "amount"),
    )
    if outcome["reason"]:
        yield say("explain.reason", reason=mask_text(str(outcome["reason"])))
    if outcome["first_on"]:
        yield say("explain.days", first=_day(outcome["first_on"]), last=_day(outcome["last_on"]))


def _what_to_do(story: Story) -> Iterator[str]:
    if story.entitlement is not None and not _as_entitled(story, story.entitlement):
        yield say("explain.do_amount")
    yield say("explain.do", do=say(f"outcomes.{story.outcome['outcome']}_do"))
    for code in sorted(set(_REASON_CODE.findall(str(story.outcome["reason"] or "")))):
        yield say("explain.do_reason", code=code, reason=say(f"outcomes.{code}"), do=say(f"outcomes.{code}_do"))
    kinds = {str(row["disposition"]) for row in story.rows} - {"ACCEPTED"}
    for kind in sorted(kinds):
        yield say("explain.do_rows", disposition=say(f"outcomes.{kind}"), do=say(f"outcomes.{kind}_do"))

"""Writes the pages that come from the code: `make docs`. A test holds them against it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import yaml

from gandeng.accounts.roles import RULES, May
from gandeng.core import benefit_tables, matching_tables
from gandeng.core import tables as core
from gandeng.core.money import format_rupiah
from gandeng.files.layouts import FAMILIES, MEMBERS, PAYMENTS, RESULTS, VERDICTS, Field, Kind, Layout
from gandeng.policy.figures import Entry, Figure, Figures, Unit, load_figures
from gandeng.policy.sources import Grade, keys_of
from gandeng.privacy.register import CLASSES, Table, register

DOCS = Path(__file__).parent
NOTE = "<!-- Written by `make docs`; change the code or the policy files instead. -->\n\n"


def pages() -> dict[str, str]:
    """Every page by its file name."""
    return {
        "command-line.md": command_line(),
        "file-formats.md": file_formats(),
        "guide/README.md": guide(),
        "personal-data.md": personal_data(),
        "policy-figures.md": policy_figures(load_figures()),
    }


def command_line() -> str:
    """The `--help` of every command, in English."""
    told = subprocess.run(
        [sys.executable, "-m", "typer", "gandeng.cli.main", "utils", "docs", "--name", "gandeng"],
        env=os.environ | {"GANDENG_LANG": "en", "TERM": "dumb", "COLUMNS": "120"},
        capture_output=True,
        text=True,
        check=True,
    )
    return NOTE + unescape(told.stdout)


_FORMS = {
    Kind.TEXT: "text",
    Kind.IDENTIFIER: "text",
    Kind.ACCOUNT: "text, zeros in front kept",
    Kind.NIK: "16 digits as text",
    Kind.STAGE: "`2024-2`",
    Kind.DISTRICT: "`63.71`",
    Kind.VILLAGE: "`63.71.01.1001`",
    Kind.FLAG: "`true` `false`",
    Kind.NUMBER: "`1` `2` … `99`",
    Kind.AMOUNT: "whole rupiah: `1250000` `1.250.000` `Rp1.250.000` `1.250.000,00` `1250000,00` `1250000.00`",
    Kind.DAY: "`2024-05-17` `17/05/2024` `17-05-2024`",
}
"""How a cell of each kind is written."""
_TYPES = {
    core.Type.TEXT: "text",
    core.Type.BIGINT: "whole number",
    core.Type.DATE: "day",
    core.Type.BOOLEAN: "`true` `false`",
}
_ONE_OF = {"outcome": matching_tables.OUTCOMES, "disposition": matching_tables.DISPOSITIONS}
"""Columns of results with few words, and which."""


def file_formats() -> str:
    """The page as it stands, the tables of the contracts' columns in it made anew."""
    come_in = [_came_in(layout) for layout in (FAMILIES, MEMBERS, VERDICTS, PAYMENTS, RESULTS)]
    go_out = [
        _went_out(table)
        for table in (
            benefit_tables.COMPONENTS,
            benefit_tables.ENTITLEMENTS,
            benefit_tables.RECOMMENDATIONS,
            matching_tables.OUTCOME_ROWS,
            matching_tables.DISPOSITION_ROWS,
            matching_tables.SUMMARY_ROWS,
        )
    ]
    out_of = "### Files that `entitle` and `reconcile` write\n\n`payments.csv` has the columns of the payments above.\n"
    return _with_part("file-formats.md", [*come_in, out_of, *go_out])


def guide() -> str:
    """The page as it stands, what each role's page tells made anew: its headings, as links."""
    texts = {path.name: path.read_text("utf-8") for path in sorted((DOCS / "guide").glob("*.md"))}
    lines = ["| halaman | caranya |", "| --- | --- |"]
    for name, text in texts.items():
        if name != "README.md":
            title, tasks = text.splitlines()[0].removeprefix("# "), re.findall(r"^## (.*)$", text, re.MULTILINE)
            lines.append(f"| {title} | {' · '.join(f'[{task}]({name}#{_anchor(task)})' for task in tasks)} |")
    return _with_part("guide/README.md", ["\n".join(lines) + "\n"])


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _with_part(name: str, told: list[str]) -> str:
    """A page with what stands between its two notes made anew."""
    found = _PART.fullmatch((DOCS / name).read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(f"{name} has lost its place for what `make docs` writes")
    return found[1] + "\n" + "\n".join(told) + "\n" + found[2]


_PART = re.compile(r"(.*<!-- Written by `make docs` from [^\n]* -->\n).*(<!-- Up to here\. -->\n.*)", re.DOTALL)


def _came_in(layout: Layout) -> str:
    told = _told(layout.name, layout.names)
    lines = [
        f"### {told['title']}: {layout.row}",
        "",
        "| column | holds | form | may be empty |",
        "| --- | --- | --- | --- |",
    ]
    for field in layout.fields:
        holds = told[field.name] if isinstance(told[field.name], dict) else {"holds": told[field.name]}
        empty = holds.get("empty", "no" if field.required else "yes")
        lines.append(f"| `{field.name}` | {holds['holds']} | {_form(field)} | {empty} |")
    return "\n".join(lines) + "\n"


def _form(field: Field) -> str:
    return _each(field.choices) or _FORMS[field.kind]


def _each(words: tuple[str, ...]) -> str:
    return " ".join(f"`{word}`" for word in words)


def _went_out(table: core.Table) -> str:
    told = _told(table.name, [_of_any_outcome(name) for name in table.column_names()])
    types = {_of_any_outcome(column.name): column for column in table.columns}
    lines = [f"{told['title']}: {table.row}", "", "| column | holds | type |", "| --- | --- | --- |"]
    for name, column in types.items():
        form = _each(_ONE_OF.get(name, ())) or _TYPES[column.type]
        lines.append(f"| `{name}` | {told[name]} | {form}{', or none' if column.nullable else ''} |")
    return "\n".join(lines) + "\n"


def _of_any_outcome(column: str) -> str:
    """`paid_count` as `<outcome>_count`: the columns each outcome has."""
    outcome, _, what = column.rpartition("_")
    return f"<outcome>_{what}" if outcome.upper() in matching_tables.OUTCOMES else column


def _told(name: str, columns: Iterable[str]) -> dict[str, Any]:
    """What columns.yaml says of a table: of each of its columns, and of no other."""
    told: dict[str, Any] = _columns_told()[name]
    if told.keys() != {"title", *columns}:
        raise ValueError(f"columns.yaml and {name} differ in {sorted(told.keys() ^ {'title', *columns})}")
    return told


@cache
def _columns_told() -> dict[str, Any]:
    return dict(yaml.safe_load((DOCS / "columns.yaml").read_text(encoding="utf-8")))


def personal_data() -> str:
    """The register of processing: each table, what it holds of whom, why, how long, and its columns by class."""
    told = register()
    lines = [
        "# What is held",
        "",
        "The register of processing (UU 27/2022, article 31): every table, every column. [privacy.md](privacy.md) says",
        "what it is for. Kept: a class of [retention](privacy.md#how-long-what-is-kept), or always. Whoever sees a row",
        "sees it within a territory. Classes: " + ", ".join(f"{name} {words}" for name, words in CLASSES.items()) + ".",
        "",
        "| right | held by |",
        "| --- | --- |",
    ]
    for may in sorted({_right_of(name) for name in told.tables} - {None}, key=str):
        holders = ", ".join(role.value for role, rules in RULES.items() if may in rules.may)
        lines.append(f"| `{may}` | {holders} |")
    for who, heading in (("family", "About families"), ("staff", "About staff"), ("office", "About no person")):
        lines += ["", f"## {heading}", "", "| table | why | seen with | kept | in the report to a family | columns |"]
        lines.append("| --- | --- | --- | --- | --- | --- |")
        lines += [_table(name, table, told.purposes) for name, table in told.tables.items() if table.holds == who]
    return NOTE + "\n".join(lines) + "\n"


def _table(name: str, table: Table, purposes: dict[str, str]) -> str:
    by_class = {klass: [one.name for one in table.each() if one.klass == klass] for klass in CLASSES}
    columns = "; ".join(f"**{klass}** {', '.join(names)}" for klass, names in by_class.items() if names)
    right = _right_of(name)
    report = f"“{table.told}”" if table.told else f"no: {table.not_told}"
    cells = (f"`{name}`", purposes[table.why], f"`{right}`" if right else "no page", table.keep, report, columns)
    return f"| {' | '.join(cells)} |"


_RIGHTS = {
    "registry_": May.SEE_FAMILIES, "entitlements_": May.SEE_FAMILIES, "privacy_familyreport": May.REPORT_FAMILY,
    "payments_": May.SEE_PAYMENTS, "reconciliation_": May.SEE_RECONCILIATION,
    "certificates_": May.SEE_STAFF, "audit_audit": May.SEE_LOG, "accounts_publictry": None,
    "accounts_": May.MANAGE_PEOPLE,
    "exports_exportrequest": May.APPROVE_EXPORT,
}  # fmt: skip
"""By the beginning of a table's name; the first that fits."""


def _right_of(table: str) -> May | None:
    """The right its pages ask for; None where no page shows it to others than its owner."""
    return next((may for start, may in _RIGHTS.items() if table.startswith(start)), None)


def policy_figures(figures: Figures) -> str:
    """Every dated figure with its grade and source."""
    lines = [
        "# Policy figures",
        "",
        "Grades: A ministry or regulation, B national press or audit, C regional press or facilitators,",
        "D news portals, G source code of practice, **U unsourced: shown as such wherever it is used**.",
        "",
        "| figure | what it says | since | value | grade | source |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, figure in sorted(figures.by_name.items()):
        for day, entry in sorted(figure.values.items()):
            grade = f"**{entry.grade.value}**" if entry.grade is Grade.UNSOURCED else entry.grade.value
            told = _value(figure, entry), grade, _source(figures, entry)
            cells = (f"`{name}`", figure.description.en, day.isoformat(), *told)
            lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
    return NOTE + "\n".join(lines) + "\n"


def _value(figure: Figure, entry: Entry) -> str:
    if entry.value is None:
        return "ended"
    items = entry.value if isinstance(entry.value, tuple) else (entry.value,)
    money = figure.unit is Unit.RUPIAH
    shown = ", ".join(format_rupiah(item) if money and isinstance(item, int) else str(item) for item in items)
    return shown if money else f"{shown} {figure.unit.value}"


def _source(figures: Figures, entry: Entry) -> str:
    note = entry.note.en if entry.note else ""
    if entry.grade is Grade.UNSOURCED:
        return f"unsourced: {note}"
    titles = "; ".join(f"{key} {figures.sources[key].said('en')}" for key in keys_of(entry.source))
    return f"{titles}. {note}" if note else titles


if __name__ == "__main__":
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")

"""The report to a family as a paper: ready words in sections, for the page and for the PDF alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps

from gandeng.accounts.context import region_name
from gandeng.core.matching_tables import EVENTS
from gandeng.core.money import format_rupiah
from gandeng.documents.exceptions import keys_in_words
from gandeng.documents.masking import mask_code, mask_text
from gandeng.documents.numerals import long_date, told_day
from gandeng.entitlements.queries import component_words, why_words
from gandeng.graduation.models import Step
from gandeng.graduation.words import deciles_told, facts_told
from gandeng.privacy.models import FamilyReport
from gandeng.privacy.register import Table, register
from gandeng.privacy.subject import Row
from gandeng.reconciliation.words import kind_name, reason_name
from gandeng.registry.change_queries import differences
from gandeng.registry.models import ChangeRequest
from gandeng.web.language import indonesian
from gandeng.web.templatetags.gandeng import waktu
from gandeng.words import sentences

DUE_DAYS = 3
"""UU 27/2022, article 32: within 3 x 24 hours (docs/privacy.md)."""


@dataclass(frozen=True)
class Card:
    """One row: what it is, and its columns."""

    title: str
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Section:
    """A heading with its cards, or with a table where `header` is set."""

    heading: str
    lead: str = ""
    cards: tuple[Card, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def empty(self) -> bool:
        """True where nothing is held."""
        return not self.cards and not self.rows

    @property
    def named(self) -> list[list[tuple[str, str]]]:
        """The rows of the table, each cell with the name of its column."""
        return [list(zip(self.header, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Paper:
    """The whole report."""

    title: str
    subtitle: str
    answers: str
    masked: str
    empty: str
    footer: str
    of_pages: str
    about: Card
    sections: tuple[Section, ...]
    nothing: tuple[str, ...]
    """Headings under which nothing is held."""
    rights: str
    paragraphs: tuple[str, ...]
    signing: tuple[str, ...]


@cache
def words() -> dict[str, Any]:
    """The sentences of the paper."""
    loaded: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("paper.yaml").read_text(encoding="utf-8"))
    return loaded


def due_on(asked_on: date) -> date:
    """The last day on which the report may be given."""
    return asked_on + timedelta(days=DUE_DAYS)


def paper_of(report: FamilyReport, told: dict[str, list[Row]], printed_at: datetime) -> Paper:
    """What was read (subject.read) in words. In Indonesian, whoever prints it."""
    with indonesian():
        return _paper(report, told, printed_at)


def _paper(report: FamilyReport, told: dict[str, list[Row]], printed_at: datetime) -> Paper:
    said, district = words(), region_name(report.village_code[:4])
    names = {str(row["id"]): row["name"] for row in told["registry_member"]}
    family_no = told["registry_family"][0]["family_no"]
    sections = list(_sections(told, names))
    return Paper(
        title=said["title"], subtitle=said["subtitle"], answers=said["answers"], masked=said["masked"],
        empty=said["empty"], footer=said["footer"].format(family_no=family_no), of_pages=said["of_pages"],
        about=_about(report, family_no, printed_at), sections=tuple(one for one in sections if not one.empty),
        nothing=tuple(one.heading for one in sections if one.empty),
        rights=said["rights"]["heading"],
        paragraphs=tuple(each.format(district=district) for each in said["rights"]["paragraphs"]),
        signing=tuple(said["rights"][key] for key in ("received", "officer", "date")),
    )  # fmt: skip


def _about(report: FamilyReport, family_no: str, printed_at: datetime) -> Card:
    labels = words()["about"]
    values = {
        "family_no": family_no, "village": _place(report.village_code), "asked_by": report.asked_by,
        "relation": report.get_relation_display(), "asked_on": long_date(report.asked_on),
        "due_on": long_date(due_on(report.asked_on)), "identity": report.get_identity_display(),
        "purpose": mask_text(report.purpose), "made_by": report.made_by.name, "authority": report.authority,
        "made_at": waktu(report.made_at, "WIB"), "printed_at": waktu(printed_at, "WIB"), "number": str(report.pk),
    }  # fmt: skip
    return Card(labels["heading"], tuple((labels[key], str(value)) for key, value in values.items()))


def _place(village: str) -> str:
    """`Mantuil, Banjarmasin Selatan, Kota Banjarmasin`."""
    return ", ".join(region_name(village[:length]) for length in (10, 6, 4))


def _sections(told: dict[str, list[Row]], names: dict[str, str]) -> Iterator[Section]:
    leads = words()["leads"]
    for table, columns in register().told.items():
        if table == "audit_auditentry":
            yield _orders(told["orders"])
            yield _exports(told["exports"])
            yield _log(columns.told, told[table])
        elif table in _LISTED:
            yield _list(table, columns, told[table])
        else:
            cards = tuple(_card(table, row, columns.labels, names) for row in told[table])
            yield Section(columns.told, leads.get(table, ""), cards)


_LISTED = ("entitlements_componentrow", "registry_intakerow", "registry_recodedfamily")
"""Many rows of few columns: a table reads better than a card each."""


def _list(table: str, columns: Table, rows: list[Row]) -> Section:
    """What is joined comes first: it says which row it is."""
    joined = words()["joined"]
    extra = [name for name in (rows[0] if rows else ()) if name.startswith("+")]
    header = [joined[name[1:]] for name in extra] + [*columns.labels.values()]
    lines = tuple(tuple(_value(table, name, row[name]) for name in (*extra, *columns.labels)) for row in rows)
    return Section(columns.told, words()["leads"].get(table, ""), header=tuple(header), rows=lines)


def _card(table: str, row: Row, labels: dict[str, str], names: dict[str, str]) -> Card:
    pairs = [(label, _value(table, name, row[name])) for name, label in labels.items() if name in row]
    if table == "registry_changerequest":
        pairs = [pair for pair in pairs if pair[0] not in (labels["before"], labels["after"])]
        pairs.append((words()["said"]["content"], _content(row, names)))
    if table == "graduation_step":
        pairs = [pair for pair in pairs if pair[0] != labels["facts"]]
        pairs.append((labels["facts"], "; ".join(facts_told(Step(kind=row["kind"], facts=row["facts"])))))
    if table == "graduation_case":
        pairs = [pair for pair in pairs if pair[0] != labels["facts"]]
        pairs.append((labels["facts"], "; ".join(deciles_told(row["facts"]))))
    joined = words()["joined"]
    pairs += [(joined[name[1:]], _value(table, name, value)) for name, value in row.items() if name.startswith("+")]
    shown = tuple((label, value) for label, value in pairs if value)
    return Card(_title(table, row, shown), shown)


def _title(table: str, row: Row, pairs: tuple[tuple[str, str], ...]) -> str:
    """What tells one row from the next; the first thing said of it where nothing better is known."""
    stage = _value(table, "+stage", row["+stage"]) if "+stage" in row else ""
    if table in ("registry_member", "registry_memberevent"):
        return str(row["name"])
    if stage:
        return stage[:1].upper() + stage[1:]
    if table in ("registry_changerequest", "registry_changeevidence"):
        return str(ChangeRequest.Kind(row["kind"]).label)
    named = _TITLES.get(table)
    return (_value(table, named, row[named]) if named else "") or (pairs[0][1] if pairs else "")


_TITLES = {
    "reconciliation_outcomerow": "outcome", "reconciliation_lateoutcome": "outcome",
    "reconciliation_resultrow": "event", "reconciliation_exceptioncase": "kind", "reconciliation_exceptionact": "act",
    "registry_account": "channel", "registry_decilereading": "read_on", "privacy_familyreport": "made_at",
}  # fmt: skip


def _content(row: Row, names: dict[str, str]) -> str:
    """Before and after, as the page of the change says it; members who have left the family have no name here."""
    asked = ChangeRequest(
        kind=row["kind"], before=row["before"], after=row["after"], identifier_tail=row["identifier_tail"]
    )
    becomes = words()["said"]["becomes"]
    return "; ".join(becomes.format(label=e.label, before=e.before, after=e.after) for e in differences(asked, names))


_KINDS = {
    "reconciliation_outcomerow.outcome", "reconciliation_lateoutcome.outcome", "reconciliation_exceptioncase.kind",
    "reconciliation_resultrow.disposition",
}  # fmt: skip
_FREE = {
    "reason", "decision_reason", "decided_reason", "status_reason", "words", "evidence", "bank_reference", "purpose",
    "file_name", "+file", "+list", "+deposit_reason", "+decree", "+source",
}  # fmt: skip
_STATES = {
    "+payment_list": ("payments_paymentlist", "state"), "+list_state": ("registry_intake", "state"),
    "+codes_state": ("registry_recoding", "state"),
    "+file_state": ("reconciliation_resultfile", "state"),
    "+deposit_state": ("reconciliation_treasurydeposit", "state"),
}  # fmt: skip
_SAID = ("+did", "table_name")


def _value(table: str, name: str, value: Any) -> str:
    """A column in words; empty where nothing is held."""
    if value is None or value == "" or (name == "file_bytes" and not value):
        return ""
    if isinstance(value, bool):
        return str(words()["said"][str(value).lower()])
    if name in _STATES:
        return _choice(*_STATES[name], str(value))
    if name in _SAID:
        return str(words()["said"].get(value, value))
    if name == "+stage":
        year, _, stage = str(value).partition("-")
        return str(words()["said"]["stage"].format(stage=stage, year=year))
    if name.endswith("_rupiah"):
        return format_rupiah(int(value))
    if name.endswith(("_last4", "_last3", "_tail")):
        return f"•••• {value}"
    if name == "village_code":
        return region_name(str(value))
    return _coded(table, name, value) or _timed(value) or str(value)


def _coded(table: str, name: str, value: Any) -> str:
    """Codes and free text; empty for anything else."""
    if f"{table}.{name}" in _KINDS:
        return kind_name(value)
    if name == "event":
        return kind_name(value) if value in EVENTS else mask_text(value)
    special = {"component": component_words, "why": why_words, "reason_code": reason_name, "matched_by": keys_in_words}
    if name in special:
        return special[name](value)
    if name == "held_reason":
        return _choice("payments_heldpayment", "reason", value)
    chosen = _choice(table, name, str(value))
    if chosen != str(value):
        return chosen
    return mask_code(mask_text(value)) if name in _FREE else ""


def _timed(value: Any) -> str:
    if not isinstance(value, str) or value[4:5] != "-" or value[7:8] != "-":
        return ""
    try:
        return waktu(datetime.fromisoformat(value), "WIB") if "T" in value else told_day(value)
    except ValueError:
        return ""


@cache
def _fields() -> dict[tuple[str, str], dict[Any, Any]]:
    """Choices by table and column."""
    return {
        (model._meta.db_table, str(field.column)): dict(field.flatchoices)
        for model in apps.get_models() for field in model._meta.concrete_fields if field.flatchoices
    }  # fmt: skip


def _choice(table: str, column: str, value: str) -> str:
    table = {"registry_familyevent": "registry_family", "registry_memberevent": "registry_member"}.get(table, table)
    return str(_fields().get((table, column), {}).get(value, value))


def _orders(rows: list[Row]) -> Section:
    said, columns = words(), words()["columns"]
    lines = []
    for row in rows:
        fetched = (
            f"{_timed(row['downloaded_at'])}, {row['who']}" if row["downloaded_at"] else said["said"]["not_fetched"]
        )
        lines.append((_timed(row["at"]), row["channel"], _value("", "+stage", row["stage"]), fetched))
    header = (columns["when"], columns["channel"], columns["stage"], columns["fetched"])
    return Section(said["headings"]["orders"], said["leads"]["orders"], header=header, rows=tuple(lines))


def _exports(rows: list[Row]) -> Section:
    said, columns = words(), words()["columns"]
    lines = [
        (
            _timed(row["at"]), _person(row["who"], row["authority"]),
            said["said"]["list"].format(
                title=row["title"] or act_words(row), rows=row["rows"], region=region_name(row["region"])
            ),
            mask_text(row["reason"] or ""),
        )
        for row in rows
    ]  # fmt: skip
    header = (columns["when"], columns["who"], columns["list"], columns["why"])
    return Section(said["headings"]["exports"], said["leads"]["exports"], header=header, rows=tuple(lines))


def _log(heading: str, rows: list[Row]) -> Section:
    said, columns = words(), words()["columns"]
    lines = [
        (_timed(row["at"]), _person(row["person_name"], row["authority"]), act_words(row), mask_text(row["reason"]))
        for row in rows
    ]
    header = (columns["when"], columns["who"], columns["what"], columns["why"])
    return Section(heading, said["leads"]["audit_auditentry"], header=header, rows=tuple(lines))


def act_words(row: Row) -> str:
    """What was done, in words; the code of an act nobody has put into words yet."""
    acts = sentences("id", "acts")
    which = f"identifier.revealed.{row.get('column')}" if row["action"] == "identifier.revealed" else row["action"]
    return acts.get(which) or acts.get(row["action"], str(row["action"]))


def _person(name: str, authority: str) -> str:
    return f"{name}, {authority}" if authority else name

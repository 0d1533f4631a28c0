"""Every place where the office keeps sealed values: the one list, held against the database by a test.

Payments' instructions and long exports keep sealed passwords, one-time codes their secrets; all others are NIK, family
card, account, evidence, or what an ethics case says. `place` says what a seal is bound to, as the package that seals it
has it.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gandeng.audit.sealing import Place

type Row = Mapping[str, Any]
type Form = Literal["bytes", "hex", "base64"]
"""A column of bytes, or a text in a JSON column: as PostgreSQL writes bytes there, or as base64."""


@dataclass(frozen=True)
class Value:
    """One sealed value of a row: a column, or what stands under `key` in a column of JSON."""

    column: str
    place: Callable[[Row], Place]
    key: str = ""
    form: Form = "bytes"

    @property
    def name(self) -> str:
        """As people read it."""
        return f"{self.column}.{self.key}" if self.key else self.column

    @property
    def version(self) -> str:
        """SQL: version of its key as four hexadecimal signs, '' where nothing is sealed."""
        text = f"{self.column} ->> '{self.key}'"
        match self.form:
            case "bytes":
                return f"encode(substr({self.column}, 1, 2), 'hex')"
            case "hex":
                return f"coalesce(substr({text}, 3, 4), '')"
            case "base64":
                begins = f"case when {text} ~ '^[A-Za-z0-9+/]{{4}}' then left({text}, 4) else '' end"
                return f"encode(substr(decode({begins}, 'base64'), 1, 2), 'hex')"

    def get(self, row: Row) -> bytes:
        """The sealed bytes; empty where there are none, and what no key opens where they cannot be read."""
        cell = row[self.column]
        if self.form == "bytes":
            return bytes(cell or b"")
        text = (cell or {}).get(self.key) or ""
        try:
            return bytes.fromhex(text[2:]) if self.form == "hex" else base64.b64decode(text)
        except ValueError:
            return b"\x00\x00"

    def put(self, cells: dict[str, Any], sealed: bytes) -> None:
        """Put other bytes in their place."""
        if self.form == "bytes":
            cells[self.column] = sealed
        else:
            text = f"\\x{sealed.hex()}" if self.form == "hex" else base64.b64encode(sealed).decode()
            cells[self.column] = {**cells[self.column], self.key: text}


@dataclass(frozen=True)
class Table:
    """A table with sealed values; `needs` are columns their places are told by, `batch` rows are sealed at once."""

    name: str
    key: str
    key_type: Literal["uuid", "bigint", "integer", "text"]
    values: tuple[Value, ...]
    needs: tuple[str, ...] = ()
    batch: int = 1_000

    @property
    def columns(self) -> dict[str, str]:
        """Columns that hold sealed values, and their types."""
        return {value.column: "bytea" if value.form == "bytes" else "jsonb" for value in self.values}


def _own(table: str, column: str, key: str = "id") -> Value:
    """`<column>_sealed`, bound to table, column and key of a row."""
    return Value(f"{column}_sealed", lambda row: Place(table, column, str(row[key])))


def _before(name: str) -> Value:
    """In the image of a row as it was before a list touched it."""
    return Value("before", lambda row: Place(row["table_name"], name, str(row["row_id"])), f"{name}_sealed", "hex")


def _secret(key: str) -> Value:
    """Of one-time and recovery codes (accounts.adapter)."""
    return Value("data", lambda _: Place("mfa_authenticator", "secret", ""), key, "base64")


TABLES = (
    Table("registry_family", "id", "uuid", (_own("registry_family", "kk"),)),
    Table("registry_member", "id", "uuid", (_own("registry_member", "nik"),)),
    Table("registry_account", "id", "uuid", (_own("registry_account", "account"),)),
    Table("registry_familyevent", "pgh_id", "integer", (_own("registry_family", "kk"),), ("id",)),
    Table("registry_memberevent", "pgh_id", "integer", (_own("registry_member", "nik"),), ("id",)),
    Table("registry_changerequest", "id", "uuid", (_own("registry_changerequest", "identifier"),)),
    Table(
        "registry_changeevidence", "change_id", "uuid", (_own("registry_changeevidence", "file", "change_id"),),
        batch=10,
    ),
    Table(
        "registry_intakerow", "id", "bigint", (_before("kk"), _before("nik"), _before("account")),
        ("table_name", "row_id"),
    ),
    Table(
        "payments_payment", "payment_id", "text",
        (_own("payments_payment", "nik", "payment_id"), _own("payments_payment", "account", "payment_id")),
    ),
    Table("conduct_matter", "id", "uuid", (_own("conduct_matter", "what"), _own("conduct_matter", "reporter"))),
    Table("conduct_step", "id", "uuid", (_own("conduct_step", "text"),)),
    Table(
        "conduct_casefile", "id", "uuid", (_own("conduct_casefile", "label"), _own("conduct_casefile", "content")),
        batch=10,
    ),
    Table(
        "certificates_evidence", "certificate_id", "uuid",
        (_own("certificates_evidence", "content", "certificate_id"),), batch=10,
    ),
    Table("helpdesk_case", "id", "uuid", (_own("helpdesk_case", "contact"), _own("helpdesk_case", "what"))),
    Table("helpdesk_caseevent", "id", "uuid", (_own("helpdesk_caseevent", "text"),)),
    Table("monitoring_draw", "id", "uuid", (_own("monitoring_draw", "seed"),)),
    Table("monitoring_answer", "id", "uuid", (_own("monitoring_answer", "words"),)),
    Table("field_device", "id", "uuid", (_own("field_device", "share"),)),
    Table("field_entry", "id", "uuid", (_own("field_entry", "body"),)),
    Table("field_photo", "id", "uuid", (_own("field_photo", "content"),), batch=10),
    Table("training_eventday", "id", "uuid", (_own("training_eventday", "secret"),)),
    Table("training_material", "id", "uuid", (_own("training_material", "content"),), batch=10),
    Table("family_sessions_picture", "id", "uuid", (_own("family_sessions_picture", "content"),), batch=10),
    Table("graduation_paper", "id", "uuid", (_own("graduation_paper", "content"),), batch=10),
    Table("achievements_achievement", "id", "uuid", (_own("achievements_achievement", "story"),)),
    Table(
        "achievements_paper", "id", "uuid",
        (_own("achievements_paper", "label"), _own("achievements_paper", "content")), batch=10,
    ),
    Table("achievements_consent", "id", "uuid", (_own("achievements_consent", "content"),), batch=10),
    Table("achievements_editionfile", "id", "uuid", (_own("achievements_editionfile", "content"),), batch=1),
    Table("performance_report", "id", "uuid", (_own("performance_report", "remarks"),)),
    Table("performance_reportversion", "id", "uuid", (_own("performance_reportversion", "content"),)),
    Table("performance_review", "id", "uuid", (_own("performance_review", "comment"),)),
    Table(
        "performance_photo", "id", "uuid",
        (_own("performance_photo", "caption"), _own("performance_photo", "content")), batch=10,
    ),
    Table(
        "facilitators_identity", "id", "uuid",
        (_own("facilitators_identity", "nik"), _own("facilitators_identity", "kk")),
    ),
    Table("payments_instruction", "id", "uuid", (_own("payments_instruction", "password"),)),
    Table("exports_exportrequest", "id", "uuid", (_own("exports_exportrequest", "password"),)),
    Table("mfa_authenticator", "id", "bigint", (_secret("secret"), _secret("seed"))),
)  # fmt: skip

"""The tables people send us, by column: what each may hold and what it becomes (the two contracts, to the letter)."""

from dataclasses import dataclass
from enum import StrEnum

from gandeng.core.channels import CHANNELS
from gandeng.core.tables import Column, Table, Type


class Kind(StrEnum):
    """What a cell holds; decides how it is read and which code names it when it cannot be."""

    TEXT = "text"
    IDENTIFIER = "identifier"
    ACCOUNT = "account"
    NIK = "nik"
    STAGE = "stage"
    DISTRICT = "district"
    VILLAGE = "village"
    CHOICE = "choice"
    FLAG = "flag"
    AMOUNT = "amount"
    NUMBER = "number"
    DAY = "day"


NEVER_NUMERIC = (Kind.IDENTIFIER, Kind.ACCOUNT, Kind.NIK, Kind.STAGE, Kind.DISTRICT, Kind.VILLAGE)
"""Kinds that a numeric cell damages: spreadsheets keep 15 digits and drop zeros in front."""

_FEW = ("channel", "event", "status")

_TYPES = {Kind.FLAG: Type.BOOLEAN, Kind.AMOUNT: Type.BIGINT, Kind.NUMBER: Type.BIGINT, Kind.DAY: Type.DATE}


@dataclass(frozen=True)
class Field:
    """A column of a file; an empty cell is a fault where `required`. Days lie in 1900 to 2099 unless `any_year`."""

    name: str
    kind: Kind = Kind.TEXT
    required: bool = True
    choices: tuple[str, ...] = ()
    any_year: bool = False

    @property
    def type(self) -> Type:
        """The type the canonical table stores."""
        return _TYPES.get(self.kind, Type.TEXT)

    @property
    def column(self) -> Column:
        """The canonical column: text is never NULL ('' is empty), the other types are where a cell may be empty."""
        return Column(self.name, self.type, nullable=self.type is not Type.TEXT and not self.required)


@dataclass(frozen=True)
class Layout:
    """A kind of file. `strict`: one invalid row refuses the whole file; else a bad row is kept with its `damage`.

    `unique` names the column that may not repeat. `account_rule`: a bank's row needs an account.
    """

    name: str
    row: str
    fields: tuple[Field, ...]
    strict: bool = True
    unique: str | None = None
    account_rule: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in the contract's order."""
        return tuple(field.name for field in self.fields)

    @property
    def table(self) -> Table:
        """The canonical table, without `row` and `damage`."""
        return Table(self.name, self.row, tuple(field.column for field in self.fields))

    @property
    def repeating(self) -> tuple[str, ...]:
        """Columns with few different texts: worth a dictionary where they are stored."""
        kinds = (Kind.STAGE, Kind.DISTRICT, Kind.VILLAGE, Kind.CHOICE)
        return tuple(field.name for field in self.fields if field.kind in kinds or field.name in _FEW)

    def field(self, name: str) -> Field:
        """The field of that name; KeyError where there is none."""
        return {field.name: field for field in self.fields}[name]


PAYMENTS = Layout(
    "payments",
    "one row per family and stage",
    (
        Field("payment_id", Kind.IDENTIFIER),
        Field("stage", Kind.STAGE),
        Field("family_id", Kind.IDENTIFIER),
        Field("nik", Kind.NIK),
        Field("name", required=False),
        Field("channel", Kind.CHOICE, choices=CHANNELS),
        Field("account_no", Kind.ACCOUNT, required=False),
        Field("district_code", Kind.DISTRICT),
        Field("amount", Kind.AMOUNT),
    ),
    unique="payment_id",
    account_rule=True,
)

RESULTS = Layout(
    "results",
    "one row per event",
    (
        Field("bank_reference", Kind.IDENTIFIER, required=False),
        Field("channel", required=False),
        Field("payment_id", Kind.IDENTIFIER, required=False),
        Field("account_no", Kind.ACCOUNT, required=False),
        Field("nik", Kind.NIK, required=False),
        Field("name", required=False),
        Field("event", required=False),
        Field("amount", Kind.AMOUNT, required=False),
        Field("occurred_on", Kind.DAY, required=False, any_year=True),
        Field("reason", required=False),
    ),
    strict=False,
)

FAMILIES = Layout(
    "families",
    "one row per family",
    (
        Field("family_id", Kind.IDENTIFIER),
        Field("collector_member_id", Kind.IDENTIFIER, required=False),
        Field("village_code", Kind.VILLAGE),
        Field("status"),
        Field("channel", Kind.CHOICE, choices=CHANNELS),
        Field("account_no", Kind.ACCOUNT, required=False),
    ),
    unique="family_id",
    account_rule=True,
)

MEMBERS = Layout(
    "members",
    "one row per family member",
    (
        Field("family_id", Kind.IDENTIFIER),
        Field("member_id", Kind.IDENTIFIER),
        Field("nik", Kind.NIK, required=False),
        Field("name", required=False),
        Field("birth_date", Kind.DAY),
        Field("sex", Kind.CHOICE, choices=("F", "M")),
        Field("school_level", Kind.CHOICE, required=False, choices=("SD", "SMP", "SMA")),
        Field("pregnancy_no", Kind.NUMBER, required=False),
        Field("severe_disability", Kind.FLAG),
        Field("rights_victim", Kind.FLAG),
        Field("deceased_on", Kind.DAY, required=False),
    ),
    unique="member_id",
)

VERDICTS = Layout(
    "verdicts",
    "one row per member and commitment",
    (
        Field("member_id", Kind.IDENTIFIER),
        Field("commitment", Kind.CHOICE, choices=("HEALTH", "EDUCATION", "WELFARE")),
        Field("verdict", Kind.CHOICE, choices=("MET", "NOT_MET", "EXCUSED", "UNVERIFIED")),
    ),
)

LAYOUTS = {layout.name: layout for layout in (PAYMENTS, RESULTS, FAMILIES, MEMBERS, VERDICTS)}

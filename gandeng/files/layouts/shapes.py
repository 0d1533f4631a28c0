"""What a layout is: columns, what a cell of each may hold, and what it becomes."""

from collections.abc import Set
from dataclasses import dataclass, replace
from enum import StrEnum

from gandeng.core.tables import Column, Table, Type


class Kind(StrEnum):
    """What a cell holds; decides how it is read and which code names it when it cannot be."""

    TEXT = "text"
    IDENTIFIER = "identifier"
    ACCOUNT = "account"
    NIK = "nik"
    FAMILY_CARD = "family_card"
    STAGE = "stage"
    DISTRICT = "district"
    VILLAGE = "village"
    PLACE = "place"
    CHOICE = "choice"
    FLAG = "flag"
    AMOUNT = "amount"
    NUMBER = "number"
    COUNT = "count"
    DECILE = "decile"
    DAY = "day"


SIXTEEN_DIGITS = (Kind.NIK, Kind.FAMILY_CARD)
"""Numbers of people and of their families, of one length."""
NEVER_NUMERIC = (*SIXTEEN_DIGITS, Kind.IDENTIFIER, Kind.ACCOUNT, Kind.STAGE, Kind.DISTRICT, Kind.VILLAGE, Kind.PLACE)
"""Kinds that a numeric cell damages: spreadsheets keep 15 digits and drop zeros in front."""

_FEW = ("channel", "event", "status")

WHOLE_KINDS = (Kind.AMOUNT, Kind.NUMBER, Kind.COUNT, Kind.DECILE)
"""Kinds whose cells are whole numbers."""

_WHOLE = dict.fromkeys(WHOLE_KINDS, Type.BIGINT)
_TYPES = {Kind.FLAG: Type.BOOLEAN, Kind.DAY: Type.DATE, **_WHOLE}


@dataclass(frozen=True)
class Field:
    """A column of a file; an empty cell is a fault where `required`. Days lie in 1900 to 2099 unless `any_year`.

    `aliases` are other headers it goes by; `words` what people write for a choice, in any case. The whole column may
    be left out where it `may_lack`: its cells are then empty.
    """

    name: str
    kind: Kind = Kind.TEXT
    required: bool = True
    choices: tuple[str, ...] = ()
    any_year: bool = False
    aliases: tuple[str, ...] = ()
    words: tuple[tuple[str, str], ...] = ()
    may_lack: bool = False

    @property
    def titles(self) -> tuple[str, ...]:
        """Every header it goes by, its own name first."""
        return (self.name, *self.aliases)

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

    `unique` names the column that may not repeat. Who is paid by post has no account, where `post_without_account`;
    who is paid by a bank needs one, where `bank_with_account`. `framed`: lines may stand above the header, and a title
    that repeats (`ALPA` of each month) is numbered from the left.
    """

    name: str
    row: str
    fields: tuple[Field, ...]
    strict: bool = True
    unique: str | None = None
    post_without_account: bool = False
    bank_with_account: bool = False
    framed: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in the contract's order."""
        return tuple(field.name for field in self.fields)

    @property
    def sealed(self) -> tuple[Field, ...]:
        """Columns that are sealed before anything of the file is kept."""
        return tuple(field for field in self.fields if field.kind in SIXTEEN_DIGITS)

    @property
    def table(self) -> Table:
        """The canonical table, without `row` and `damage`."""
        return Table(self.name, self.row, tuple(field.column for field in self.fields))

    @property
    def repeating(self) -> tuple[str, ...]:
        """Columns with few different texts: worth a dictionary where they are stored."""
        kinds = (Kind.STAGE, Kind.DISTRICT, Kind.VILLAGE, Kind.PLACE, Kind.CHOICE)
        return tuple(field.name for field in self.fields if field.kind in kinds or field.name in _FEW)

    def field(self, name: str) -> Field:
        """The field of that name; KeyError where there is none."""
        return {field.name: field for field in self.fields}[name]

    def without(self, columns: Set[str]) -> "Layout":
        """The same kind of file with these columns left out, and the rules that need one of them."""
        paid_by = {"channel", "account_no"}.isdisjoint(columns)
        return replace(
            self,
            fields=tuple(field for field in self.fields if field.name not in columns),
            unique=None if self.unique in columns else self.unique,
            post_without_account=self.post_without_account and paid_by,
            bank_with_account=self.bank_with_account and paid_by,
        )

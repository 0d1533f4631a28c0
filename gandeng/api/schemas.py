"""What goes in and comes out, field by field. Money is whole rupiah; of identifiers only the last digits come out."""

from datetime import date, datetime
from typing import Annotated, Literal, Self, cast
from uuid import UUID

from ninja import Field, Schema
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from gandeng.accounts.acting import Held
from gandeng.accounts.models import ApiKey
from gandeng.api.queries import Ordered
from gandeng.documents.masking import HIDDEN, mask_code, mask_text
from gandeng.payments.models import Confirmation, Cycle, Instruction
from gandeng.payments.order_queries import Word, shelf_of
from gandeng.reconciliation.actions.files import RECEIVES, RUPIAH_MAX
from gandeng.reconciliation.models import ExceptionCase, OutcomeInForce, ResultFile

ROWS_MAX = 999_999_999_999

Channel = Literal["BRI", "BNI", "MANDIRI", "BTN", "BSI", "POS"]
Kind = Literal[
    "REISSUE_UNFOUNDED", "DEPOSIT_UNFOUNDED", "INCONSISTENT", "OVERPAID", "UNDERPAID", "RETURNED", "FAILED",
    "UNREPORTED", "MISDIRECTED", "CONFLICTING", "UNKNOWN", "AMBIGUOUS", "MALFORMED", "REPEATED",
]  # fmt: skip
FileState = Literal["RECEIVED", "REFUSED", "TAKEN", "WITHDRAWN"]
CaseState = Literal["OPEN", "WITH_BANK", "SETTLED", "GONE"]


def _digits_only(value: object) -> object:
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        raise PydanticCustomError("digits_only", "digits only")
    return value


Whole = Annotated[int, BeforeValidator(_digits_only)]


class FieldFault(Schema):
    """One thing wrong with one field or parameter."""

    name: str
    message: str


class Problem(Schema):
    """Why there is no answer: `code` for programs, `message` and `fields` in Indonesian for people."""

    code: str
    message: str
    fields: list[FieldFault]


class RoleTold(Schema):
    """A role the key acts with today."""

    role: str
    title: str
    region_code: str = Field(description="Digits of the home ministry's code; empty for the nation.")
    channel: str = Field(description="Empty for auditors, who see every channel.")


class KeyTold(Schema):
    """The key that was shown."""

    prefix: str
    name: str
    person: str
    valid_until: date = Field(description="The first day without it.")
    roles: list[RoleTold]

    @classmethod
    def of(cls, key: ApiKey, grants: tuple[Held, ...]) -> Self:
        """From the key and what its person holds today."""
        roles = [
            RoleTold(role=held.role, title=held.title, region_code=held.region_code, channel=held.channel)
            for held in grants
        ]
        return cls(prefix=key.prefix, name=key.name, person=key.person.name, valid_until=key.valid_until, roles=roles)


class CycleTold(Schema):
    """A stage in which your channel was ordered to pay.

    Payments and total are those of your territory and channel, without what was sent again.
    """

    id: UUID
    year: int
    stage: int
    months: int
    region_code: str
    state: str
    channels: list[str]
    payments: int
    total_rupiah: int
    takes_result_files: bool = Field(description="After closing they are booked in the next stage that is open.")

    @classmethod
    def of(cls, cycle: Cycle, ordered: Ordered) -> Self:
        """From a cycle and what was ordered in it."""
        return cls(
            id=cycle.pk, year=cycle.year, stage=cycle.stage, months=cycle.months, region_code=cycle.region_code,
            state=cycle.state, channels=ordered.channels, payments=ordered.payments, total_rupiah=ordered.rupiah,
            takes_result_files=cycle.state in (*RECEIVES, Cycle.State.CLOSED),
        )  # fmt: skip


class CyclePage(Schema):
    """Newest first."""

    items: list[CycleTold]
    next_cursor: str | None


class InstructionTold(Schema):
    """An order to pay: one encrypted file for a channel. Its password reaches you by another way."""

    id: UUID
    cycle_id: UUID
    channel: str
    round: int = Field(description="0: the stage's own; from 1 on, supplementary orders.")
    region_code: str
    name: str
    rows: int
    total_rupiah: int
    list_sha256: str = Field(description="Of the list inside, as its kendali.csv states it.")
    sha256: str = Field(description="Of the encrypted file as it is downloaded.")
    made_at: datetime
    execute_on: date | None
    downloads: int = Field(description="How often it was fetched; from the second time on it is named a copy.")
    downloaded_at: datetime | None
    confirmation: Word = Field(description="By the digest you told last of the file as it is now.")

    @classmethod
    def of(cls, made: Instruction, told: Confirmation | None) -> Self:
        """From an instruction, and what was told last of it."""
        return cls(
            id=made.pk, cycle_id=made.cycle_id, channel=made.channel, round=made.round, region_code=made.region_code,
            name=made.name, rows=made.rows, total_rupiah=made.total_rupiah, list_sha256=made.list_sha256,
            sha256=made.sha256, made_at=made.made_at, execute_on=made.execute_on, downloads=made.downloads,
            downloaded_at=made.downloaded_at, confirmation=shelf_of(told),
        )  # fmt: skip


class Copy(Schema):
    """What you hold."""

    sha256: str = Field(
        pattern="^[0-9a-fA-F]{64}$",
        description="SHA-256 computed from the encrypted file on your own machine: neither the one given here nor one "
        "written inside the file.",
    )  # fmt: skip


class ConfirmationTold(Schema):
    """Written down either way."""

    instruction_id: UUID
    sha256: str = Field(description="As you told it.")
    matches: bool = Field(description="False: you hold another file than was made. Do not pay by it; call the office.")
    at: datetime

    @classmethod
    def of(cls, told: Confirmation) -> Self:
        """From what was kept."""
        return cls(instruction_id=told.instruction_id, sha256=told.told_sha256, matches=told.matches, at=told.at)


class InstructionPage(Schema):
    """By channel and round."""

    items: list[InstructionTold]
    next_cursor: str | None


class Totals(Schema):
    """What a file is about, and its totals by your own count: nothing else may be sent beside the file."""

    channel: Channel
    region_code: str = Field(
        pattern=r"^([1-9][0-9]([0-9]{2})?)?$", max_length=4,
        description="The smallest region that holds all payments in the file; empty for the nation.",
    )  # fmt: skip
    rows: Whole = Field(ge=0, le=ROWS_MAX, description="Rows without header and total.")
    rupiah: Whole = Field(ge=0, le=RUPIAH_MAX, description="Sum of the column of money, whatever the event.")


class Sent(Schema):
    """The file is kept; its receipt says what becomes of it."""

    id: UUID
    receipt: str = Field(description="Address of the receipt.")
    sha256: str
    size_bytes: int
    sent_at: datetime

    @classmethod
    def of(cls, file: ResultFile, receipt: str) -> Self:
        """From what of a file never changes: the same request has the same answer."""
        return cls(id=file.pk, receipt=receipt, sha256=file.sha256, size_bytes=file.size_bytes, sent_at=file.sent_at)


class FileFault(Schema):
    """One thing wrong with a file."""

    row: int | None
    column: str
    message: str


class ReceiptTold(Schema):
    """What became of a file: taken whole or refused whole."""

    id: UUID
    cycle_id: UUID
    about_cycle_id: UUID | None = Field(description="The closed stage a late file is about; `cycle_id` books it.")
    name: str
    channel: str
    region_code: str
    sha256: str
    size_bytes: int
    state: FileState
    typed_rows: int
    typed_rupiah: int
    rows: int | None
    rupiah: int | None
    faults: list[FileFault]
    notes: list[str]
    sent_by: str
    sent_at: datetime
    withdrawn_at: datetime | None
    withdrawn_reason: str

    @classmethod
    def of(cls, file: ResultFile) -> Self:
        """From a result file."""
        faults = [FileFault(row=one["row"], column=one["column"], message=one["words"]) for one in file.faults]
        return cls(
            id=file.pk, cycle_id=file.cycle_id, about_cycle_id=file.about_cycle_id, name=mask_code(file.name),
            channel=file.channel,
            region_code=file.region_code, sha256=file.sha256, size_bytes=file.size_bytes,
            state=cast(FileState, file.state), typed_rows=file.typed_rows, typed_rupiah=file.typed_rupiah,
            rows=file.rows, rupiah=file.rupiah,
            faults=faults, notes=file.notes, sent_by=file.sent_by.name, sent_at=file.sent_at,
            withdrawn_at=file.withdrawn_at, withdrawn_reason=file.withdrawn_reason,
        )  # fmt: skip


class ReceiptPage(Schema):
    """Newest first."""

    items: list[ReceiptTold]
    next_cursor: str | None


class Narrowed(Schema):
    """Which differences; those under way unless a state is asked for."""

    kind: Kind | None = None
    state: CaseState | None = None


class DifferenceTold(Schema):
    """A payment that did not arrive as ordered, or a row of your file that fits no payment."""

    id: UUID
    kind: Kind
    state: CaseState
    channel: str
    region_code: str
    payment_id: str | None
    name: str | None
    nik_masked: str | None
    account_masked: str | None
    instructed_rupiah: int | None
    net_rupiah: int | None
    at_stake_rupiah: int
    file_id: UUID | None
    row: int | None
    reason_code: str
    detail: str

    @classmethod
    def of(cls, case: ExceptionCase, outcome: OutcomeInForce | None) -> Self:
        """From an exception, and the outcome of its payment where it is about one."""
        payment = case.payment if case.row is None else None
        return cls(
            id=case.pk, kind=cast(Kind, case.kind), state=cast(CaseState, case.state),
            channel=case.channel, region_code=case.region_code,
            payment_id=payment.pk if payment else None, name=payment.name if payment else None,
            nik_masked=HIDDEN + payment.nik_last4 if payment else None,
            account_masked=HIDDEN + payment.account_last3 if payment and payment.account_last3 else None,
            instructed_rupiah=payment.amount_rupiah if payment else None,
            net_rupiah=outcome.net_rupiah if outcome else None, at_stake_rupiah=case.at_stake_rupiah,
            file_id=case.file_id, row=case.row, reason_code=case.reason_code, detail=mask_text(case.detail),
        )  # fmt: skip


class DifferencePage(Schema):
    """Worst money first."""

    items: list[DifferenceTold]
    next_cursor: str | None

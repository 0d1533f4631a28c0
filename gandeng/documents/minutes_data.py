"""What minutes are made of: pure data, handed over by whoever reconciled. Amounts are whole rupiah."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from gandeng.core.cycle import Cycle
from gandeng.core.matching_tables import OUTCOMES
from gandeng.documents.figures import Figures, total
from gandeng.documents.masking import last_four, mask_text
from gandeng.documents.office import Office, load_office

Row = Mapping[str, object]


@dataclass(frozen=True)
class ChannelFigures:
    """One channel's figures in one district: one row of summary.csv."""

    channel: str
    figures: Figures


@dataclass(frozen=True)
class Difference:
    """A payment whose outcome is not PAID, named in the minutes. Of the NIK only the last four digits are kept."""

    payment_id: str
    name: str
    nik: str
    channel: str
    outcome: str
    amount: int
    net: int
    reason: str
    withdrawn: int = 0


@dataclass(frozen=True)
class DistrictMinutes:
    """One district: `63.71`, `Kota Banjarmasin`; `differences` are the first to name, largest money first."""

    code: str
    name: str
    channels: tuple[ChannelFigures, ...]
    differences: tuple[Difference, ...] = ()

    @property
    def figures(self) -> Figures:
        """The sum over its channels."""
        return total(channel.figures for channel in self.channels)


@dataclass(frozen=True)
class MovedMoney:
    """Money the figures alone do not explain, in ready words: sent again, or of a stage that was closed before.

    `district` is a code with dots; the rupiah of a correction may be negative.
    """

    district: str
    channel: str
    what: str
    rupiah: int


@dataclass(frozen=True)
class FileDigest:
    """A file that went in or came out. `rows` and `rupiah` are None where nobody counted them; `notes` in words."""

    name: str
    sha256: str
    rows: int | None = None
    rupiah: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class DispositionFigures:
    """Result rows of one disposition over the whole run, and their readable rupiah by what is told to have happened.

    A credit, its reversal and its withdrawal are one rupiah told of three times: nobody adds them up.
    """

    disposition: str
    rows: int = 0
    credited: int = 0
    reversed: int = 0
    withdrawn: int = 0
    other: int = 0
    """Of failures, which moved nothing, and of events that cannot be read."""

    @property
    def by_event(self) -> dict[str, int]:
        """Its amounts, in the order they are shown in."""
        return {name: getattr(self, name) for name in BY_EVENT}


@dataclass(frozen=True)
class Proof:
    """How a reader finds out whether the paper is genuine: its code, where to type it (also as a QR), the digest of
    what was signed, and who signed when, in words ready to print.
    """

    code: str
    address: str
    digest: str
    signed: tuple[str, ...] = ()
    certificate: str = ""
    """Whose electronic signature the file bears, with the serial number; empty where it bears none."""


@dataclass(frozen=True)
class MinutesData:
    """One run. What is written follows from the districts: one gives its minutes alone, several of one province add
    its recapitulation, several provinces the nation's as well. `as_of` is the day of the data and of the minutes.
    """

    stages: tuple[str, ...]
    as_of: date
    districts: tuple[DistrictMinutes, ...]
    province_names: Mapping[str, str]
    files_in: tuple[FileDigest, ...]
    files_out: tuple[FileDigest, ...]
    dispositions: tuple[DispositionFigures, ...] = ()
    moved: tuple[MovedMoney, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    """What calculated: `version`, `engine`, and `policy_digest` where known."""
    office: Office = field(default_factory=load_office)
    proof: Proof | None = None
    """Of minutes signed by login; None for those of the command line, which are signed by hand."""

    @property
    def cycles(self) -> tuple[Cycle, ...]:
        """The stages on the payment list, usually one, in order."""
        return tuple(sorted(Cycle.parse(stage) for stage in self.stages))


def districts_from_rows(
    summary: Iterable[Row], differences: Iterable[Row], *, names: Mapping[str, str]
) -> tuple[DistrictMinutes, ...]:
    """Districts in the order of their codes, from rows of summary.csv and rows of differences in the order to print.

    A row of differences has payment_id, district_code, name, nik, channel, outcome, amount, net, withdrawn and reason.
    A code without a name is printed as the code.
    """
    channels: dict[str, list[ChannelFigures]] = defaultdict(list)
    named: dict[str, list[Difference]] = defaultdict(list)
    for row in summary:
        channels[str(row["district_code"])].append(ChannelFigures(str(row["channel"]), _figures(row)))
    for row in differences:
        named[str(row["district_code"])].append(_difference(row))
    return tuple(
        DistrictMinutes(code, names.get(code, code), tuple(channels[code]), tuple(named[code]))
        for code in sorted(channels)
    )


_MOVED = {"CREDIT": "credited", "REVERSAL": "reversed", "WITHDRAWAL": "withdrawn"}

BY_EVENT = (*_MOVED.values(), "other")
"""The amounts of DispositionFigures."""


def dispositions_from_rows(told: Iterable[Row]) -> tuple[DispositionFigures, ...]:
    """Figures by disposition, from rows of disposition, event, rows and amount, however often each pair occurs."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for row in told:
        figures = sums[str(row["disposition"])]
        figures["rows"] += _whole(row["rows"])
        figures[_MOVED.get(str(row["event"]), "other")] += _whole(row["amount"])
    return tuple(DispositionFigures(disposition, **sums[disposition]) for disposition in sorted(sums))


def _figures(row: Row) -> Figures:
    return Figures(
        payments=_whole(row["payments"]),
        instructed=_whole(row["instructed"]),
        net=_whole(row["net"]),
        withdrawn=_whole(row["withdrawn"]),
        counts={outcome: _whole(row[f"{outcome.lower()}_count"]) for outcome in OUTCOMES},
        amounts={outcome: _whole(row[f"{outcome.lower()}_amount"]) for outcome in OUTCOMES},
    )


def _difference(row: Row) -> Difference:
    return Difference(
        payment_id=str(row["payment_id"]),
        name=str(row["name"]),
        nik=last_four(str(row["nik"])),
        channel=str(row["channel"]),
        outcome=str(row["outcome"]),
        amount=_whole(row["amount"]),
        net=_whole(row["net"]),
        reason=mask_text(str(row["reason"] or "")),
        withdrawn=_whole(row["withdrawn"]),
    )


def _whole(value: object) -> int:
    """A whole number from a typed table or from the text of a CSV."""
    return int(str(value))

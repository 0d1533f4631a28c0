"""One small province: two districts, two channels, every outcome; only synthetic people."""

from datetime import date

import pytest

from gandeng.core.matching_tables import OUTCOMES
from gandeng.documents.figures import Figures
from gandeng.documents.minutes_data import (
    ChannelFigures,
    Difference,
    DistrictMinutes,
    FileDigest,
    MinutesData,
    dispositions_from_rows,
)


def figures(*counts: int, each: int = 750_000, net: int = 0, withdrawn: int = 0) -> Figures:
    told = dict(zip(OUTCOMES, counts, strict=True))
    amounts = {outcome: count * each for outcome, count in told.items()}
    return Figures(sum(counts), sum(amounts.values()), net, withdrawn, told, amounts)


@pytest.fixture
def difference() -> Difference:
    return Difference("2024-2-F0001", "NORHASANAH", "••••0001", "BRI", "FAILED", 750_000, 0, "Nama berbeda")


@pytest.fixture
def data(difference: Difference) -> MinutesData:
    bri = ChannelFigures("BRI", figures(3, 0, 90, 1, 1, 1, 4, net=68_250_000, withdrawn=60_000_000))
    post = ChannelFigures("POS", figures(0, 0, 10, 0, 0, 0, 0, each=500_000, net=5_000_000, withdrawn=5_000_000))
    banjarmasin = DistrictMinutes("63.71", "Banjarmasin", (bri, post), (difference,))
    balangan = DistrictMinutes("63.11", "Balangan", (post,))
    return MinutesData(
        stages=("2024-2",),
        as_of=date(2024, 9, 19),
        districts=(balangan, banjarmasin),
        province_names={"63": "Kalimantan Selatan"},
        files_in=(
            FileDigest("payments.csv", "a" * 64, 110, 85_000_000),
            FileDigest("bri.csv", "b" * 64, 99, None, ("1 mutasi, Rp6.500, adalah biaya 12345678",)),
        ),
        files_out=(FileDigest("summary.csv", "c" * 64, 3),),
        dispositions=dispositions_from_rows(
            {"disposition": disposition, "event": event, "rows": rows, "amount": amount}
            for disposition, event, rows, amount in (
                ("ACCEPTED", "CREDIT", 90, 79_250_000),
                ("ACCEPTED", "REVERSAL", 1, 1_000_000),
                ("ACCEPTED", "WITHDRAWAL", 6, 70_000_000),
                ("ACCEPTED", "FAILURE", 1, 3_500_000),
                ("MALFORMED", "KREDIT", 1, 400_000),
                ("UNKNOWN", "CREDIT", 1, 750_000),
                ("UNKNOWN", "CREDIT", 1, 250_000),
            )
        ),
        versions={"version": "0.1.0", "engine": "duckdb"},
    )

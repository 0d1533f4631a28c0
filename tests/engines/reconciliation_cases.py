"""Small worlds for reconciliation: few identities, so that rows collide in every way the contract knows."""

from dataclasses import astuple, fields
from datetime import date

import pyarrow as pa
from hypothesis import strategies as st

from gandeng.core.matching_tables import PAYMENTS, RESULTS
from tests.engines.reconciliation_oracle import Payment, Row

NIKS = ["6371014501900001", "6371014501900002", "9171234567890127", "6371010101800003", "0637101450190000"]
ACCOUNTS = ["001234567890123", "001234567890124", "12345"]
CHANNELS = ["BRI", "BNI", "POS"]
DAYS = [date(2024, 5, 2), date(2024, 5, 17), date(2023, 12, 31), date(2026, 1, 1)]


@st.composite
def payments(draw):
    count = draw(st.integers(1, 6))
    made = []
    for number in range(count):
        channel = draw(st.sampled_from(CHANNELS))
        made.append(
            Payment(
                f"2024-2-F{number}",
                draw(st.sampled_from(["2024-2", "2024-2", "2024-3"])),
                f"F{number}",
                draw(st.sampled_from(NIKS)),
                "SITI",
                channel,
                "" if channel == "POS" else draw(st.sampled_from(ACCOUNTS)),
                draw(st.sampled_from(["63.71", "63.01", "13.71"])),
                draw(st.sampled_from([225_000, 450_000, 1])),
            )
        )
    return made


rows = st.lists(
    st.builds(
        Row,
        bank_reference=st.sampled_from(["", "", "R1", "R2"]),
        channel=st.sampled_from([*CHANNELS, "BCA"]),
        payment_id=st.sampled_from(["", "2024-2-F0", "2024-2-F1", "2024-2-F2", "2024-2-X"]),
        account_no=st.sampled_from(["", *ACCOUNTS, "999"]),
        nik=st.sampled_from(["", *NIKS, "637101450190000", "637101450190000１", "+637101450190000"]),
        name=st.just("SITI"),
        event=st.sampled_from(["CREDIT", "CREDIT", "FAILURE", "REVERSAL", "WITHDRAWAL", "CREDITS"]),
        amount=st.sampled_from([None, 225_000, 225_000, 450_000, 0, 1]),
        occurred_on=st.sampled_from([None, *DAYS]),
        reason=st.sampled_from(["", "F03", "F10"]),
        damage=st.sampled_from(["", "", "", "", "amount_unreadable"]),
    ),
    max_size=14,
)


def payments_table(made):
    columns = {name: [getattr(p, name) for p in made] for name in PAYMENTS.column_names() if name != "payment_no"}
    return pa.table({"payment_no": pa.array(range(len(made)), pa.int64()), **columns})


def results_table(made):
    names = [field.name for field in fields(Row)]
    columns = list(zip(*map(astuple, made), strict=True)) if made else [[] for _ in names]
    arrays = {
        name: pa.array(list(column), _TYPES.get(name, pa.string())) for name, column in zip(names, columns, strict=True)
    }
    numbers = pa.array(range(1, len(made) + 1), pa.int64())
    sources = pa.array(["bank.csv"] * len(made), pa.string())
    table = pa.table({"result_no": numbers, "source": sources, "row": numbers, **arrays})
    return table.select(RESULTS.column_names())


_TYPES = {"amount": pa.int64(), "occurred_on": pa.date32()}

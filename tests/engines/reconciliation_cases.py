"""Small worlds for reconciliation: few identities, so that rows collide in every way the contract knows."""

from dataclasses import astuple, fields, replace
from datetime import date

import pyarrow as pa
from hypothesis import strategies as st

from gandeng.core.matching_tables import PAYMENTS, RESULTS
from tests.engines.reconciliation_oracle import Payment, Row

NIKS = ["6371014501900001", "6371014501900002", "9171234567890127", "6371010101800003", "0637101450190000"]
ACCOUNTS = ["001234567890123", "001234567890124", "12345"]
CHANNELS = ["BRI", "BNI", "POS"]
DAYS = [
    date(2024, 5, 2), date(2024, 5, 17), date(2023, 12, 31), date(2026, 1, 1), date(2024, 3, 1), date(2025, 4, 5),
]  # fmt: skip
"""Within stage 2 and outside it; the last two are the first and the last that are within."""


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


SAID = {
    "bank_reference": ["", "", "R1", "R2"],
    "channel": [*CHANNELS, "BCA"],
    "payment_id": ["", "2024-2-F0", "2024-2-F1", "2024-2-F2", "2024-2-X"],
    "account_no": ["", *ACCOUNTS, "999"],
    "nik": ["", *NIKS, "637101450190000", "637101450190000１", "+637101450190000"],
    "name": ["SITI"],
    "event": ["CREDIT", "CREDIT", "FAILURE", "REVERSAL", "WITHDRAWAL", "CREDITS"],
    "amount": [None, 225_000, 225_000, 450_000, 0, 1],
    "occurred_on": [None, *DAYS],
    "reason": ["", "F03", "F10"],
    "damage": ["", "", "", "", "amount_unreadable"],
}
"""What a row can say, column by column."""

rows = st.lists(st.builds(Row, **{name: st.sampled_from(said) for name, said in SAID.items()}), max_size=14)


def world(number, chance):
    """Some payments and what is said of them, drawn by `chance`; nobody of another number has part in it.

    Most rows are true but for a column or two: that is where two rules meet.
    """
    listed = []
    for place in range(chance.randint(1, 4)):
        channel = chance.choice(CHANNELS)
        account = "" if channel == "POS" else chance.choice(ACCOUNTS)
        amount, nik = chance.choice([225_000, 450_000, 1]), chance.choice(NIKS)
        stage, district = chance.choice(["2024-2", "2024-2", "2024-3"]), chance.choice(["63.71", "13.71"])
        listed.append(Payment(f"2024-2-F{place}", stage, f"F{place}", nik, "SITI", channel, account, district, amount))
    told = []
    for _ in range(chance.randint(0, 7)):
        of = chance.choice(listed)
        true = Row(
            bank_reference=f"R{len(told)}",
            channel=of.channel,
            payment_id=chance.choice([of.payment_id, of.payment_id, "", "2024-2-X"]),
            account_no=chance.choice([of.account_no, of.account_no, ""]),
            nik=of.nik,
            name="",
            event=chance.choice(SAID["event"][:5]),
            amount=chance.choice([of.amount, of.amount, 225_000]),
            occurred_on=chance.choice(DAYS),
            reason="F03",
        )
        if told and chance.random() < 0.4:
            true = chance.choice(told)
        names = chance.sample(list(SAID), chance.choice([0, 1, 1, 2, 2, 3]))
        said = {name: chance.choice(SAID[name]) for name in names}
        if chance.random() < 0.03:
            said |= {"payment_id": "", "account_no": "", "nik": ""}
        told.append(replace(true, **said))
    return [_of_its_own(number, each) for each in listed], [_of_its_own(number, each) for each in told]


def _of_its_own(number, each):
    """The same payment or row with identities that no other number has; what was damaged stays so."""
    changed = {name: f"{number}-{text}" for name in ("payment_id", "account_no") if (text := getattr(each, name))}
    if getattr(each, "bank_reference", ""):
        changed["bank_reference"] = f"{number}-{each.bank_reference}"
    if each.nik:
        changed["nik"] = f"{each.nik[:-8]}{number:06d}{each.nik[-2:]}"
    return replace(each, **changed)


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

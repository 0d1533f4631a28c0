"""SQL (DuckDB) that picks what documents show from a run's tables: payments, results, outcomes, dispositions.

Columns are those of `core.matching`. Every text asks for an ordering that ends in a unique column, so the same run
always shows the same rows.
"""

from gandeng.documents.exception_sheets import DISPOSITION_KINDS, OUTCOME_KINDS

ROWS_MAX = 50_000
"""Rows of one kind that exceptions.xlsx lists; the rest is counted there and stands in the Parquet files."""

SUGGESTED_MAX = 10_000
"""UNKNOWN rows that suggestions are looked for, those of the largest amounts."""

SUGGESTED_AMONG_MAX = 200_000
"""Payments still open they are looked for among, those of the largest amounts."""

_AT_STAKE = "greatest(abs(o.net - o.amount), o.withdrawn - o.credited)"
"""Rupiah between what was instructed and what happened."""


def outcome_totals() -> str:
    """kind, count and amount at stake of every outcome but PAID."""
    return f"""select o.outcome as kind, count(*) as count, cast(sum({_AT_STAKE}) as bigint) as amount
        from outcomes o where o.outcome <> 'PAID' group by o.outcome order by kind"""


def outcome_rows(kind: str, rows_max: int = ROWS_MAX) -> str:
    """Payments of one outcome, largest amount at stake first."""
    _known(kind, OUTCOME_KINDS)
    return f"""select o.payment_id, o.district_code, o.channel, p.name, p.nik, o.amount as instructed,
        o.credited, o.reversed, o.withdrawn, o.net, o.at_stake, o.reason, o.first_on, o.last_on
        from (select o.*, {_AT_STAKE} as at_stake from outcomes o where o.outcome = '{kind}'
            order by at_stake desc, o.payment_id limit {rows_max:d}) o
        join payments p on p.payment_id = o.payment_id order by o.at_stake desc, o.payment_id"""


def disposition_rows(kind: str, rows_max: int = ROWS_MAX) -> str:
    """Result rows of one disposition, largest amount first, with what they said and the payment they matched."""
    _known(kind, DISPOSITION_KINDS)
    return f"""select d.source, d.row, d.event, r.channel, d.amount, r.occurred_on, r.name as reported_name, r.nik,
        r.account_no, coalesce(d.payment_id, nullif(r.payment_id, '')) as payment_id, p.name, p.district_code,
        d.matched_by, d.evidence, d.detail, r.reason, r.bank_reference
        from (select * from dispositions where disposition = '{kind}'
            order by amount desc nulls last, source, row limit {rows_max:d}) d
        join results r on r.source = d.source and r.row = d.row
        left join payments p on p.payment_id = d.payment_id
        order by d.amount desc nulls last, d.source, d.row"""


def unknown_rows(rows_max: int = SUGGESTED_MAX) -> str:
    """What `suggestions.suggest` asks of UNKNOWN rows, the first that `disposition_rows` lists."""
    return f"""select source, row, reported_name as name, nik, amount from ({disposition_rows("UNKNOWN", rows_max)})"""


def open_payments(rows_max: int = SUGGESTED_AMONG_MAX) -> str:
    """Payments still without their money, among which suggestions are looked for; largest first."""
    return f"""select o.payment_id, p.name, o.district_code, o.amount
        from (select * from outcomes where outcome not in ('PAID', 'OVERPAID')
            order by amount desc, payment_id limit {rows_max:d}) o
        join payments p on p.payment_id = o.payment_id order by o.payment_id"""


def named_differences(each: int) -> str:
    """The first `each` differences of every district, largest amount at stake first: rows for `districts_from_rows`."""
    return f"""select o.payment_id, o.district_code, p.name, p.nik, o.channel, o.outcome, o.amount, o.net, o.withdrawn,
            o.reason from (select o.*, {_AT_STAKE} as at_stake, row_number() over (partition by o.district_code
                order by {_AT_STAKE} desc, o.payment_id) as place
            from outcomes o where o.outcome <> 'PAID') o
        join payments p on p.payment_id = o.payment_id
        where o.place <= {each:d} order by o.district_code, o.place"""


def _known(kind: str, kinds: tuple[str, ...]) -> None:
    """Kinds enter SQL text, so only ours do."""
    if kind not in kinds:
        raise ValueError(kind)

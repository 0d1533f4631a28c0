"""Outcomes of payments, their summary, and the identities that hold before anything is published."""

from gandeng.core.calculation import Check, Step
from gandeng.core.matching_tables import OUTCOMES

_SUMS = {"credited": "CREDIT", "reversed": "REVERSAL", "withdrawn": "WITHDRAWAL"}
"""What is summed of a payment's rows, and of which event."""


def outcome_steps() -> tuple[Step, ...]:
    """From `placed` rows to `outcomes` and `summary`."""
    return (*_told(), *_outcomes(), _summary())


def _told() -> tuple[Step, ...]:
    """Accepted rows by payment: most are the only one of theirs and go as they are, the others are summed."""
    return (
        Step("accepted", "select * from placed where accepted"),
        Step("told_often", "select payment_no from accepted", repeated=True),
        Step(
            "told_once",
            f"""select a.payment_no, {_event_number("a")} as event_number, a.amount, a.occurred_on
                from accepted a left join told_often t on t.payment_no = a.payment_no where t.payment_no is null""",
        ),
        Step(
            "summed",
            f"""select a.payment_no, min(a.occurred_on) as first_on, max(a.occurred_on) as last_on, {
                ", ".join(
                    f"cast(sum(case when a.event = '{event}' then a.amount else 0 end) as bigint) as {name}"
                    for name, event in _SUMS.items()
                )
            } from accepted a join told_often t on t.payment_no = a.payment_no group by a.payment_no""",
        ),
        Step(
            "last_reasons",
            """select payment_no, reason from (select payment_no, reason, row_number() over (partition by payment_no
                order by occurred_on desc, reason desc, result_no) as place
                from accepted where event in ('FAILURE', 'REVERSAL')) latest
                where place = 1""",
        ),
        Step(
            "told",
            f"""select p.*, o.payment_no is not null or s.payment_no is not null as reported,
                coalesce(s.first_on, o.occurred_on) as first_on, coalesce(s.last_on, o.occurred_on) as last_on, {
                ", ".join(
                    f"coalesce(s.{name}, case when o.event_number = {number:d} then o.amount end, 0) as {name}"
                    for number, name in enumerate(_SUMS)
                )
            }, case when l.reason <> '' then l.reason end as reason
                from payments p left join told_once o on o.payment_no = p.payment_no
                left join summed s on s.payment_no = p.payment_no
                left join last_reasons l on l.payment_no = p.payment_no""",
        ),
    )


def _event_number(rows: str) -> str:
    """The place of a row's event in _SUMS, in one byte: what is carried beside ten million payments is small."""
    known = "".join(f" when {rows}.event = '{event}' then {place:d}" for place, event in enumerate(_SUMS.values()))
    return f"cast(case{known} end as tinyint)"


def _outcomes() -> tuple[Step, ...]:
    """Every payment beside what is told of it; the first outcome that holds, read from the top."""
    return (
        Step(
            "outcomes",
            f"""select p.payment_id, p.stage, p.family_id, p.channel, p.district_code, p.amount, o.outcome,
                p.credited, p.reversed, p.withdrawn, p.credited - p.reversed as net, p.reason, p.first_on, p.last_on
                from (select *, case when not reported then {_place("UNREPORTED")}
                        when credited < reversed or withdrawn > credited then {_place("INCONSISTENT")}
                        when credited - reversed = amount then {_place("PAID")}
                        when credited - reversed > amount then {_place("OVERPAID")}
                        when credited - reversed > 0 then {_place("UNDERPAID")}
                        when credited > 0 then {_place("RETURNED")} else {_place("FAILED")} end as place
                    from told) p
                left join outcome_names o on o.place = p.place""",
            stored=True,
        ),
    )


def _place(outcome: str) -> int:
    """An outcome by its place in the table: its name is joined last, as one text of few."""
    return OUTCOMES.index(outcome)


def _summary() -> Step:
    """One row per district and channel: count and instructed rupiah per outcome, in the order of OUTCOMES."""
    per_outcome = ", ".join(
        f"""cast(sum(case when outcome = '{name}' then 1 else 0 end) as bigint) as {name.lower()}_count,
            cast(sum(case when outcome = '{name}' then amount else 0 end) as bigint) as {name.lower()}_amount"""
        for name in OUTCOMES
    )
    return Step(
        "summary",
        f"""select district_code, channel, count(*) as payments, cast(sum(amount) as bigint) as instructed,
            cast(sum(net) as bigint) as net, cast(sum(withdrawn) as bigint) as withdrawn, {per_outcome}
            from outcomes group by district_code, channel""",
        stored=True,
    )


def checks() -> tuple[Check, ...]:
    """The identities of the contract, each as the rows that break it."""
    outcome_count = " + ".join(f"{name.lower()}_count" for name in OUTCOMES)
    outcome_amount = " + ".join(f"{name.lower()}_amount" for name in OUTCOMES)
    return (
        Check(
            "every stage of the list has its days",
            "select p.stage from payments p left join stages s on s.stage = p.stage where s.stage is null",
        ),
        Check(
            "payments in and rupiah instructed equal the outcomes'",
            """select * from (select count(*) as n, cast(coalesce(sum(amount), 0) as bigint) as rupiah from payments) p
                cross join (select cast(coalesce(sum(payments), 0) as bigint) as outcomes,
                    cast(coalesce(sum(instructed), 0) as bigint) as outcome_rupiah from summary) s
                where p.n <> s.outcomes or p.rupiah <> s.outcome_rupiah""",
        ),
        Check(
            "every district's outcomes add up to what was instructed there",
            f"select * from summary where payments <> {outcome_count} or instructed <> {outcome_amount}",
        ),
        Check(
            "result rows in and their rupiah per event equal the dispositions'",
            """select event from (select event, 1 as side, amount from results
                union all select event, -1 as side, amount from dispositions) both_sides
                group by event having sum(side) <> 0 or sum(side * coalesce(amount, 0)) <> 0""",
        ),
        Check(
            "net over payments equals accepted credits minus accepted reversals",
            """select * from (select cast(coalesce(sum(net), 0) as bigint) as net from summary) s
                cross join (select cast(coalesce(sum(case when event = 'CREDIT' then amount
                    when event = 'REVERSAL' then -amount end), 0) as bigint) as accepted
                    from dispositions where disposition = 'ACCEPTED') d
                where s.net <> d.accepted""",
        ),
        Check(
            "every row that is not plainly accepted says why",
            "select source, row from dispositions where disposition <> 'ACCEPTED' and coalesce(detail, '') = ''",
        ),
    )

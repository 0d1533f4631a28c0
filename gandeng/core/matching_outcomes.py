"""Outcomes of payments, their summary, and the identities that hold before anything is published."""

from gandeng.core.calculation import Check, Step
from gandeng.core.matching_tables import OUTCOMES


def outcome_steps() -> tuple[Step, ...]:
    """From `placed` rows to `outcomes` and `summary`."""
    return (*_outcomes(), _summary())


def _outcomes() -> tuple[Step, ...]:
    """Every payment beside the sum of its accepted rows; the first outcome that holds, read from the top."""
    return (
        Step(
            "last_reasons",
            """select payment_no, reason from (select payment_no, reason, row_number() over (partition by payment_no
                order by occurred_on desc, reason desc, result_no) as place
                from placed where accepted and event in ('FAILURE', 'REVERSAL')) latest
                where place = 1""",
        ),
        Step(
            "tallies",
            """select payment_no,
                cast(sum(case when event = 'CREDIT' then amount else 0 end) as bigint) as credited,
                cast(sum(case when event = 'REVERSAL' then amount else 0 end) as bigint) as reversed,
                cast(sum(case when event = 'WITHDRAWAL' then amount else 0 end) as bigint) as withdrawn,
                min(occurred_on) as first_on, max(occurred_on) as last_on
                from placed where accepted group by payment_no""",
        ),
        Step(
            "outcomes",
            f"""select p.payment_id, p.stage, p.family_id, p.channel, p.district_code, p.amount, o.outcome,
                p.credited, p.reversed, p.withdrawn, p.net, p.reason, p.first_on, p.last_on
                from (select p.payment_id, p.stage, p.family_id, p.channel, p.district_code, p.amount,
                    case when t.payment_no is null then {_place("UNREPORTED")}
                        when t.credited < t.reversed or t.withdrawn > t.credited then {_place("INCONSISTENT")}
                        when t.credited - t.reversed = p.amount then {_place("PAID")}
                        when t.credited - t.reversed > p.amount then {_place("OVERPAID")}
                        when t.credited - t.reversed > 0 then {_place("UNDERPAID")}
                        when t.credited > 0 then {_place("RETURNED")} else {_place("FAILED")} end as place,
                    coalesce(t.credited, 0) as credited, coalesce(t.reversed, 0) as reversed,
                    coalesce(t.withdrawn, 0) as withdrawn, coalesce(t.credited - t.reversed, 0) as net,
                    case when l.reason <> '' then l.reason end as reason, t.first_on, t.last_on
                    from payments p left join tallies t on t.payment_no = p.payment_no
                    left join last_reasons l on l.payment_no = p.payment_no) p
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

"""What must hold of an entitlement before it is published: each query gives the rows that break it."""

from gandeng.core.benefit_policy import BenefitPolicy
from gandeng.core.calculation import Check

AMOUNT_MAX = 999_999_999
"""Largest amount of one payment line."""


_STRAY = """select i.n as members_in, o.n as members_of_families
    from (select count(*) as n from members) i cross join
    (select cast(coalesce(sum(members), 0) as bigint) as n from entitlements) o where i.n <> o.n"""


def checks(policy: BenefitPolicy, *, ids_proved_unique: bool) -> tuple[Check, ...]:
    """All checks; those on repeated ids only where nobody has proved them before."""
    unique = () if ids_proved_unique else _unique()
    return (*unique, *_whole(), *_lines(policy), *_sums())


def _unique() -> tuple[Check, ...]:
    return (
        Check("no member is listed twice", "select member_id from members group by member_id having count(*) > 1"),
        Check("no family is listed twice", "select family_id from families group by family_id having count(*) > 1"),
    )


def _whole() -> tuple[Check, ...]:
    """Nobody drops out and nobody comes twice."""
    return (
        Check("every member belongs to one family in the list", _STRAY),
        Check(
            "members in = members told of",
            """select i.n as members_in, o.n as members_told
                from (select count(*) as n from members) i cross join
                (select cast(coalesce(sum(members), 0) as bigint) as n
                from sums_told where why <> 'NOT_THE_BEST') o where i.n <> o.n""",
        ),
        Check(
            "families in = entitlements out",
            """select i.n as families_in, o.n as entitlements_out
                from (select count(*) as n from families) i cross join (select count(*) as n from entitlements) o
                where i.n <> o.n""",
        ),
        Check(
            "a commitment not met names a member in the list",
            "select member_id, commitment from members_not_met where family_id is null",
        ),
        Check(
            "a member's commitment has no two verdicts",
            """select member_id, commitment from verdicts group by member_id, commitment
                having min(verdict) <> max(verdict)""",
        ),
    )


def _sums() -> tuple[Check, ...]:
    return (
        Check(
            "counted components + fixed parts = entitlements",
            """select c.total as components, e.fixed as fixed_parts, e.total as entitlements
                from (select cast(coalesce(sum(rupiah), 0) as bigint) as total from sums_told where counted) c
                cross join (select cast(coalesce(sum(amount), 0) as bigint) as total,
                cast(coalesce(sum(fixed_amount), 0) as bigint) as fixed from entitlements) e
                where c.total + e.fixed <> e.total""",
        ),
        Check(
            "members counted = components counted",
            """select c.n as components, e.n as members_counted
                from (select cast(coalesce(sum(members), 0) as bigint) as n from sums_told where counted) c cross join
                (select cast(coalesce(sum(members_counted), 0) as bigint) as n from entitlements) e where c.n <> e.n""",
        ),
        Check(
            "entitlements = payments, in families and in rupiah",
            """select e.n as families_due, e.total as due, p.n as payments, p.total as paid
                from (select count(*) as n, cast(coalesce(sum(amount), 0) as bigint) as total
                from entitlements where amount > 0) e cross join
                (select count(*) as n, cast(coalesce(sum(amount), 0) as bigint) as total from payments) p
                where e.n <> p.n or e.total <> p.total""",
        ),
    )


def _lines(policy: BenefitPolicy) -> tuple[Check, ...]:
    return (
        Check(
            f"no family has more than {policy.members_max:d} counted members",
            f"select family_id, members_counted from entitlements where members_counted > {policy.members_max:d}",
        ),
        Check(
            "a family that is due money has a collector among its members, with a NIK of 16 digits",
            """select e.n as families_due, p.n as collectors
                from (select count(*) as n from entitlements where amount > 0) e cross join
                (select count(*) as n from payments where length(nik) = 16) p where e.n <> p.n""",
        ),
        Check(
            "every amount fits a payment line",
            f"select family_id, amount from entitlements where amount < 0 or amount > {AMOUNT_MAX:d}",
        ),
    )

"""Tables the entitlement calculation reads and gives; columns and meaning as in the entitlement contract."""

from collections.abc import Iterator
from itertools import combinations

from gandeng.core.benefit_policy import ONE_SCHOOL_LEVEL, WELFARE, BenefitPolicy, ComponentRule
from gandeng.core.tables import Column, Table, Type, columns

FAMILIES = Table(
    "families",
    "one row per family",
    columns(Type.TEXT, "family_id", "collector_member_id", "village_code", "status", "channel", "account_no"),
)
MEMBERS = Table(
    "members",
    "one row per member",
    (
        *columns(Type.TEXT, "family_id", "member_id", "nik", "name"),
        Column("birth_date", Type.DATE),
        *columns(Type.TEXT, "sex", "school_level"),
        Column("pregnancy_no", Type.BIGINT, nullable=True),
        *columns(Type.BOOLEAN, "severe_disability", "rights_victim"),
        Column("deceased_on", Type.DATE, nullable=True),
    ),
)
VERDICTS = Table(
    "verdicts", "one row per member and commitment verified", columns(Type.TEXT, "member_id", "commitment", "verdict")
)
CANDIDATE_SETS = Table(
    "candidate_sets",
    "one row per set of candidates, or set whose best a limit has cut, and candidate in it; one per reason for none",
    (
        Column("candidates", Type.BIGINT),
        Column("component_no", Type.BIGINT, nullable=True),
        Column("component", Type.TEXT, nullable=True),
        Column("rate", Type.BIGINT, nullable=True),
        Column("amount", Type.BIGINT),
        Column("counted", Type.BOOLEAN),
        Column("decides", Type.BOOLEAN),
        Column("welfare", Type.BOOLEAN),
        Column("why", Type.TEXT),
    ),
)
TERMS = Table(
    "terms",
    "one row: the cycle",
    (
        Column("cycle", Type.TEXT),
        Column("months", Type.BIGINT),
        *columns(Type.TEXT, "policy_digest", "recommendation", "figure"),
    ),
)
COMPONENTS = Table(
    "components",
    "one row per member and candidate, or per member with the reason for none",
    (
        *columns(Type.TEXT, "family_id", "member_id"),
        Column("component", Type.TEXT, nullable=True),
        Column("rate", Type.BIGINT, nullable=True),
        Column("amount", Type.BIGINT),
        Column("counted", Type.BOOLEAN),
        Column("why", Type.TEXT),
    ),
)
ENTITLEMENTS = Table(
    "entitlements",
    "one row per family",
    (
        *columns(Type.TEXT, "family_id", "cycle"),
        *columns(Type.BIGINT, "months", "members_counted", "amount"),
        Column("policy_digest", Type.TEXT),
        *columns(Type.BIGINT, "fixed_amount", "members"),
    ),
)
PAYMENTS = Table(
    "payments",
    "one row per family with an amount",
    (
        *columns(
            Type.TEXT,
            "payment_id",
            "stage",
            "family_id",
            "nik",
            "name",
            "channel",
            "account_no",
            "district_code",
        ),
        Column("amount", Type.BIGINT),
        Column("collector_deceased", Type.BOOLEAN),
    ),
)
RECOMMENDATIONS = Table(
    "recommendations",
    "one row per member and commitment not met, for a supervisor to decide on",
    columns(Type.TEXT, "family_id", "member_id", "commitment", "verdict", "recommendation", "figure"),
)

DECEASED = -1
"""What `candidates` holds for a member who died on or before the reference day."""

NOT_ACTIVE = -2
"""What `candidates` becomes for a member of a family that is not ACTIVE."""

OVER_COMPONENT_LIMIT, OVER_FAMILY_LIMIT = "OVER_COMPONENT_LIMIT", "OVER_FAMILY_LIMIT"


def by_rate(policy: BenefitPolicy) -> list[ComponentRule]:
    """The rules, highest rate first, ties in the order of the table (docs/algorithms/entitlement.md, 4)."""
    return sorted(policy.rules, key=lambda rule: -rule.rate)


def candidate_sets(policy: BenefitPolicy) -> tuple[tuple[object, ...], ...]:
    """CANDIDATE_SETS: a set is a sum of `bit`s; in each one candidate decides, the others are NOT_THE_BEST.

    A set moved up by a key of `moved_up` is the same with its best candidate cut by that limit. In the years of one
    flat amount no component has an amount of its own: all rates are 0 and the order of the table decides.
    """
    rows = [_nothing(DECEASED, "DECEASED"), _nothing(NOT_ACTIVE, "FAMILY_NOT_ACTIVE"), _nothing(0, "NO_COMPONENT")]
    ranked = by_rate(policy)
    for best, *others in _sets(ranked):
        key = bit(policy, best) + sum(bit(policy, rule) for rule in others)
        for why, up in {"COUNTED": 0, **moved_up(policy)}.items():
            rows.append(_candidate(policy, key + up, best, why))
            rows.extend(_candidate(policy, key + up, rule, "NOT_THE_BEST") for rule in others)
    return tuple(rows)


def _sets(ranked: list[ComponentRule]) -> Iterator[tuple[ComponentRule, ...]]:
    """Every set of candidates one member can have, highest rate first within each."""
    for size in range(1, len(ranked) + 1):
        for chosen in combinations(ranked, size):
            if sum(rule.component in ONE_SCHOOL_LEVEL for rule in chosen) <= 1:
                yield chosen


def moved_up(policy: BenefitPolicy) -> dict[str, int]:
    """Added to the set of a member whose best candidate a limit has cut, by the reason."""
    return {OVER_COMPONENT_LIMIT: 1 << len(policy.rules), OVER_FAMILY_LIMIT: 2 << len(policy.rules)}


def component_no(policy: BenefitPolicy, rule: ComponentRule) -> int:
    """Place in the table of components, from 1."""
    return policy.rules.index(rule) + 1


def bit(policy: BenefitPolicy, rule: ComponentRule) -> int:
    """The power of two that stands for a component within `candidates`."""
    return 1 << policy.rules.index(rule)


def _nothing(key: int, why: str) -> tuple[object, ...]:
    return key, None, None, None, 0, False, True, False, why


def _candidate(policy: BenefitPolicy, key: int, rule: ComponentRule, why: str) -> tuple[object, ...]:
    counted = why == "COUNTED"
    amount = rule.amount if counted else 0
    welfare = counted and rule.component in WELFARE
    return key, component_no(policy, rule), rule.component.value, rule.rate, amount, counted, counted, welfare, why


def terms(policy: BenefitPolicy) -> tuple[tuple[object, ...], ...]:
    """TERMS of the policy."""
    recommendation = policy.recommendation or ""
    return ((policy.cycle.key, policy.months, policy.digest, recommendation, policy.recommendation_figure),)

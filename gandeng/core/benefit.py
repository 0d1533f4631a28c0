"""Amount due to each family for one cycle, and why, as SQL steps for DuckDB and Spark.

The amount explained on a family's page is this run on tables of one family. Most families meet no limit, so members
are ranked only in the few that do (`crowded`); everyone else is one aggregate. docs/algorithms/entitlement.md has the
rules by number, with a worked table.
"""

from gandeng.core.benefit_checks import checks
from gandeng.core.benefit_conditions import condition, sql_day
from gandeng.core.benefit_policy import BenefitPolicy, Shape
from gandeng.core.benefit_tables import (
    CANDIDATE_SETS,
    COMPONENTS,
    DECEASED,
    ENTITLEMENTS,
    FAMILIES,
    MEMBERS,
    NOT_ACTIVE,
    OVER_COMPONENT_LIMIT,
    OVER_FAMILY_LIMIT,
    PAYMENTS,
    RECOMMENDATIONS,
    TERMS,
    VERDICTS,
    bit,
    candidate_sets,
    component_no,
    moved_up,
    terms,
)
from gandeng.core.calculation import Calculation, Step


def benefit(policy: BenefitPolicy, *, ids_proved_unique: bool = False) -> Calculation:
    """What each family is due in the policy's cycle.

    Reads   families, members, verdicts: canonical tables, verdicts may be empty
    Gives   components, entitlements, payments, recommendations
    Fails   a check of `benefit_checks`; `ids_proved_unique` where the intake has proved that no member_id repeats
    Source  the figures `policy` was made of, each with its own
    """
    return Calculation(
        name="benefit",
        reads=(FAMILIES, MEMBERS, VERDICTS, CANDIDATE_SETS, TERMS),
        steps=(
            *_members(policy),
            *_limits(policy),
            *_families(policy),
            *_members_told(),
            *_money(policy),
            *_sanctions(),
        ),
        checks=checks(policy, ids_proved_unique=ids_proved_unique),
        gives=(COMPONENTS, ENTITLEMENTS, PAYMENTS, RECOMMENDATIONS),
        parameters={CANDIDATE_SETS.name: candidate_sets(policy), TERMS.name: terms(policy)},
    )


def _members(policy: BenefitPolicy) -> tuple[Step, ...]:
    """Each member's candidates, the one that decides, and per family how many and how much (rules 2 to 4)."""
    limited = "".join(
        f", count(case when component_no = {number:d} then 1 end) as component_{number:d}"
        for number in _most_by_number(policy)
    )
    return (
        Step("candidates", _candidates(policy, "members")),
        Step(
            "deciding",
            """select c.family_id, s.component_no, s.amount, s.welfare
                from candidates c join candidate_sets s on s.candidates = c.candidates where s.decides""",
        ),
        Step(
            "counts",
            f"""select family_id, count(*) as people, count(component_no) as able,
                {_welfare(policy)} as welfare, cast(sum(amount) as bigint) as amount{limited}
                from deciding group by family_id""",
            stored=True,
        ),
    )


def _candidates(policy: BenefitPolicy, members: str) -> str:
    """SQL: one row per row of `members`, with all components the member qualifies for as one sum of `bit`s.

    Who has died is told apart afterwards: inside one `case` the engine would work on pieces of every column.
    """
    sets = " + ".join(
        f"case when {condition(policy, rule.component)} then {bit(policy, rule):d} else 0 end" for rule in policy.rules
    )
    return f"""select family_id, member_id,
                case when deceased_on <= {sql_day(policy.reference_day)} then {DECEASED:d} else alive end as candidates
                from (select family_id, member_id, deceased_on, {sets} as alive from {members}) qualified"""


def _limits(policy: BenefitPolicy) -> tuple[Step, ...]:
    """Who stays in the families that meet a limit (rules 5 and 6)."""
    most = _most_by_number(policy)
    crowded = " or ".join(
        [f"able > {policy.members_max:d}", *(f"component_{number:d} > {limit:d}" for number, limit in most.items())]
    )
    beyond = " or ".join(
        f"(component_no = {number:d} and place_in_component > {limit:d})" for number, limit in most.items()
    )
    up = moved_up(policy)
    return (
        Step("crowded", f"select family_id from counts where {crowded}", stored=True),
        Step("crowded_members", "select m.* from members m join crowded w on w.family_id = m.family_id"),
        Step("crowded_candidates", _candidates(policy, "crowded_members")),
        Step(
            "queued",
            """select c.family_id, c.member_id, c.candidates, s.component_no, s.amount,
                row_number() over (partition by c.family_id, s.component_no order by c.member_id) as place_in_component
                from crowded_candidates c join candidate_sets s on s.candidates = c.candidates and s.decides""",
        ),
        Step(
            "within",
            f"""select *, case when component_no is null then 'NONE' when {beyond or "1 = 0"} then 'BEYOND'
                else 'WITHIN' end as standing from queued""",
        ),
        Step(
            "ranked",
            """select *, row_number() over (partition by family_id, standing
                order by amount desc, member_id) as place_in_family from within""",
        ),
        Step(
            "settled",
            f"""select family_id, member_id, case when standing = 'NONE' then candidates
                when standing = 'BEYOND' then candidates + {up[OVER_COMPONENT_LIMIT]:d}
                when place_in_family > {policy.members_max:d} then candidates + {up[OVER_FAMILY_LIMIT]:d}
                else candidates end as candidates from ranked""",
            stored=True,
        ),
        Step(
            "settled_counts",
            f"""select t.family_id, count(s.component_no) as able, {_welfare(policy)} as welfare,
                cast(sum(s.amount) as bigint) as amount
                from settled t join candidate_sets s on s.candidates = t.candidates where s.decides
                group by t.family_id""",
        ),
    )


def _families(policy: BenefitPolicy) -> tuple[Step, ...]:
    """What each family is due, amount 0 where nothing is; also a family nobody belongs to."""
    return (
        Step(
            "standing",
            """select f.family_id, coalesce(c.people, 0) as members,
                case when f.status = 'ACTIVE' then coalesce(k.able, c.able, 0) else 0 end as members_counted,
                case when f.status = 'ACTIVE' then coalesce(k.welfare, c.welfare, 0) else 0 end as welfare,
                case when f.status = 'ACTIVE' then coalesce(k.amount, c.amount, 0) else 0 end as component_amount
                from families f left join counts c on c.family_id = f.family_id
                left join settled_counts k on k.family_id = f.family_id""",
        ),
        Step("due", f"select *, cast({_fixed(policy)} as bigint) as fixed_amount from standing"),
        Step(
            "entitlements",
            """select d.family_id, t.cycle, t.months, d.members_counted,
                d.component_amount + d.fixed_amount as amount, t.policy_digest, d.fixed_amount, d.members
                from due d cross join terms t""",
            stored=True,
        ),
    )


def _welfare(policy: BenefitPolicy) -> str:
    """SQL: how many are elderly or severely disabled; asked only in years where a flat amount depends on it."""
    return "count(case when welfare then 1 end)" if policy.shape is Shape.FLAT else "cast(0 as bigint)"


def _fixed(policy: BenefitPolicy) -> str:
    """SQL: the part of a family's amount that no component brings."""
    if policy.shape is Shape.FLAT and policy.flat is not None:
        return f"""case when members_counted = 0 then 0
            when welfare = members_counted then {policy.flat.welfare:d} else {policy.flat.regular:d} end"""
    return f"case when members_counted = 0 then 0 else {policy.fixed:d} end"


def _members_told() -> tuple[Step, ...]:
    """Every member's row, one more for each candidate that is not the best, and their sums by component and reason."""
    return (
        Step(
            "special",
            """select f.family_id, f.status = 'ACTIVE' as active from families f
                left join crowded w on w.family_id = f.family_id
                where f.status <> 'ACTIVE' or w.family_id is not null""",
            stored=True,
        ),
        Step(
            "told",
            f"""select c.family_id, c.member_id,
                case when x.family_id is null then c.candidates else {NOT_ACTIVE:d} end as candidates
                from candidates c left join special x on x.family_id = c.family_id
                where x.family_id is null or not x.active
                union all
                select t.family_id, t.member_id, t.candidates
                from settled t join special x on x.family_id = t.family_id where x.active""",
        ),
        Step(
            "components",
            """select t.family_id, t.member_id, s.component, s.rate, s.amount, s.counted, s.why
                from told t join candidate_sets s on s.candidates = t.candidates""",
            stored=True,
        ),
        Step(
            "sums_told",
            """select component, why, counted, count(*) as members, cast(sum(amount) as bigint) as rupiah
                from components group by component, why, counted""",
            stored=True,
        ),
    )


def _money(policy: BenefitPolicy) -> tuple[Step, ...]:
    """The payment list: the amount goes to the collector, who must be a member of the family.

    A collector of another family has no NIK here, which a check finds: a join on one id is cheaper than on two. One
    who had died is paid by the contract and told to the officer (docs/threats.md, "the dead still paid").
    """
    return (
        Step(
            "paid",
            """select f.family_id, f.collector_member_id, substr(f.village_code, 1, 5) as district_code, f.channel,
                f.account_no, e.amount
                from families f join entitlements e on e.family_id = f.family_id where e.amount > 0""",
        ),
        Step(
            "payments",
            f"""select t.cycle || '-' || p.family_id as payment_id, t.cycle as stage, p.family_id,
                case when m.family_id = p.family_id then m.nik else '' end as nik, m.name, p.channel, p.account_no,
                p.district_code, p.amount,
                coalesce(m.deceased_on <= {sql_day(policy.reference_day)}, false) as collector_deceased
                from paid p join members m on m.member_id = p.collector_member_id cross join terms t""",
            stored=True,
        ),
    )


def _sanctions() -> tuple[Step, ...]:
    """Recommendations alone: no verdict changes an amount (rule 8)."""
    return (
        Step(
            "not_met",
            """select v.member_id, v.commitment, v.verdict from verdicts v
                where v.verdict = 'NOT_MET' group by v.member_id, v.commitment, v.verdict""",
        ),
        Step(
            "members_not_met",
            """select n.member_id, n.commitment, n.verdict, c.family_id, c.candidates
                from not_met n left join candidates c on c.member_id = n.member_id""",
            stored=True,
        ),
        Step(
            "recommendations",
            f"""select n.family_id, n.member_id, n.commitment, n.verdict, t.recommendation, t.figure
                from members_not_met n cross join terms t join families f on f.family_id = n.family_id
                where f.status = 'ACTIVE' and n.candidates <> {DECEASED:d} and t.recommendation <> ''""",
            stored=True,
        ),
    )


def _most_by_number(policy: BenefitPolicy) -> dict[int, int]:
    """Place in the table of each component with a most-per-family, and that most."""
    return {component_no(policy, rule): rule.most for rule in policy.rules if rule.most is not None}

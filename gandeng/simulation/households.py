"""Households by set: a few SQL steps that make the families and members of a run of villages.

Every share below is an assumption, chosen so that sizes and amounts come out near the published ones
(docs/simulation.md); none is a statistic. Ages are made backwards: the youngest child's age, then the siblings', then
the mother's, then the grandparent's, so that they always fit together.
"""

from datetime import date

from gandeng.core.calculation import Step
from gandeng.simulation.chance import Chance
from gandeng.simulation.names import BORN_OLD_BEFORE, LIST_SPAN, LISTS

CHILD_GAP_DAYS = 1080
"""Between the middles of two births; each moves by up to CHILD_JITTER_DAYS, so siblings are 2 to 4 years apart."""

CHILD_JITTER_DAYS = 180
MEMBERS_MAX = 16
"""Room for members in the numbering of persons: person = family x 16 + number in the family."""

SCHOOL_YEAR_MONTH = 7
OLD_CODES_UNTIL = "2022-07-01"
"""Births before this day, in places whose code changed with Papua's split, carry the old code. An assumed day."""


def family_steps(chance: Chance, as_of: date) -> list[Step]:
    """`families_made`: the shape and the money side of each family of `villages_here`."""
    return [
        Step("family_rows", _FAMILY_ROWS),
        Step("shapes", _shapes(chance)),
        Step("families_made", _births(chance, as_of), stored=True),
    ]


def member_steps(chance: Chance, as_of: date) -> list[Step]:
    """`members_made` from `families_made`, `origins`, `names` and `name_lists`."""
    return [
        Step("roles", _ROLES),
        Step("people", _people(chance, as_of)),
        Step("lives", _lives(as_of)),
        Step("numbered", _NUMBERED),
        Step("members_made", _MEMBERS, stored=True),
    ]


_FAMILY_ROWS = """
    select v.village_code, v.sub_district_no, v.province, v.pool, v.bank, v.remote,
        v.first_family + i as family, v.number_in_province + i as number
    from villages_here v, unnest(range(v.families)) as u(i)"""


def _shapes(chance: Chance) -> str:
    """Who is in the household, and through whom it is paid."""
    d = chance.draws("family")
    kinds = [("'OLD'", 0.07), ("'WITHOUT_CHILDREN'", 0.025)]
    counts = [("1", 0.41), ("2", 0.365), ("3", 0.165), ("4", 0.05)]
    others = [("'BRI'", 0.045), ("'BNI'", 0.03), ("'MANDIRI'", 0.025), ("'BTN'", 0.01), ("'BSI'", 0.02)]
    statuses = [("'SUSPENDED'", 0.010), ("'GRADUATED'", 0.008), ("'ENDED'", 0.006)]
    body = f"""
        select family, 'K' || province || lpad(number::text, 7, '0') as family_id, village_code, sub_district_no, pool,
            {d.choose("household", kinds, "'WITH_CHILDREN'")} as household,
            case when household = 'WITH_CHILDREN' then {d.choose("children", counts, "5")} else 0 end as children,
            household = 'WITH_CHILDREN' and {d.happens("one parent", 0.27)} as one_parent,
            case when household = 'OLD' then not {d.happens("old woman", 0.72)}
                else {d.happens("man collects", 0.04)} end as man_collects,
            case when household = 'OLD' then {d.happens("old couple", 0.35)} else not one_parent end as couple,
            household <> 'OLD' and {d.happens("grandparent", 0.11)}
                or household = 'WITHOUT_CHILDREN' and {d.happens("childless with parent", 0.6)} as with_grandparent,
            {d.choose("status", statuses, "'ACTIVE'")} as status,
            case when {d.draw("post")} < (case when remote then {_share(0.85)} else {_share(0.015)} end) then 'POS'
                else {d.choose("bank", others, "bank")} end as channel
        from drawn"""
    return d.over("family_rows", body)


def _share(share: float) -> int:
    return round(share * (1 << 32))


def _births(chance: Chance, as_of: date) -> str:
    """How many days old the youngest child and the mother are (or the old person who heads the household)."""
    d = chance.draws("family")
    youngest = [(d.pick("infant", 0, 2190), 0.24), (d.pick("pupil", 2190, 4700), 0.49)]
    span = f"{CHILD_GAP_DAYS} * (children - 1) + {CHILD_JITTER_DAYS}"
    body = f"""
        select family, family_id, village_code, sub_district_no, pool, household, children, man_collects, couple,
            with_grandparent, status, channel,
            case when children > 0 then {d.choose("youngest", youngest, d.pick("teenager", 4700, 6500))} end
                as youngest_days,
            case household
                when 'OLD' then {d.pick("old age", 68 * 365, 88 * 365)}
                when 'WITHOUT_CHILDREN' then {d.pick("middle age", 26 * 365, 57 * 365)}
                else youngest_days + {span} + {d.pick("mother at first birth", 17 * 366, 28 * 365)} end as head_days,
            head_days + {d.pick("partner older", -330, 3300)} as partner_days,
            head_days + {d.pick("grandparent older", 17 * 366, 37 * 365)} as grandparent_days,
            date '{as_of}' as as_of
        from drawn"""
    return d.over("shapes", body)


_CARRIED = "family, family_id, village_code, sub_district_no, pool, children, youngest_days, couple"

_ROLES = f"""
    select {_CARRIED}, 1 as member_no, 'HEAD' as role, man_collects as man,
        case when man_collects and household <> 'OLD' then partner_days else head_days end as role_days
    from families_made
    union all
    select {_CARRIED}, 2, 'PARTNER', not man_collects,
        case when man_collects and household <> 'OLD' then head_days else partner_days end
    from families_made where couple
    union all
    select {_CARRIED}, 2 + couple::int + k, 'CHILD', null, youngest_days + k * {CHILD_GAP_DAYS}
    from families_made, unnest(range(children)) as u(k)
    union all
    select {_CARRIED}, 2 + couple::int + children, 'GRANDPARENT', null, grandparent_days
    from families_made where with_grandparent"""
"""One row per person: number in the family (the collector is 1), role, sex where the role decides it, days old."""


def _people(chance: Chance, as_of: date) -> str:
    """Sex, birth date and chance events of each person; the youngest child's day is kept, the others' move a little."""
    d = chance.draws(f"family * {MEMBERS_MAX} + member_no")
    body = f"""
        select family, family * {MEMBERS_MAX} + member_no as person, member_no, family_id, village_code,
            sub_district_no, pool, children, youngest_days, couple, role,
            case when coalesce(man, case role when 'CHILD' then {d.happens("boy", 0.512)}
                else {d.happens("grandfather", 0.34)} end) then 'M' else 'F' end as sex,
            case when role = 'CHILD' and member_no > 2 + couple::int
                then role_days + {d.pick("birth spacing", -CHILD_JITTER_DAYS, CHILD_JITTER_DAYS)}
                else role_days end as days,
            date '{as_of}' - days::int as birth_date,
            {d.choose("school late", [("0", 0.70), ("1", 0.25), ("2", 0.04)], "3")} as years_late,
            {d.happens("left after SD", 0.05)} as left_after_sd,
            {d.happens("left after SMP", 0.18)} as left_after_smp,
            {d.happens("pregnant", 0.035)} as may_be_pregnant,
            {d.happens("severe disability", 0.007)} as severe_disability,
            role <> 'CHILD' and {d.happens("rights victim", 0.00003)} as rights_victim,
            case when {d.happens("died", 0.002)}
                    or (role = 'GRANDPARENT' and {d.happens("grandparent died", 0.02)})
                then greatest(birth_date, date '{as_of}' - {d.pick("died on", -20, 300)}::int) end as deceased_on,
            case when {d.happens("moved here", 0.06)} then {d.pick("moved from", 1, 16)} else 0 end as origin,
            case when sex = 'F' then {LISTS.index("female_old")} else {LISTS.index("male_old")} end
                + pool * {len(LISTS)} as lists,
            birth_date < date '{BORN_OLD_BEFORE}' as born_old,
            case when born_old and {d.happens("one name", 0.7)} then '' else ' ' end as between_names,
            {d.draw("first name")} as first_draw, {d.draw("second name")} as second_draw
        from drawn"""
    return d.over("roles", body)


def _lives(as_of: date) -> str:
    """School and pregnancy, which follow from age, role and the family."""
    year = as_of.year if as_of.month >= SCHOOL_YEAR_MONTH else as_of.year - 1
    return f"""
        select *,
            date_diff('month', birth_date, date '{year}-{SCHOOL_YEAR_MONTH:02d}-01') // 12 - years_late as school_age,
            case when role <> 'CHILD' or school_age < 6 then ''
                when school_age < 12 then 'SD'
                when school_age < 15 and not left_after_sd then 'SMP'
                when school_age between 15 and 17 and not left_after_sd and not left_after_smp then 'SMA'
                else '' end as school_level,
            sex = 'F' and role in ('HEAD', 'PARTNER') and children > 0 and days between 16 * 366 and 48 * 365 as mother,
            case when mother and youngest_days < 42 then children
                when mother and couple and days < 44 * 365 and youngest_days > 400 and may_be_pregnant
                then children + 1 end as pregnancy_no
        from people"""


_NUMBERED = f"""
    with coded as (
        select l.*, (case when l.birth_date < date '{OLD_CODES_UNTIL}' then o.digits_then else o.digits end)
            || lpad((day(l.birth_date) + case when l.sex = 'F' then 40 else 0 end)::text, 2, '0')
            || strftime(l.birth_date, '%m%y') as nik_start
        from lives l join origins o on o.sub_district_no = l.sub_district_no and o.origin = l.origin)
    select *, case when origin = 0 then 0 else 6600 + origin * 200 end
        + row_number() over (partition by nik_start, origin order by person) as serial
    from coded"""
"""NIK: the region digits of the place of first registration, mostly the home; the serial within place and day.

Who moved here from the j-th other place has a serial from a block of its own, so that no two runs can meet.
"""

_MEMBERS = f"""
    select m.family, m.person, m.village_code, m.family_id, m.family_id || '-' || m.member_no::text as member_id,
        m.nik_start || lpad(m.serial::text, 4, '0') as nik,
        first.name || m.between_names || case m.between_names when '' then '' else second.name end as name,
        m.birth_date, m.sex, m.school_level, m.pregnancy_no::bigint as pregnancy_no,
        m.severe_disability, m.rights_victim, m.deceased_on
    from numbered m
    join name_lists fl on fl.list_no = m.lists + case when m.born_old then 0 else 1 end
    join name_lists sl on sl.list_no = m.lists + 2
    join names first on first.name_no = fl.list_no * {LIST_SPAN} + ((m.first_draw * fl.length) >> 32)::bigint
    join names second on second.name_no = sl.list_no * {LIST_SPAN} + ((m.second_draw * sl.length) >> 32)::bigint"""
"""The canonical members, with what verdicts are made from beside them."""

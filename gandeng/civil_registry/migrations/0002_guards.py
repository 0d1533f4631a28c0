"""Whose rows, that they stay, that answers come with their file, and which answer stands."""

from django.db import migrations

from gandeng.audit.guards import append_only, refused, seen_through, seen_within
from gandeng.audit.sealing import INDEX_VERSION

ME = "nullif(current_setting('gandeng.person', true), '')::uuid"
DEFINER = "security definer set search_path = public, pg_temp"
BY_ANOTHER = f"new.by_id is distinct from {ME}"
STRAY = """exists (select from told t left join civil_registry_matching c on c.id = t.matching_id
        left join registry_member m on m.id = t.member_id
        where not coalesce(c.at = now() and c.checked_on = t.checked_on and m.family_id = t.family_id
            and m.village_code = t.village_code and t.village_code ^@ c.region_code, false))"""

GUARDS = f"""
create function civil_registry_by_oneself() returns trigger language plpgsql {DEFINER} as $$
begin
    {refused(BY_ANOTHER, "who writes it is who does it", "civil_registry_by_oneself")}
    return new;
end $$;
create trigger civil_registry_matching_said before insert on civil_registry_matching
    for each row execute function civil_registry_by_oneself();
create trigger civil_registry_withdrawal_said before insert on civil_registry_withdrawal
    for each row execute function civil_registry_by_oneself();
create function civil_registry_answered() returns trigger language plpgsql {DEFINER} as $$
begin
    {refused(STRAY, "an answer comes with its file, about whom it says", "civil_registry_with_its_file")}
    return null;
end $$;
create trigger civil_registry_answer_told after insert on civil_registry_answer referencing new table as told
    for each statement execute function civil_registry_answered();
"""
NO_GUARDS = """
drop trigger civil_registry_answer_told on civil_registry_answer;
drop function civil_registry_answered();
drop trigger civil_registry_withdrawal_said on civil_registry_withdrawal;
drop trigger civil_registry_matching_said on civil_registry_matching;
drop function civil_registry_by_oneself();
"""

MADE_BY, MADE_BY_NEXT = INDEX_VERSION.format("s.nik_index"), INDEX_VERSION.format("s.next")
SAME_NIK = f"""
create function civil_registry_same_nik(member uuid, today bytea, since timestamptz) returns boolean
    language sql stable cost 1000 as $$
    select not exists (select from (
            select e.nik_index, e.is_today, lead(e.nik_index) over (order by e.place) as next from (
                select nik_index, pgh_id::bigint as place, false as is_today from registry_memberevent
                    where pgh_obj_id = member and pgh_created_at >= since
                union all select today, 9223372036854775807, true) e) s
        where not s.is_today and s.next is distinct from s.nik_index
            and (s.next is null or s.nik_index is null or {MADE_BY} = {MADE_BY_NEXT}))
$$;
"""
"""Whether a member's NIK is what it was: an index made anew by a later key is no other NIK."""

KEY = r"btrim(regexp_replace(regexp_replace(upper({0}), '[''`´‘’]', '', 'g'), '[^[:alnum:]]+', ' ', 'g'))"
COUNTS = "not exists (select from civil_registry_withdrawal w where w.matching_id = {0}.matching_id)"
NAMED_OTHERWISE = f"a.name <> '' and {KEY.format('a.name')} <> btrim(m.name_key)"
STANDING = f"""
create view civil_registry_standing with (security_invoker = true) as
select a.id, a.matching_id, a.member_id, m.family_id, m.village_code, a.result, a.checked_on, a.deceased_on, a.asks,
    case when {NAMED_OTHERWISE} then a.name else '' end as name,
    nullif(a.birth_date, m.birth_date) as birth_date, case when a.sex <> m.sex then a.sex else '' end as sex,
    ({NAMED_OTHERWISE}) or coalesce(a.birth_date <> m.birth_date, false) or (a.sex <> '' and a.sex <> m.sex)
        or (a.result = 'DIFFERS' and a.name = '' and a.birth_date is null and a.sex = '') as differs
from civil_registry_answer a join registry_member m on m.id = a.member_id
where m.deceased_on is null and m.left_on is null and {COUNTS.format("a")}
    and not exists (select from civil_registry_answer b where b.member_id = a.member_id
        and (b.checked_on, b.id) > (a.checked_on, a.id) and {COUNTS.format("b")})
    and civil_registry_same_nik(m.id, m.nik_index, a.at)
"""


class Migration(migrations.Migration):
    """Answers are there where their family is; a file for whoever has its region, or lies in it."""

    dependencies = [("civil_registry", "0001_initial"), ("registry", "0018_what_a_family_denies")]
    operations = [
        seen_within("civil_registry_matching", "region_code", every_channel=True, touches=True),
        seen_through("civil_registry_withdrawal", "matching_id", "civil_registry_matching"),
        seen_through("civil_registry_answer", "family_id", "registry_family"),
        *(append_only(f"civil_registry_{name}") for name in ("matching", "withdrawal", "answer")),
        migrations.RunSQL(GUARDS, NO_GUARDS),
        migrations.RunSQL(SAME_NIK, "drop function civil_registry_same_nik(uuid, bytea, timestamptz)"),
        migrations.RunSQL(STANDING, "drop view civil_registry_standing"),
    ]

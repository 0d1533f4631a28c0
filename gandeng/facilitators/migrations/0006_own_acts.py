"""A facilitator is told which families come and go, before she may see them: how many, from whom, where, when.

Acts are of a district and its villages are hers only from the day on, so row security keeps both from her until then.
No family is named. An act undone before it began is not told.
"""

from django.db import migrations

from gandeng.audit.guards import APP_ROLE

OWN_ACTS = f"""
create function facilitators_own_acts(who uuid, since date)
    returns table (change_id uuid, kind text, effective_on date, village_code text, other text, comes boolean,
        families bigint)
    language sql stable security definer set search_path = public, pg_temp as $$
    with own as (select id from facilitators_staff where person_id = who),
    moved as (
        select a.began_by_id as act, a.family_id, a.village_code, true as comes from facilitators_accompaniment a
        where a.staff_id in (select id from own) and a.valid_from >= since
            and (a.valid_until is null or a.valid_until > a.valid_from)
        union all
        select a.ended_by_id, a.family_id, a.village_code, false from facilitators_accompaniment a
        where a.staff_id in (select id from own) and a.ended_by_id is not null and a.valid_until >= since
            and a.valid_until > a.valid_from)
    select c.id, c.kind, c.effective_on, m.village_code, coalesce(p.name, ''), m.comes, count(*)
    from moved m join facilitators_caseloadchange c on c.id = m.act
    left join facilitators_accompaniment o on o.family_id = m.family_id
        and case when m.comes then o.ended_by_id = m.act else o.began_by_id = m.act end
    left join facilitators_staff s on s.id = o.staff_id left join accounts_person p on p.id = s.person_id
    where not exists (select from facilitators_caseloadchange u join facilitators_caseloadchange d on d.id = u.undoes_id
        where c.id in (u.id, d.id) and u.effective_on = d.effective_on)
    group by 1, 2, 3, 4, 5, 6
$$;
revoke all on function facilitators_own_acts(uuid, date) from public;
grant execute on function facilitators_own_acts(uuid, date) to {APP_ROLE};
"""


class Migration(migrations.Migration):
    """A function that counts for one person."""

    dependencies = [("facilitators", "0005_next_staff_no")]
    operations = [migrations.RunSQL(OWN_ACTS, "drop function facilitators_own_acts(uuid, date)")]

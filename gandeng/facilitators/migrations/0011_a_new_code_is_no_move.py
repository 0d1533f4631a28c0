"""A family whose village got another code keeps its facilitator, who sees it under the new code from that day on."""

from django.db import migrations, models

from gandeng.audit.guards import instead
from gandeng.audit.holding import held

GOES = """
create or replace function facilitators_family_goes() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
declare today date := (now() at time zone 'Asia/Jakarta')::date;
begin
    {statement}
    return null;
end $$;
"""

ENDS = """update facilitators_accompaniment set valid_until = greatest(valid_from, today)
        where family_id = new.id and (valid_until is null or valid_until > greatest(valid_from, today))"""

BEFORE = GOES.format(statement=f"{ENDS};")
AFTER = GOES.format(
    statement=f"""with ended as (
        {ENDS} returning with (old as was, new as since) was.staff_id, was.began_by_id, was.valid_until,
            since.valid_until as valid_from),
    goes_on as (
        insert into facilitators_accompaniment
            (id, family_id, staff_id, village_code, valid_from, valid_until, began_by_id, goes_on)
        select gen_random_uuid(), new.id, e.staff_id, new.village_code, e.valid_from, e.valid_until, e.began_by_id, true
        from ended e where old.village_code <> new.village_code and new.status not in ('GRADUATED', 'ENDED')
            and registry_same_place(old.village_code, new.village_code)
        returning with (new as made) made.staff_id, made.village_code, made.valid_from, made.valid_until)
    insert into accounts_grant
        (id, person_id, role, region_code, channel, valid_from, valid_until, created_at)
    select gen_random_uuid(), s.person_id, 'FACILITATOR', g.village_code, '', g.valid_from, g.valid_until, now()
    from goes_on g join facilitators_staff s on s.id = g.staff_id
    where not exists (select from accounts_grant h where h.person_id = s.person_id and h.role = 'FACILITATOR'
        and h.stands_in_for_id is null and h.region_code = g.village_code and h.valid_from <= g.valid_from
        and (h.valid_until is null or h.valid_until > g.valid_from));"""
)
"""What ended goes on under the new code, by the same act; an end that was to come is still to come."""

_OWN_ACTS = "facilitators_own_acts(uuid, date)"
_SINCE = "a.valid_from >= since\n            and (a.valid_until is null or a.valid_until > a.valid_from)"
_ONCE = """a.valid_from >= since and not a.goes_on
            and (a.valid_until is null or a.valid_until > a.valid_from or a.ended_by_id is null)"""
_KEPT = "new.village_code, new.valid_from, new.began_by_id)"
COUNTED_ONCE = (
    ("facilitators_only_ends()", _KEPT, f"{_KEPT} or old.goes_on <> new.goes_on"),
    (_OWN_ACTS, _SINCE, _ONCE),
    (_OWN_ACTS, "else o.began_by_id = m.act end", "else o.began_by_id = m.act and not o.goes_on end"),
)
"""A row that goes on is no second coming of its family; what it goes on from may have begun on that very day."""


class Migration(migrations.Migration):
    """What follows a family that goes to another code."""

    dependencies = [
        ("facilitators", "0010_identities_guards"),
        ("registry", "0014_guards_of_codes"),
        ("accounts", "0010_grants_by_place"),
    ]
    operations = [
        migrations.AddField("accompaniment", "goes_on", models.BooleanField(db_default=False)),
        held("facilitators_accompaniment"),
        migrations.RunSQL(AFTER, BEFORE),
        *(migrations.RunSQL(instead(name, was, is_), instead(name, is_, was)) for name, was, is_ in COUNTED_ONCE),
    ]

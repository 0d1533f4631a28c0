"""A meeting that came from a phone and did not stand by itself is told by who was there and accepted by the office."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

from gandeng.audit.holding import held

DEFINER = "security definer set search_path = public, pg_temp"
ME = "nullif(current_setting('gandeng.person', true), '')::uuid"


def guards(writer: str, of_meeting: str) -> str:
    """The guards of 0002, with who writes a meeting and who wrote the one a row is of."""
    return f"""
create or replace function family_sessions_told() returns trigger language plpgsql {DEFINER} as $$
begin
    if not exists (select from family_sessions_group g where g.id = new.group_id
            and g.village_code = new.village_code) then
        raise exception 'the group is of another village' using errcode = 'restrict_violation';
    end if;
    if {writer} is distinct from {ME} then
        raise exception 'who writes it is who tells' using errcode = 'restrict_violation';
    end if;
    if new.on_day > (now() at time zone 'Asia/Jayapura')::date then
        raise exception 'that day is yet to come' using errcode = 'check_violation', constraint = 'p2k2_meeting_day';
    end if;
    if new.replaces_id is not null and not exists (select from family_sessions_meeting m where m.id = new.replaces_id
            and (m.group_id, m.by_id) = (new.group_id, new.by_id)) then
        raise exception 'only her own meeting of that group is told anew' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create or replace function family_sessions_attends() returns trigger language plpgsql {DEFINER} as $$
begin
    if not exists (select from family_sessions_meeting m
            join family_sessions_membership s on s.group_id = m.group_id and s.family_id = new.family_id
                and daterange(s.valid_from, s.valid_until) @> m.on_day
            where m.id = new.meeting_id and {of_meeting} is not distinct from {ME}
                and s.village_code = new.village_code)
            then
        raise exception 'the family was not in the group that day' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create or replace function family_sessions_pictured() returns trigger language plpgsql {DEFINER} as $$
begin
    if not exists (select from family_sessions_meeting m where m.id = new.meeting_id
            and m.village_code = new.village_code and {of_meeting} is not distinct from {ME}) then
        raise exception 'a picture is of her own meeting' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
"""


AFTER = guards("coalesce(new.accepted_by_id, new.by_id)", "coalesce(m.accepted_by_id, m.by_id)")
BEFORE = guards("new.by_id", "m.by_id")


class Migration(migrations.Migration):
    """The column, two people, and the guards that read it."""

    dependencies = [("accounts", "0009_held_recovery"), ("family_sessions", "0003_held")]
    operations = [
        migrations.AddField(
            "meeting",
            "accepted_by",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
            ),
        ),
        migrations.AddConstraint(
            "meeting",
            models.CheckConstraint(
                condition=Q(accepted_by__isnull=True) | ~Q(accepted_by=F("by")), name="p2k2_meeting_two_people"
            ),
        ),
        migrations.RunSQL(AFTER, BEFORE),
        held("family_sessions_meeting"),
    ]

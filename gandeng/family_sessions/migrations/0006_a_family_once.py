"""A family comes to a session of its group on a day once, whoever tells it."""

from django.db import migrations

ONCE = """
create function family_sessions_attends_once() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
declare m family_sessions_meeting;
begin
    select * into strict m from family_sessions_meeting t where t.id = new.meeting_id;
    perform from family_sessions_group g where g.id = m.group_id for no key update;
    if exists (select from family_sessions_meeting o
            join family_sessions_attendance a on a.meeting_id = o.id and a.family_id = new.family_id
            where (o.group_id, o.on_day, o.session_code) = (m.group_id, m.on_day, m.session_code) and o.id <> m.id
                and not exists (select from family_sessions_meeting n where n.replaces_id = o.id)) then
        raise exception 'somebody else told this session for the family'
            using errcode = 'unique_violation', constraint = 'p2k2_family_once';
    end if;
    return new;
end $$;
create trigger family_sessions_attends_once before insert on family_sessions_attendance
    for each row execute function family_sessions_attends_once();
"""
"""The group is held, so that of two who tell it at once the later one finds the earlier."""


class Migration(migrations.Migration):
    """A guard."""

    dependencies = [("family_sessions", "0005_a_new_code_is_no_move")]
    operations = [
        migrations.RunSQL(
            ONCE,
            "drop trigger family_sessions_attends_once on family_sessions_attendance; "
            "drop function family_sessions_attends_once()",
        )
    ]

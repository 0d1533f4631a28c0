"""A request stays what was asked and is decided once; each is there for its territory; what was taken is only added."""

from django.db import migrations

from gandeng.audit.guards import append_only, seen_within

STAYS = """
create function exports_request_stays() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'requests are never deleted' using errcode = 'restrict_violation';
    end if;
    if (old.kind, old.title, old.arguments, old.region_code, old.channel, old.rows_asked, old.purpose,
            old.asked_by_id, old.asked_authority, old.asked_at)
        is distinct from (new.kind, new.title, new.arguments, new.region_code, new.channel, new.rows_asked,
            new.purpose, new.asked_by_id, new.asked_authority, new.asked_at) then
        raise exception 'what was asked never changes' using errcode = 'restrict_violation';
    end if;
    if old.decided_by_id is not null and (old.decided_by_id, old.decided_authority, old.decided_at, old.decided_reason)
        is distinct from (new.decided_by_id, new.decided_authority, new.decided_at, new.decided_reason) then
        raise exception 'a decision never changes' using errcode = 'restrict_violation';
    end if;
    if old.state <> new.state and (old.state, new.state) not in (('ASKED', 'APPROVED'), ('ASKED', 'REFUSED'),
        ('ASKED', 'WITHDRAWN'), ('APPROVED', 'READY'), ('APPROVED', 'EXPIRED'), ('READY', 'EXPIRED')) then
        raise exception 'a request does not go from % to %', old.state, new.state using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger exports_exportrequest_stays before update or delete on exports_exportrequest
    for each row execute function exports_request_stays();
"""


class Migration(migrations.Migration):
    """Guards of exports."""

    dependencies = [("exports", "0001_initial"), ("audit", "0002_guards")]
    operations = [
        seen_within("exports_exportrequest", "region_code", channel="channel", touches=True),
        append_only("exports_takenaway"),
        migrations.RunSQL(
            STAYS,
            """drop trigger exports_exportrequest_stays on exports_exportrequest;
            drop function exports_request_stays()""",
        ),
    ]

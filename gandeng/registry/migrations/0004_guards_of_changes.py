"""Requests and lists are there for their territory alone, and what is decided stays decided."""

from django.db import migrations

from gandeng.audit.guards import APP_ROLE, append_only, seen_within

DECIDED = """
create function registry_decided() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or old.state <> 'PENDING' then
        raise exception 'a change request that was decided stays so' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger registry_changerequest_decided before update or delete on registry_changerequest
    for each row execute function registry_decided();

create function registry_intake_moves() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or (old.state, new.state) not in
        (('STAGED', 'APPLIED'), ('STAGED', 'WITHDRAWN'), ('APPLIED', 'UNDONE')) then
        raise exception 'a list goes from % to no other state like this', old.state
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger registry_intake_moves before update or delete on registry_intake
    for each row execute function registry_intake_moves();
"""
UNDO = """
drop trigger registry_changerequest_decided on registry_changerequest; drop function registry_decided();
drop trigger registry_intake_moves on registry_intake; drop function registry_intake_moves();
"""


class Migration(migrations.Migration):
    """Row security, and the states nobody leaves."""

    dependencies = [("registry", "0003_changes_and_lists"), ("audit", "0002_guards")]
    operations = [
        migrations.RunSQL(DECIDED, UNDO),
        seen_within("registry_changerequest", "village_code", every_channel=True),
        seen_within("registry_changeevidence", "village_code", every_channel=True),
        seen_within("registry_intake", "region_code", every_channel=True),
        seen_within("registry_intakerow", "region_code", every_channel=True),
        append_only("registry_changeevidence"),
        append_only("registry_intakerow"),
        migrations.RunSQL(
            f"revoke delete on registry_changerequest, registry_intake from {APP_ROLE}",
            f"grant delete on registry_changerequest, registry_intake to {APP_ROLE}",
        ),
    ]

"""The ledger is written by triggers alone and never changed; a head that covers it is followed by heads that do."""

from django.db import migrations

from gandeng.audit.guards import APP_ROLE, append_only
from gandeng.audit.holding import HOLD, ROW_DIGEST, UNSEALED, held

CLOSED = f"revoke all on audit_heldrow from {APP_ROLE}; revoke all on sequence audit_heldrow_id_seq from {APP_ROLE}"
OPEN = f"grant select, insert on audit_heldrow to {APP_ROLE}; grant usage, select on audit_heldrow_id_seq to {APP_ROLE}"

COVERS = """
create function audit_head_covers() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if new.held is null and exists (select from audit_audithead where held is not null) then
        raise exception 'a head covers the ledger, as the one before it does' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger audit_audithead_covers before insert on audit_audithead
    for each row execute function audit_head_covers();
"""


class Migration(migrations.Migration):
    """Guards of the ledger."""

    dependencies = [("audit", "0006_ledger")]
    operations = [
        append_only("audit_heldrow"),
        migrations.RunSQL(CLOSED, OPEN),
        migrations.RunSQL(ROW_DIGEST, "drop function audit_row_digest(regclass, text, text[], jsonb)"),
        migrations.RunSQL(HOLD, "drop function audit_hold(regclass, text, text, text[], jsonb)"),
        migrations.RunSQL(UNSEALED, "drop function audit_unsealed()"),
        migrations.RunSQL(
            COVERS, "drop trigger audit_audithead_covers on audit_audithead; drop function audit_head_covers()"
        ),
        held("audit_auditentry"),
        held("audit_audithead", key="number"),
    ]

"""Lists that came in are there for their territory; what was read never changes, and where one ended it stays."""

from django.db import migrations

from gandeng.audit.guards import APP_ROLE, append_only, seen_within
from gandeng.audit.holding import held

STAYS = """
create function facilitators_import_stays() returns trigger language plpgsql as $$
begin
    if old.state in ('WITHDRAWN', 'UNDONE')
        or (old.id, old.kind, old.region_code, old.name, old.sha256, old.staged_sha256, old.preview, old.taken_by_id,
            old.reason) is distinct from (new.id, new.kind, new.region_code, new.name, new.sha256, new.staged_sha256,
            new.preview, new.taken_by_id, new.reason)
        or (old.state = 'APPLIED' and (old.applied_by_id, old.applied_at, old.changes)
            is distinct from (new.applied_by_id, new.applied_at, new.changes))
    then
        raise exception 'a list that came in stays as it was read' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger facilitators_import_stays before update on facilitators_import
    for each row execute function facilitators_import_stays();
"""
NO_STAYS = """
drop trigger facilitators_import_stays on facilitators_import;
drop function facilitators_import_stays();
"""


class Migration(migrations.Migration):
    """Row security, what stays, and the ledger."""

    dependencies = [("facilitators", "0007_imports")]
    operations = [
        seen_within("facilitators_import", "region_code", every_channel=True),
        seen_within("facilitators_importrow", "region_code", every_channel=True),
        append_only("facilitators_importrow"),
        migrations.RunSQL(STAYS, NO_STAYS),
        migrations.RunSQL(
            f"revoke delete on facilitators_import from {APP_ROLE}",
            f"grant delete on facilitators_import to {APP_ROLE}",
        ),
        held("facilitators_import"),
        held("facilitators_importrow"),
    ]

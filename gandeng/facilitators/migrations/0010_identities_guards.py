"""Numbers of staff are there for who keeps her record and for herself; what a row says never changes, nor does it go.

Nobody writes her own. The role of the pages may change when a row ended and nothing else of it; indexes and seals are
made anew by the owner alone (`gandeng keys`).
"""

from django.db import migrations

from gandeng.audit.guards import ALL_CHANNELS, APP_ROLE, WITHIN, stays
from gandeng.audit.holding import held

ME = "(select nullif(current_setting('gandeng.person', true), '')::uuid)"
KEPT = f"{WITHIN.format(column='s.region_code')} and {ALL_CHANNELS}"
OF_STAFF = """coalesce(exists (select from facilitators_staff s where s.id = facilitators_identity.staff_id
    and {rule}), false)"""
SEEN = OF_STAFF.format(rule=f"({KEPT} or s.person_id = {ME})")
WRITTEN = OF_STAFF.format(rule=f"{KEPT} and s.person_id is distinct from {ME}")

RULE = f"""
alter table facilitators_identity enable row level security;
create policy facilitators_identity_territory on facilitators_identity using ({SEEN}) with check ({WRITTEN});
"""
NO_RULE = """
drop policy facilitators_identity_territory on facilitators_identity;
alter table facilitators_identity disable row level security;
"""
ENDS = f"""
revoke update, truncate on facilitators_identity from {APP_ROLE};
grant update (ended_at) on facilitators_identity to {APP_ROLE};
"""
NO_ENDS = f"grant update on facilitators_identity to {APP_ROLE}"


class Migration(migrations.Migration):
    """Row security, what may change, and the ledger."""

    dependencies = [("facilitators", "0009_identities")]
    operations = [
        migrations.RunSQL(RULE, NO_RULE),
        migrations.RunSQL(ENDS, NO_ENDS),
        stays("facilitators_identity"),
        held("facilitators_identity"),
    ]

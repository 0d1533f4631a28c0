"""A row is there where its case is; it names what whoever writes it sees; it stays, and the ledger holds it."""

from django.db import migrations

from gandeng.audit.guards import append_only
from gandeng.audit.holding import held

SEEN = """
alter table helpdesk_origin enable row level security;
create policy helpdesk_origin_read on helpdesk_origin for select using (
    exists (select from helpdesk_case c where c.id = case_id));
create policy helpdesk_origin_add on helpdesk_origin for insert with check (
    by_id = helpdesk_me() and exists (select from helpdesk_case c where c.id = case_id)
    and (problem_id is null or exists (select from training_problem p where p.id = problem_id))
    and (exception_id is null or exists (select from reconciliation_exceptioncase e where e.id = exception_id)));
"""
NO_SEEN = """
drop policy helpdesk_origin_add on helpdesk_origin; drop policy helpdesk_origin_read on helpdesk_origin;
alter table helpdesk_origin disable row level security;
"""


class Migration(migrations.Migration):
    """Row security, append-only, held."""

    dependencies = [("helpdesk", "0007_origins")]
    operations = [migrations.RunSQL(SEEN, NO_SEEN), append_only("helpdesk_origin"), held("helpdesk_origin")]

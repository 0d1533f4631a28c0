"""A case, or its appeal, that nobody handles who still may is told to whoever may take it in hand."""

from django.db import migrations

UNTAKEN = """
create function conduct_untaken(of_case uuid) returns boolean language sql stable security definer
    set search_path = public, pg_temp as $$
    select exists (select from conduct_case c where c.id = of_case
        and c.state in ('REPORTED', 'HEARING', 'DECIDED', 'APPEALED')
        and not exists (select from conduct_party p where p.case_id = c.id
            and case c.state when 'APPEALED' then p.part = 'APPEAL' else p.part in ('OPENER', 'DECIDER') end
            and conduct_handles(p.person_id, c.region_code)))
$$;
"""
"""Yes or no alone: who is of a panel stays among those who must know."""


class Migration(migrations.Migration):
    """A question."""

    dependencies = [("conduct", "0004_roles_as_held")]
    operations = [migrations.RunSQL(UNTAKEN, "drop function conduct_untaken(uuid)")]

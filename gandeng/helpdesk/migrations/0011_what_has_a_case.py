"""Whether what happened with a family has a case is asked by whoever sees what happened, also where the case is not hers.

It tells of no sensitive case: that there is one is known to those alone who handle it.
"""

from django.db import migrations

from gandeng.audit.guards import APP_ROLE

ASKED = f"""
create function helpdesk_has_case(happened text, family uuid) returns boolean
    language sql stable security definer set search_path = public, pg_temp as $$
    select exists (select from helpdesk_caseevent e join helpdesk_case c on c.id = e.case_id
        where e.family_id = family and e.what = 'LINKED' and e.value = happened and not c.sensitive)
$$;
revoke all on function helpdesk_has_case(text, uuid) from public;
grant execute on function helpdesk_has_case(text, uuid) to {APP_ROLE};
"""
NO_ASKED = "drop function helpdesk_has_case(text, uuid);"


class Migration(migrations.Migration):
    """One function that looks past the rows one sees, and says yes or no."""

    dependencies = [("helpdesk", "0010_seen_at_once")]
    operations = [migrations.RunSQL(ASKED, NO_ASKED)]

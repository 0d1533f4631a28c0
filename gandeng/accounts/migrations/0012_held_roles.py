"""Roles as they are held: whoever stands in for somebody holds the role on days on which that person does."""

from django.db import migrations

HELD = """
create view accounts_grant_held with (security_invoker = true) as
select g.id, g.person_id, g.role, g.region_code, g.channel, g.stands_in_for_id, days.valid_from,
    case when days.valid_until is not null then greatest(days.valid_from, days.valid_until) end as valid_until
from accounts_grant g left join accounts_grant p on p.id = g.stands_in_for_id
cross join lateral (select greatest(g.valid_from, p.valid_from) as valid_from,
    least(g.valid_until, p.valid_until) as valid_until) days
where p.stands_in_for_id is null;
"""
"""One row per grant but those of deputies of deputies, with the days its holder and whom she stands in for share."""


class Migration(migrations.Migration):
    """A view, which the pages and the guards of other packages ask."""

    dependencies = [("accounts", "0011_roles_end_earlier")]
    operations = [migrations.RunSQL(HELD, "drop view accounts_grant_held")]

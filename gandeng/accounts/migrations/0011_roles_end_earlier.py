"""The end of a role only ever comes earlier: what has ended stays so, and nobody makes a role last longer."""

from django.db import migrations

from gandeng.audit.guards import refused

FOLLOWS_CASELOAD = "old.role = 'FACILITATOR' and length(old.region_code) = 10 and old.stands_in_for_id is null"
"""Grants of facilitators on villages, whose days are those of their caseload (`villages.py`)."""

ENDS = f"""
create function accounts_grant_ends() returns trigger language plpgsql as $$
begin
    {refused("coalesce(new.valid_until, 'infinity') > coalesce(old.valid_until, 'infinity')",
             "a role never lasts longer than was said: give another", "grant_ends_earlier")}
    return new;
end $$;
create trigger accounts_grant_ends before update on accounts_grant
    for each row when (not ({FOLLOWS_CASELOAD})) execute function accounts_grant_ends();
"""  # fmt: skip


class Migration(migrations.Migration):
    """A guard of grants."""

    dependencies = [("accounts", "0010_grants_by_place"), ("audit", "0002_guards")]
    operations = [
        migrations.RunSQL(
            ENDS, "drop trigger accounts_grant_ends on accounts_grant; drop function accounts_grant_ends()"
        )
    ]

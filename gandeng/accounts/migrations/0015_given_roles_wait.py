"""A role over money or people that somebody gives waits, whatever statement gives it; what was given is not changed."""

from django.db import migrations

from gandeng.audit.guards import instead, refused

OVER_MONEY = """('DISTRICT_COORDINATOR', 'DISTRICT_HEAD', 'PROVINCE_OFFICER', 'PROVINCE_HEAD', 'MINISTRY_OFFICER',
    'MINISTRY_HEAD', 'CHANNEL_OFFICER', 'ADMINISTRATOR')"""
"""Those for which `actions.needs_two` says yes; `tests/test_second_person.py` asks each."""

GIVEN = f"""
create function accounts_grant_given() returns trigger language plpgsql as $$
begin
    {refused("not new.awaits or new.confirmed_by_id is not null",
             "a role over money or people waits for a second person", "grant_given_waits")}
    return new;
end $$;
create trigger accounts_grant_given before insert on accounts_grant for each row
    when (new.granted_by_id is not null and new.role in {OVER_MONEY}) execute function accounts_grant_given();
"""  # fmt: skip
"""A role that nobody on the site gave comes from the server (`gandeng invite`) and waits for nobody."""

WAITS, WAS, BECOMES = (
    "accounts_grant_waits()",
    "(old.awaits or old.confirmed_by_id is not null) and (old.person_id,",
    "(old.person_id,",
)
"""What a grant gives, to whom and from whom was held where somebody confirms it; now it is of every grant, for one of
another role could become one over money."""


class Migration(migrations.Migration):
    """Guards of grants."""

    dependencies = [("accounts", "0014_guards_of_second_person")]
    operations = [
        migrations.RunSQL(
            GIVEN, "drop trigger accounts_grant_given on accounts_grant; drop function accounts_grant_given()"
        ),
        migrations.RunSQL(instead(WAITS, WAS, BECOMES), instead(WAITS, BECOMES, WAS)),
    ]

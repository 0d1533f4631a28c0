"""Every role that somebody gives waits, for each shows families or is over money or people, whatever statement gives it.

A facilitator's on a village comes with families that somebody decided on who gives no roles.
"""

from django.db import migrations

from gandeng.audit.guards import instead

GIVEN, WAS, BECOMES = "accounts_grant_given()", "a role over money or people waits", "a role that is given waits"

WHEN = """
drop trigger accounts_grant_given on accounts_grant;
create trigger accounts_grant_given before insert on accounts_grant for each row
    when (new.granted_by_id is not null and {}) execute function accounts_grant_given();
"""
EVERY = """(new.role <> 'FACILITATOR' or length(new.region_code) < 10 or new.stands_in_for_id is not null)"""
OVER_MONEY = """new.role in ('DISTRICT_COORDINATOR', 'DISTRICT_HEAD', 'PROVINCE_OFFICER', 'PROVINCE_HEAD',
    'MINISTRY_OFFICER', 'MINISTRY_HEAD', 'CHANNEL_OFFICER', 'ADMINISTRATOR')"""


class Migration(migrations.Migration):
    """The guard of roles that are given; what was given before is held as it was."""

    dependencies = [("accounts", "0015_given_roles_wait")]
    operations = [
        migrations.RunSQL(instead(GIVEN, WAS, BECOMES), instead(GIVEN, BECOMES, WAS)),
        migrations.RunSQL(WHEN.format(EVERY), WHEN.format(OVER_MONEY)),
    ]

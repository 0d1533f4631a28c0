"""When an invitation went out by e-mail, so that it goes out once."""

from django.db import migrations, models

from gandeng.audit.guards import APP_ROLE
from gandeng.audit.holding import held

CLAIM = f"""
create function training_mail_claimed(participant uuid, back boolean) returns boolean language plpgsql
    security definer set search_path = public, pg_temp as $$
begin
    if back then
        update training_participant set mailed_at = null where id = participant;
    else
        update training_participant set mailed_at = now() where id = participant and state = 'INVITED'
            and (mailed_at is null or mailed_at < invited_at);
    end if;
    return found;
end $$;
revoke all on function training_mail_claimed(uuid, boolean) from public;
grant execute on function training_mail_claimed(uuid, boolean) to {APP_ROLE};
"""
NO_CLAIM = "drop function training_mail_claimed(uuid, boolean);"


class Migration(migrations.Migration):
    """A mail is claimed on a connection of its own, before it is handed over: by one worker, whoever else tries."""

    dependencies = [("training", "0003_held")]
    operations = [
        migrations.AddField("participant", "mailed_at", models.DateTimeField(null=True)),
        migrations.RunSQL(CLAIM, NO_CLAIM),
        held("training_participant"),
    ]

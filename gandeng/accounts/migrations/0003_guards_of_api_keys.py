"""A key stays what it was made as; what was revoked stays revoked."""

from django.db import migrations

STAYS = """
create function accounts_apikey_stays() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'keys are revoked, never deleted' using errcode = 'restrict_violation';
    end if;
    if (old.id, old.person_id, old.name, old.prefix, old.secret_sha256, old.made_on, old.valid_until)
        is distinct from (new.id, new.person_id, new.name, new.prefix, new.secret_sha256, new.made_on, new.valid_until)
    then
        raise exception 'a key never changes: revoke it and make another' using errcode = 'restrict_violation';
    end if;
    if old.revoked_at is not null and (old.revoked_at, old.revoked_by_id, old.revoked_reason)
        is distinct from (new.revoked_at, new.revoked_by_id, new.revoked_reason) then
        raise exception 'a revoked key stays revoked' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger accounts_apikey_stays before update or delete on accounts_apikey
    for each row execute function accounts_apikey_stays();
"""


class Migration(migrations.Migration):
    """Guards of keys."""

    dependencies = [("accounts", "0002_api_keys")]
    operations = [
        migrations.RunSQL(
            STAYS, "drop trigger accounts_apikey_stays on accounts_apikey; drop function accounts_apikey_stays()"
        )
    ]

"""Nobody lets oneself in again, nor anybody on fewer yeses than were needed; what was used or ended stays so."""

from django.db import migrations

from gandeng.audit.guards import append_only, stays

MOVES = """
create function accounts_recovery_moves() returns trigger language plpgsql as $$
begin
    if (old.user_id, old.person_id, old.lost, old.letter_digest, old.code_digest, old.needed, old.asked_at)
        is distinct from
       (new.user_id, new.person_id, new.lost, new.letter_digest, new.code_digest, new.needed, new.asked_at) then
        raise exception 'what was asked never changes' using errcode = 'restrict_violation';
    end if;
    if old.used_at is not null or old.ended_at is not null then
        raise exception 'it was used or has ended' using errcode = 'restrict_violation';
    end if;
    if old.approved_at is not null and (old.approved_at, old.link_digest, old.expires_at)
        is distinct from (new.approved_at, new.link_digest, new.expires_at) then
        raise exception 'it was approved once' using errcode = 'restrict_violation';
    end if;
    if new.approved_at is not null and old.approved_at is null and new.needed > (
            select count(*) from accounts_recoveryapproval a where a.recovery_id = new.id) then
        raise exception 'fewer people said yes than are needed' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger accounts_recovery_moves before update on accounts_recovery
    for each row execute function accounts_recovery_moves();

create function accounts_recovery_begins() returns trigger language plpgsql as $$
begin
    if new.approved_at is not null or new.used_at is not null or new.ended_at is not null
        or not exists (select from accounts_user u where u.id = new.user_id and u.person_id = new.person_id) then
        raise exception 'a recovery begins asked, for the person of the login' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger accounts_recovery_begins before insert on accounts_recovery
    for each row execute function accounts_recovery_begins();

create function accounts_recoveryapproval_of_others() returns trigger language plpgsql as $$
declare asked accounts_recovery;
begin
    select * into asked from accounts_recovery where id = new.recovery_id for update;
    if asked.person_id = new.person_id then
        raise exception 'nobody lets oneself in again' using errcode = 'restrict_violation';
    end if;
    if asked.approved_at is not null or asked.ended_at is not null then
        raise exception 'nothing waits for a yes' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger accounts_recoveryapproval_of_others before insert on accounts_recoveryapproval
    for each row execute function accounts_recoveryapproval_of_others();
"""
UNDO = """
drop trigger accounts_recoveryapproval_of_others on accounts_recoveryapproval;
drop function accounts_recoveryapproval_of_others();
drop trigger accounts_recovery_begins on accounts_recovery;
drop function accounts_recovery_begins();
drop trigger accounts_recovery_moves on accounts_recovery;
drop function accounts_recovery_moves();
"""


class Migration(migrations.Migration):
    """Guards of recoveries."""

    dependencies = [("accounts", "0007_recovery"), ("audit", "0002_guards")]
    operations = [
        migrations.RunSQL(MOVES, UNDO),
        stays("accounts_recovery"),
        append_only("accounts_recoveryapproval"),
    ]

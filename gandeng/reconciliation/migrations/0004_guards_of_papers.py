"""Territory of the new tables, and what a signature and a signed statement must be whatever our code does."""

from django.db import migrations

from gandeng.audit.guards import seen_through, seen_within

STATEMENT_STAYS = """
create function reconciliation_statement_stays() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'statements are never deleted' using errcode = 'restrict_violation';
    end if;
    if (old.cycle_id, old.level, old.region_code, old.digest, old.figures, old.code, old.made_at)
        is distinct from (new.cycle_id, new.level, new.region_code, new.digest, new.figures, new.code, new.made_at) then
        raise exception 'what is signed never changes: void it and make another' using errcode = 'restrict_violation';
    end if;
    if old.voided_at is not null and new.voided_at is distinct from old.voided_at then
        raise exception 'a void statement stays void' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger reconciliation_statement_stays before update or delete on reconciliation_statement
    for each row execute function reconciliation_statement_stays();
"""

SIGNATURE_FITS = """
create function reconciliation_signature_fits() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
declare signed reconciliation_statement%rowtype;
begin
    select * into signed from reconciliation_statement where id = new.statement_id for share;
    if signed.voided_at is not null then
        raise exception 'the statement is void' using errcode = 'restrict_violation';
    end if;
    if (signed.cycle_id, signed.level, signed.digest) is distinct from (new.cycle_id, new.level, new.digest) then
        raise exception 'the signature is of another statement' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger reconciliation_signature_fits before insert on reconciliation_signature
    for each row execute function reconciliation_signature_fits();
"""


class Migration(migrations.Migration):
    """Guards of outcomes in force, reissues, statements and signatures."""

    dependencies = [("reconciliation", "0003_current_outcomes_and_reissues")]
    operations = [
        seen_within("reconciliation_currentoutcome", "village_code", channel="channel"),
        seen_through("reconciliation_reissuerequest", "exception_id", "reconciliation_exceptioncase"),
        migrations.RunSQL(
            """create trigger reconciliation_currentoutcome_open before insert or update or delete
                on reconciliation_currentoutcome for each row execute function payments_cycle_open()""",
            "drop trigger reconciliation_currentoutcome_open on reconciliation_currentoutcome",
        ),
        migrations.RunSQL(
            STATEMENT_STAYS,
            """drop trigger reconciliation_statement_stays on reconciliation_statement;
            drop function reconciliation_statement_stays()""",
        ),
        migrations.RunSQL(
            SIGNATURE_FITS,
            """drop trigger reconciliation_signature_fits on reconciliation_signature;
            drop function reconciliation_signature_fits()""",
        ),
    ]

"""Whether a row of held money is in force is the same to everybody who sees it, wherever the family went since."""

from django.db import migrations

IN_FORCE = """
create function payments_held_in_force(of_run uuid, of_family uuid, held bigint) returns boolean language sql stable
    security definer set search_path = public, pg_temp as $$
    select not exists (select from payments_heldpayment h
            where h.run_id = of_run and h.family_id = of_family and h.id > held)
        and not exists (select from payments_payment p join payments_cycle c on c.run_id = of_run
            where p.family_id = of_family and (p.cycle_id = c.id and p.owed_by_id is null or p.owed_by_id = c.id))
$$;
"""
"""Yes or no: not where the payment or the newer row lies, which may be another's territory."""


class Migration(migrations.Migration):
    """No payment of what the calculation's cycle owes the family, and no newer row of the two."""

    dependencies = [("payments", "0021_paid_by_another_region")]
    operations = [migrations.RunSQL(IN_FORCE, "drop function payments_held_in_force(uuid, uuid, bigint)")]

"""Money of an earlier stage that a stage sends again pays nothing of what that stage holds of its own."""

from django.db import migrations

from gandeng.audit.guards import instead

NAME = "payments_held_in_force(uuid, uuid, bigint)"
ANY = "p.cycle_id = c.id and p.owed_by_id is null or"
OWN = "p.cycle_id = c.id and p.owed_by_id is null and p.reissue_of_id is null or"


class Migration(migrations.Migration):
    """Whether a row of held money is in force."""

    dependencies = [("payments", "0027_who_moved_meanwhile")]
    operations = [migrations.RunSQL(instead(NAME, ANY, OWN), instead(NAME, OWN, ANY))]

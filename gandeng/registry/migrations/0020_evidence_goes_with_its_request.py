"""What proves a request is there where the request is: a family that moves while it waits takes it along."""

from django.db import migrations

from gandeng.audit.guards import ALL_CHANNELS, EVEN_ODDS, WITHIN

TABLE = "registry_changeevidence"
THROUGH = f"exists (select from registry_changerequest c where c.id = {TABLE}.change_id)"
BY_PLACE = EVEN_ODDS.format(rule=f"{WITHIN.format(column='village_code')} and {ALL_CHANNELS}")
ALTER = f"alter policy {TABLE}_territory on {TABLE} using ({{0}}) with check ({{0}})"


class Migration(migrations.Migration):
    """Row security; of a facilitator's villages the requests of her own families alone have theirs."""

    dependencies = [("registry", "0019_accounts_never_used"), ("facilitators", "0004_caseload_alone")]
    operations = [migrations.RunSQL(ALTER.format(THROUGH), ALTER.format(BY_PLACE))]

"""How much of a payment is in the treasury, not whether anything is: a part is told as a part."""

from django.db import migrations

from gandeng.audit.guards import instead

TOLD = "helpdesk_money_told(uuid)"
ANY = """exists (select from reconciliation_depositedpayment d
                join reconciliation_treasurydeposit r on r.id = d.deposit_id and r.state = 'CONFIRMED'
                where d.payment_id = p.payment_id) as deposited"""
SUM = """(select coalesce(sum(d.amount_rupiah), 0) from reconciliation_depositedpayment d
                join reconciliation_treasurydeposit r on r.id = d.deposit_id and r.state = 'CONFIRMED'
                where d.payment_id = p.payment_id) as deposited"""
NONE, NOTHING = "false, false, '', false, '', true, false", "false, false, '', false, '', true, 0"
BOTH = "set local check_function_bodies = off;"
"""Between the two the halves of its union do not fit together."""


class Migration(migrations.Migration):
    """The function alone."""

    dependencies = [("helpdesk", "0016_money_of_its_stage_whoever_sends_it")]
    operations = [
        migrations.RunSQL(
            BOTH + instead(TOLD, ANY, SUM) + instead(TOLD, NONE, NOTHING),
            BOTH + instead(TOLD, SUM, ANY) + instead(TOLD, NOTHING, NONE),
        )
    ]

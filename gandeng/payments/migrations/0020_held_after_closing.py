"""What a closed stage still owes may have another reason later: told in rows of its own, which nobody changes."""

from django.db import migrations

LATER = """
drop trigger payments_heldpayment_open on payments_heldpayment;
create trigger payments_heldpayment_open before update or delete on payments_heldpayment
    for each row execute function payments_cycle_open();
"""
BEFORE = """
drop trigger payments_heldpayment_open on payments_heldpayment;
create trigger payments_heldpayment_open before insert or update or delete on payments_heldpayment
    for each row execute function payments_cycle_open();
"""


class Migration(migrations.Migration):
    """Reasons of a closed stage are told on."""

    dependencies = [("payments", "0019_confirmations")]
    operations = [migrations.RunSQL(LATER, BEFORE)]

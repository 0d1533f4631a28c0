"""Of what keeps a family from being paid nobody says that it is right, and what was said so before counts no more."""

from django.db import migrations

from gandeng.audit.guards import instead, refused

UNPAID = """('NO_COLLECTOR', 'COLLECTOR_GONE', 'COLLECTOR_NO_NIK', 'NO_ACCOUNT', 'ACCOUNT_OF_OTHERS', 'ACCOUNT_HELD',
    'COLLECTOR_HELD')"""
"""As `kinds.KINDS` has them."""

SAID, SWAP = "cleansing_said()", "cleansing_swap(text, jsonb)"
ANY = "if new.is_right then"
PAID = f"""if new.is_right then
        {refused(f"new.kind in {UNPAID}", "the family is not paid while it is so", "cleansing_unpaid")}"""
COUNTS = "coalesce(said.is_right and said.digest = r.digest, false)"
COUNTS_NO_MORE = f"coalesce(said.is_right and said.digest = r.digest and r.kind not in {UNPAID}, false)"


class Migration(migrations.Migration):
    """The trigger of what is said, and the look."""

    dependencies = [("cleansing", "0006_without_an_account_number")]
    operations = [
        migrations.RunSQL(instead(SAID, ANY, PAID), instead(SAID, PAID, ANY)),
        migrations.RunSQL(instead(SWAP, COUNTS, COUNTS_NO_MORE), instead(SWAP, COUNTS_NO_MORE, COUNTS)),
    ]

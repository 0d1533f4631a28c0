"""Wrong codes are counted by accounts, for all public pages together (`accounts_publictry`)."""

from django.db import migrations


class Migration(migrations.Migration):
    """The table of one page goes; it held nothing older than a day."""

    dependencies = [("reconciliation", "0016_instructed_asked_once"), ("accounts", "0006_public_tries")]
    operations = [migrations.DeleteModel(name="PublicTry")]

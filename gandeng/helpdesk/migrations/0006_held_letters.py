"""Letters, codes and their uses are held by the ledger."""

from django.db import migrations

from gandeng.audit.holding import held


class Migration(migrations.Migration):
    """The three tables of letters."""

    dependencies = [("helpdesk", "0005_guards_of_letters")]
    operations = [held("helpdesk_letter"), held("helpdesk_familycode"), held("helpdesk_codeuse", key="code_id")]

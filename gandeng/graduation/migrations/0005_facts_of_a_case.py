"""What whoever opened a case had before them: the readings of the family's decile."""

from django.db import migrations, models

from gandeng.audit.holding import held


class Migration(migrations.Migration):
    """One column more, which the ledger follows."""

    dependencies = [("graduation", "0004_codes_of_letters")]
    operations = [
        migrations.AddField("case", "facts", models.JSONField(default=dict, db_default={})),
        held("graduation_case"),
    ]

"""The public page finds a farewell letter by its code without reading every step."""

from django.db import migrations

INDEX = """
create index graduation_letter_code on graduation_step ((facts ->> 'code')) where kind = 'APPROVED';
"""


class Migration(migrations.Migration):
    """One index."""

    dependencies = [("graduation", "0003_held")]
    operations = [migrations.RunSQL(INDEX, "drop index graduation_letter_code")]

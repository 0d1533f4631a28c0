"""A case goes on where its family's village got another code: the family has not moved."""

from django.db import migrations

from gandeng.audit.guards import instead

CHANGED = (
    ("graduation_of_family(uuid, text)", "f.village_code = place", "registry_same_place(f.village_code, place)"),
    ("graduation_opens()", "c.village_code = new.village_code",
     "registry_same_place(c.village_code, new.village_code)"),
)  # fmt: skip


class Migration(migrations.Migration):
    """Two guards ask for the place, not for the code."""

    dependencies = [("graduation", "0006_cases_by_village"), ("registry", "0014_guards_of_codes")]
    operations = [migrations.RunSQL(instead(name, was, is_), instead(name, is_, was)) for name, was, is_ in CHANGED]

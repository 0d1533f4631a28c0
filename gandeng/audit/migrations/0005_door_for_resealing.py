"""What tells an update that only seals again with a later key from any other (guards.door_for_resealing)."""

from django.db import migrations

from gandeng.audit.guards import ONLY_RESEALED


class Migration(migrations.Migration):
    """One function."""

    dependencies = [("audit", "0004_guards_of_heads")]
    operations = [
        migrations.RunSQL(
            ONLY_RESEALED, "drop function gandeng_only_resealed(regclass, jsonb, jsonb, variadic text[])"
        ),
    ]

"""Acts counted by person and day, and bounds somebody came to, are found without reading the log."""

from django.db import migrations, models

COUNTED = ["identifier.revealed", "identifier.searched"]
BOUNDS = ["export.refused_alone", "identifier.bound_reached", "identifier.search_bound_reached"]


class Migration(migrations.Migration):
    """Two indexes of few rows."""

    dependencies = [("audit", "0009_channels_asked_once")]
    operations = [
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(
                fields=["person_id", "action", "at"], condition=models.Q(action__in=COUNTED), name="audit_entry_counted"
            ),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(
                fields=["region_code", "-id"], condition=models.Q(action__in=BOUNDS), name="audit_entry_bounds"
            ),
        ),
    ]

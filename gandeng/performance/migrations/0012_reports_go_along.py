"""Reports go along with her: the office of the district she works in now sees them, and reviews what nobody did."""

from django.db import migrations

READ = "performance_hers(staff_id) or performance_here(region_code)"


class Migration(migrations.Migration):
    """One policy; those of versions, photos and reviews ask it."""

    dependencies = [("performance", "0011_each_quarter_once")]
    operations = [
        migrations.RunSQL(
            f"alter policy performance_report_read on performance_report using ({READ} or performance_sees(staff_id))",
            f"alter policy performance_report_read on performance_report using ({READ})",
        ),
    ]

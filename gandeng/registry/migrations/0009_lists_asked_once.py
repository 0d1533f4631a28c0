"""The list of a row of history, and the people of an account, are looked up once per statement, not once per row."""

from django.db import migrations

from gandeng.audit.guards import names_what_stays, stays


class Migration(migrations.Migration):
    """Nothing names a list or person that is not there; lists and people are never taken out."""

    dependencies = [("registry", "0008_no_index_of_deciders"), ("accounts", "0005_people_stay")]
    operations = [
        stays("registry_intake", taken_out=False),
        *names_what_stays("registry_intakerow", {"intake_id": "registry_intake"}),
        *names_what_stays(
            "registry_account", {"requested_by_id": "accounts_person", "approved_by_id": "accounts_person"}
        ),
    ]

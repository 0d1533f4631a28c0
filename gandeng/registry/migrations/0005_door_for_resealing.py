"""Evidence, decided requests and rows of lists take a seal with a later key, and no other change."""

from django.db import migrations

from gandeng.audit.guards import door_for_resealing

BEFORE = ("{before,kk_sealed}", "{before,nik_sealed}", "{before,account_sealed}")


class Migration(migrations.Migration):
    """Doors in three guards."""

    dependencies = [("registry", "0004_guards_of_changes"), ("audit", "0005_door_for_resealing")]
    operations = [
        door_for_resealing(
            "registry_changeevidence", "registry_changeevidence_append_only", "gandeng_never", "{file_sealed}"
        ),
        door_for_resealing("registry_intakerow", "registry_intakerow_append_only", "gandeng_never", *BEFORE),
        door_for_resealing(
            "registry_changerequest", "registry_changerequest_decided", "registry_decided", "{identifier_sealed}"
        ),
    ]

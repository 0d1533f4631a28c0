"""Families and what changes them are held by the ledger; their history is never changed any more."""

from django.db import migrations

from gandeng.audit.guards import append_only, door_for_resealing
from gandeng.audit.holding import held, held_in_batches

EVENTS = {"registry_familyevent": "{kk_sealed}", "registry_memberevent": "{nik_sealed}"}
BEFORE = "n.before - array['kk_sealed', 'nik_sealed', 'account_sealed']"


class Migration(migrations.Migration):
    """Every table of the package, and who and why of its history."""

    dependencies = [
        ("registry", "0005_door_for_resealing"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("audit", "0007_guards_of_ledger"),
    ]
    operations = [
        *(append_only(table) for table in EVENTS),
        *(
            door_for_resealing(table, f"{table}_append_only", "gandeng_never", sealed)
            for table, sealed in EVENTS.items()
        ),
        *(held(f"registry_{table}") for table in ("family", "member", "account", "changerequest", "intake")),
        held("registry_changeevidence", key="change_id"),
        held_in_batches("registry_intakerow", instead={"before": BEFORE}),
        *(held(table, key="pgh_id", each=True) for table in EVENTS),
        held("pghistory_context", apart=["updated_at"], each=True),
    ]
